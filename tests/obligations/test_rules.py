from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.periods import Cadence, period_of
from scheduler.obligations.rules import state_of, step_due
from scheduler.obligations.terms import State, Step

NOVEMBER = period_of(Cadence.MONTH, date(2026, 11, 1))
_ORDER = [None, Step.OWING, Step.OFFICER, Step.OFFICE]


@pytest.mark.parametrize(
    ("required", "counted", "today", "waived", "state"),
    [
        (2, 2, date(2026, 11, 5), False, State.MET),
        (2, 3, date(2026, 12, 5), False, State.MET),
        (0, 0, date(2026, 11, 5), False, State.MET),
        (2, 1, date(2026, 11, 30), False, State.OPEN),
        (2, 1, date(2026, 12, 1), False, State.MISSED),
        (2, 0, date(2026, 12, 1), True, State.WAIVED),
    ],
)
def test_how_a_subject_stands(required: int, counted: int, today: date, waived: bool, state: State) -> None:  # noqa: FBT001 - a table's column
    assert state_of(required, counted, NOVEMBER, today, waived=waived) is state


@pytest.mark.parametrize(
    ("cadence", "day", "step"),
    [
        (Cadence.MONTH, date(2026, 11, 20), None),
        (Cadence.MONTH, date(2026, 11, 21), Step.OWING),
        (Cadence.MONTH, date(2026, 11, 26), Step.OWING),
        (Cadence.MONTH, date(2026, 11, 27), Step.OFFICER),
        (Cadence.MONTH, date(2026, 12, 5), Step.OFFICER),  # the days of grace
        (Cadence.MONTH, date(2026, 12, 6), Step.OFFICE),
        (Cadence.MONTH, date(2026, 12, 31), Step.OFFICE),
        (Cadence.MONTH, date(2027, 1, 1), None),
        (Cadence.WEEK, date(2026, 11, 4), None),
        (Cadence.WEEK, date(2026, 11, 6), Step.OWING),
        (Cadence.WEEK, date(2026, 11, 8), Step.OFFICER),
        (Cadence.WEEK, date(2026, 11, 14), Step.OFFICE),
        (Cadence.YEAR, date(2026, 8, 31), None),
        (Cadence.YEAR, date(2026, 9, 1), Step.OWING),
        (Cadence.YEAR, date(2026, 12, 1), Step.OFFICER),
        (Cadence.YEAR, date(2027, 1, 6), Step.OFFICE),
    ],
)
def test_who_is_reminded_when(cadence: Cadence, day: date, step: Step | None) -> None:
    first = {Cadence.MONTH: date(2026, 11, 1), Cadence.WEEK: date(2026, 11, 2), Cadence.YEAR: date(2026, 1, 1)}[cadence]
    assert step_due(period_of(cadence, first), day) is step


@given(st.sampled_from(Cadence), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_ladder_is_climbed_and_never_down(cadence: Cadence, day: date) -> None:
    period = period_of(cadence, day)
    days = [period.first + timedelta(days=number) for number in range((period.after.end - period.first).days)]
    rungs = [_ORDER.index(step_due(period, one)) for one in days]
    assert all(before <= after for before, after in pairwise(rungs))
    assert rungs[-1] == _ORDER.index(Step.OFFICE)
    assert step_due(period, period.after.end) is None
