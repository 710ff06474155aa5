"""When an attempt may begin, until when it may be answered, and what arrives in time."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.core.periods import Span
from scheduler.quizzes.terms.attempts import GRACE, TRUSTED


def extra_time(granted: Iterable[int | None]) -> timedelta:
    """Return the time added for somebody who was granted these minutes, as a person or with a unit: the most lenient."""
    return timedelta(minutes=max((minutes or 0 for minutes in granted), default=0))


def let_in_at(opens: datetime, stagger_minutes: int, sitting_id: int, person_id: int) -> datetime:
    """Return when a person is let in: spread evenly over `stagger_minutes`, for each person always the same moment."""
    if not stagger_minutes:
        return opens
    digest = hashlib.blake2b(f"{sitting_id}:{person_id}".encode(), digest_size=4).digest()
    return opens + timedelta(seconds=int.from_bytes(digest) % (stagger_minutes * 60))


def deadline_of(started: datetime, length_minutes: int, closes: datetime, extra: timedelta) -> datetime:
    """Return until when an attempt may be answered: its length from the start, but no longer than the sitting is open.

    Extra time moves both.
    """
    return min(started + timedelta(minutes=length_minutes) + extra, closes + extra)


def is_in_time(now: datetime, deadline: datetime, made_at: datetime | None) -> bool:
    """Tell whether answers that arrive at `now` count, the deadline itself included.

    Up to 60 s late they do if they were made in time, as the browser measured it (`made_at`): the line may be slow.
    """
    if now <= deadline:
        return True
    return made_at is not None and made_at <= deadline and now <= deadline + GRACE


def believes_time_is_up(now: datetime, deadline: datetime) -> bool:
    """Tell whether a browser may hand in by itself: only within 2 s of the deadline, for its clock may be wrong."""
    return now >= deadline - TRUSTED


def retimed(
    spans: Iterable[tuple[int, datetime, timedelta]], length_minutes: int, closes: datetime
) -> dict[int, datetime]:
    """Return the deadline of each open attempt (id, start, extra time) after what was granted has changed."""
    return {number: deadline_of(started, length_minutes, closes, extra) for number, started, extra in spans}


def closes_for_all(span: Span, extras: Iterable[timedelta]) -> datetime:
    """Return when a sitting is over for the last of its people."""
    return span.end + max(extras, default=timedelta(0))
