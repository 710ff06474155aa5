"""What calendars must be told of a change: sequence, revised_at and the mark of a move."""

from datetime import datetime, timedelta

from scheduler.agenda.terms import ActivityStatus

MOVE_IS_NEWS = timedelta(days=14)
"""How long a calendar marks a moved activity (calendar.md, feed contract 4)."""
_TICK = timedelta(microseconds=1)


def next_stamp(revised_at: datetime | None, now: datetime) -> datetime:
    """Return the instant of the next revision: now, yet always later than the one before."""
    return now if revised_at is None else max(now, revised_at + _TICK)


def next_sequence(sequence: int, *, rescheduled: bool) -> int:
    """Return the sequence after a change; it rises only when start, end or status change (RFC 5545, 3.8.7.4)."""
    return sequence + 1 if rescheduled else sequence


def move_mark(
    status: ActivityStatus, old_start: datetime, new_start: datetime, moved_from: datetime | None
) -> datetime | None:
    """Return the start to tell as the former one, or None where nobody needs to know.

    A draft was never seen. Of several moves the first start counts, for that is what people remember; one that
    comes back to it is no news.
    """
    if status is ActivityStatus.DRAFT:
        return None
    former = moved_from or old_start
    return None if former == new_start else former


def news_ends(now: datetime) -> datetime:
    """Return the instant before which a move must have happened to be news no more."""
    return now - MOVE_IS_NEWS
