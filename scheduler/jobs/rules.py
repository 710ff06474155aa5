"""Which slots of a job are due, and how long to wait after a failure: pure reckoning."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from scheduler.core.periods import at
from scheduler.jobs.terms import CatchUp, Daily, Every, Job

MOST_AT_ONCE = 500
"""How many missed slots of one job are taken up at a time; the next wake takes up the next."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_WAIT = timedelta(hours=1)


def due_slots(job: Job, last: datetime | None, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the slots that are due by `now` (included) after slot `last`, oldest first, as instants in UTC.

    A job that never ran (`last` is None) owes only its latest slot, as does one that catches up with the latest.
    """
    if job.catch_up is CatchUp.ALL and last is not None:
        return list(islice(_after(job.cadence, last, now, zone), MOST_AT_ONCE))
    latest = _latest(job.cadence, now, zone)
    return [latest] if last is None or latest > last else []


def retry_after(attempt: int) -> timedelta:
    """Return how long to leave a slot alone after its `attempt`-th failure: 1, 2, 4 ... minutes, at most an hour."""
    return min(timedelta(minutes=2 ** min(attempt - 1, 10)), _LONGEST_WAIT)


def _after(cadence: Daily | Every, last: datetime, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    if isinstance(cadence, Every):
        slot = _multiple(cadence, last) + cadence.interval
        while slot <= now:
            yield slot
            slot += cadence.interval
        return
    day, today = last.astimezone(zone).date(), now.astimezone(zone).date()
    while day <= today:
        slot = at(day, cadence.at, zone)
        if day.weekday() in cadence.weekdays and last < slot <= now:
            yield slot
        day += timedelta(days=1)


def _latest(cadence: Daily | Every, now: datetime, zone: ZoneInfo) -> datetime:
    if isinstance(cadence, Every):
        return _multiple(cadence, now)
    day = now.astimezone(zone).date()
    while day.weekday() not in cadence.weekdays or at(day, cadence.at, zone) > now:
        day -= timedelta(days=1)
    return at(day, cadence.at, zone)


def _multiple(cadence: Every, instant: datetime) -> datetime:
    """Return the last multiple of the interval that is not after `instant`."""
    return _BEGINNING + (instant - _BEGINNING) // cadence.interval * cadence.interval
