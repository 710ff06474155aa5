"""When an attempt may begin, until when it may be answered, and what arrives in time."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.quizzes.rules.retraining import cut_off
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


def closes_for(ends: datetime, extra: timedelta, closed_at: datetime | None, *, deferred: bool) -> datetime:
    """Return when a sitting is over for one person: extra time moves its end, until the roster was frozen.

    One who was deferred may sit from then until the cut-off.
    """
    if closed_at is None:
        return ends + extra
    return cut_off(closed_at) if deferred else min(ends + extra, closed_at)


def deadline_of(started: datetime, length_minutes: int, extra: timedelta, closes: datetime) -> datetime:
    """Return until when an attempt may be answered: its length from the start, or until it `closes` for the person."""
    return min(started + timedelta(minutes=length_minutes) + extra, closes)


def earliest_deadline(now: datetime, made_at: datetime | None) -> datetime:
    """Return the earliest deadline of an attempt for which answers that arrive at `now` still count.

    Its own instant counts. Up to 60 s late they do if they were made in time, as the browser measured it (`made_at`): the
    line may be slow. A browser whose clock is ahead loses nothing.
    """
    return now if made_at is None else min(now, max(made_at, now - GRACE))


def believes_time_is_up(now: datetime, deadline: datetime) -> bool:
    """Tell whether a browser may hand in by itself: only within 2 s of the deadline, for its clock may be wrong."""
    return now >= deadline - TRUSTED
