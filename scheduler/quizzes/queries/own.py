"""Sittings as those who are due see them, and when their results are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.quizzes.models import Attempt, Sitting
from scheduler.quizzes.queries.grants import Allowances, allowances
from scheduler.quizzes.rules.timing import closes_for, let_in_at
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.sittings import Release


@dataclass(frozen=True, slots=True)
class OwnSitting:
    """A sitting for one who is due at it, with what came of it so far; the result only once it is released."""

    id: int
    title: str
    opens: datetime
    closes: datetime
    """For this person: see Window."""
    length_minutes: int
    attempts: int
    made: int
    """Without those that were called off."""
    open_attempt: int | None
    last_attempt: int | None
    released: bool
    score: int | None
    out_of: int | None
    passed: bool | None
    exempt: bool


def own_sittings(session: Session, actor: Actor, *, now: datetime) -> list[OwnSitting]:
    """Return the sittings that `actor` is due at or was, newest first; three statements."""
    rows = session.execute(
        select(Sitting, Activity.title, Activity.starts_at, Activity.ends_at)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Attendance, Attendance.activity_id == Activity.id)
        .where(Attendance.person_id == actor.person_id, Activity.status == ActivityStatus.SCHEDULED)
        .order_by(Activity.starts_at.desc())
        .limit(200)
    ).all()
    ids = [row[0].id for row in rows]
    made: dict[int, list[Attempt]] = {}
    for attempt in session.scalars(
        select(Attempt)
        .where(Attempt.person_id == actor.person_id, Attempt.sitting_id.in_(ids))
        .order_by(Attempt.number)
    ):
        made.setdefault(attempt.sitting_id, []).append(attempt)
    granted = allowances(session, ids)
    return [
        _own(sitting, title, _window(granted, actor, sitting, starts, ends), made.get(sitting.id, []), now)
        for sitting, title, starts, ends in rows
    ]


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when a person may begin, and the time that was added for them."""

    opens: datetime
    closes: datetime
    extra: timedelta
    exempt: bool
    """Need not sit at all, and is not let in."""


def window_of(session: Session, actor: Actor, sitting: Sitting) -> Window:
    """Return when `actor` may begin a sitting whose activity is loaded; one statement."""
    granted = allowances(session, [sitting.id])
    return _window(granted, actor, sitting, sitting.activity.starts_at, sitting.activity.ends_at)


def _window(granted: Allowances, actor: Actor, sitting: Sitting, starts: datetime, ends: datetime) -> Window:
    person_id = actor.person_id or 0
    extra = granted.added_time(sitting.id, person_id, actor.unit_path)
    deferred = person_id in granted.deferred(sitting.id)
    opens = let_in_at(starts, sitting.stagger_minutes, sitting.id, person_id)
    closes = closes_for(ends, extra, sitting.closed_at, deferred=deferred)
    return Window(opens, closes, extra, person_id in granted.exempt(sitting.id))


def _own(sitting: Sitting, title: str, window: Window, made: list[Attempt], now: datetime) -> OwnSitting:
    shown = is_released(sitting, now)
    graded = [attempt for attempt in made if attempt.state is AttemptState.GRADED]
    best = max(graded, key=lambda attempt: attempt.score or 0, default=None) if shown else None
    running = next((attempt for attempt in made if attempt.ended_at is None), None)
    return OwnSitting(
        sitting.id,
        title,
        window.opens,
        window.closes,
        sitting.length_minutes,
        sitting.attempts,
        sum(attempt.state is not AttemptState.ABANDONED for attempt in made),
        running.id if running else None,
        made[-1].id if made else None,
        shown,
        best.score if best else None,
        best.out_of if best else None,
        best.passed if best else None,
        window.exempt,
    )


def is_released(sitting: Sitting, now: datetime) -> bool:
    """Tell whether those who sat may see their scores."""
    if sitting.release is Release.SUBMITTED:
        return True
    if sitting.release is Release.CLOSED:
        return sitting.closed_at is not None and sitting.closed_at <= now
    return sitting.released_at is not None and sitting.released_at <= now


def shows_keys(session: Session, sitting: Sitting, now: datetime) -> bool:
    """Tell whether keys and explanations may be shown: with the results, and never while somebody may still sit.

    Who was deferred may until the results are final.
    """
    if not sitting.explanations or sitting.closed_at is None or not is_released(sitting, now):
        return False
    return sitting.settled_at is not None or not allowances(session, [sitting.id]).deferred(sitting.id)
