"""What a pairing owes in a calendar month, and whether a record came late."""

from collections.abc import Iterable
from datetime import date, timedelta

from scheduler.core.periods import next_month

NOTHING_BELOW = 10
"""With fewer days in force a month owes nothing."""
HALF_BELOW = 20
"""With fewer days in force a month owes half, rounded up."""

Pause = tuple[date, date | None]
"""A suspension: its first day, and the day on which the pairing is in force again (None: not yet)."""


def days_in_force(starts_on: date, last_day: date, pauses: Iterable[Pause], month: date) -> int:
    """Return on how many days of the month that begins with `month` a pairing is in force; overlapping pauses count once."""
    first, end = max(starts_on, month), min(last_day + timedelta(days=1), next_month(month))
    days = max(0, (end - first).days)
    reached = first
    for begins, ends in sorted((begins, ends or date.max) for begins, ends in pauses):
        begin, stop = max(begins, reached), min(ends, end)
        if stop > begin:
            days -= (stop - begin).days
            reached = stop
    return days


def owed(duty: int, days: int) -> int:
    """Return how many sessions a month with `days` in force owes: all, half rounded up, or none."""
    if days < NOTHING_BELOW:
        return 0
    return -(-duty // 2) if days < HALF_BELOW else duty


def in_time_until(day: date, grace_days: int) -> date:
    """Return the last day on which guidance of `day` is filed in time: the end of its month and the days of grace."""
    return next_month(day) - timedelta(days=1) + timedelta(days=grace_days)


def is_late(day: date, filed_on: date, grace_days: int) -> bool:
    """Tell whether a record of `day` that was first filed on `filed_on` came late."""
    return filed_on > in_time_until(day, grace_days)


def days_left(today: date) -> int:
    """Return how many days of the month are left after `today`."""
    return (next_month(today) - today).days - 1
