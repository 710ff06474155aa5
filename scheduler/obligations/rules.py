"""How a subject stands, and when who is reminded of it."""

from datetime import date, timedelta

from scheduler.core.periods import Period
from scheduler.obligations.terms import State, Step

GRACE = timedelta(days=5)
"""How long after a period what is missing in it may still be recorded before the office is told."""
_OWING_PART, _OFFICER_PART = 3, 8
"""The last third of a period is for whom the duty is, the last eighth for the officer."""


def state_of(required: int, counted: int, period: Period, today: date, *, waived: bool) -> State:
    """Return how a subject stands on `today`; one that owes nothing has met it."""
    if waived:
        return State.WAIVED
    if counted >= required:
        return State.MET
    return State.OPEN if today < period.end else State.MISSED


def step_due(period: Period, today: date) -> Step | None:
    """Return the highest rung of the ladder that has come on `today` for what is still owed of `period`.

    First whose duty it is, in the last third; then the unit's officer, in the last eighth and the days of grace; then the
    office. None before that, and None once the next period is over too: that is history.
    """
    if today >= period.after.end:
        return None
    if today >= period.end + GRACE:
        return Step.OFFICE
    left = (period.end - today).days
    if left <= -(-period.days // _OFFICER_PART):
        return Step.OFFICER
    return Step.OWING if left <= -(-period.days // _OWING_PART) else None
