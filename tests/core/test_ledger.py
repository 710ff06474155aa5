"""The arithmetic of days that the database does, on both engines, against Python's."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.core.ledger import DaysBetween, day_value, earlier, later

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=_DAYS, other=_DAYS)
def test_days_are_counted_and_compared_as_python_does(session: "Session", one: date, other: date) -> None:
    first, second = day_value(one), day_value(other)
    row = session.execute(
        select(DaysBetween(first, second), DaysBetween(second, first), earlier(first, second), later(first, second))
    ).one()
    days = (other - one).days
    assert tuple(row)[:2] == (days, -days)
    assert [date.fromisoformat(str(day)) for day in tuple(row)[2:]] == [min(one, other), max(one, other)]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2000, 12, 31)])
def test_no_day_lies_between_a_day_and_itself(session: "Session", day: date) -> None:
    assert session.scalar(select(DaysBetween(day_value(day), day_value(day)))) == 0
