from datetime import UTC, date, datetime

import pytest

from scheduler.agenda.actions.workdays import marks_by_year
from scheduler.agenda.rules.workdays import (
    DRAGON_BOAT,
    MID_AUTUMN,
    SPRING_FESTIVAL,
    holiday_after,
    holiday_on,
    is_at_risk,
    is_tentative,
    is_workday,
    risk_windows,
)
from tests.agenda.city import ZONE

MARKS = {mark.day: mark for marks in marks_by_year().values() for mark in marks}


@pytest.mark.parametrize(
    ("day", "at_risk"),
    [
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
        (date(2027, 2, 2), False),  # Spring Festival 2027 is 6 February: three days before ...
        (date(2027, 2, 3), True),
        (date(2027, 2, 15), True),  # ... to nine days after
        (date(2027, 2, 16), False),
        (date(2027, 4, 4), True),
        (date(2027, 4, 7), False),
        (date(2027, 5, 5), True),
        (date(2027, 5, 6), False),
        (date(2027, 6, 7), True),
        (date(2027, 6, 12), False),
        (date(2027, 9, 17), True),
        (date(2027, 9, 18), False),
        (date(2027, 10, 8), True),
        (date(2027, 10, 9), False),
    ],
)
def test_windows_of_an_unpublished_year(day: date, *, at_risk: bool) -> None:
    assert is_at_risk(day, {2026}) is at_risk
    assert not is_at_risk(day, {2027})


def test_a_year_beyond_the_tables_is_at_risk_wherever_a_festival_can_fall() -> None:
    assert 2050 not in SPRING_FESTIVAL
    assert is_at_risk(date(2050, 1, 23), ())
    assert is_at_risk(date(2050, 2, 26), ())
    assert risk_windows(2050) == sorted(risk_windows(2050))


@pytest.mark.parametrize("table", [SPRING_FESTIVAL, DRAGON_BOAT, MID_AUTUMN])
def test_the_festivals_of_known_years_are_days_off(table: dict[int, tuple[int, int]]) -> None:
    assert set(table) == set(range(2024, 2036))
    for year in (2024, 2025, 2026):
        assert holiday_on(date(year, *table[year]), MARKS)


def test_every_day_off_of_published_years_within_the_windows_but_for_bridged_weekends() -> None:
    """The windows are wide enough: no public holiday on a weekday of 2024 to 2026 lies outside them."""
    outside = [
        day
        for day, mark in MARKS.items()
        if day.year in (2024, 2025, 2026) and mark.kind == "off" and day.weekday() < 5 and not is_at_risk(day, ())
    ]
    assert outside == [date(2026, 1, 2)]  # bridges 1 January 2026, a Thursday, and the weekend


@pytest.mark.parametrize(
    "day",
    [date(2025, 1, 30), date(2025, 5, 1), date(2025, 10, 2), date(2026, 1, 1), date(2026, 2, 19), date(2026, 10, 1)],
)
def test_thursdays_lost(day: date) -> None:
    assert day.weekday() == 3
    assert holiday_on(day, MARKS)
    assert not is_workday(day, MARKS)


@pytest.mark.parametrize("day", [date(2026, 4, 30), date(2026, 6, 18), date(2026, 9, 24)])
def test_eves_worth_a_warning(day: date) -> None:
    assert holiday_after(day, MARKS)
    assert holiday_after(date(2026, 10, 2), MARKS) is None


def test_adjusted_working_days_and_weekends() -> None:
    assert is_workday(date(2026, 10, 10), MARKS)
    assert not is_workday(date(2026, 10, 11), MARKS)
    assert is_workday(date(2026, 10, 9), MARKS)


def test_the_day_is_that_of_the_organisation() -> None:
    assert is_tentative(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), {2026}, ZONE)
    assert not is_tentative(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), {2026}, ZONE)
