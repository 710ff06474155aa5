"""Which quizzes a person has to sit now, as columns of a statement that reads the person's activities anyway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Row, Select, String, bindparam, exists, func, or_, select, union_all

from scheduler.agenda.models import Activity, Attendance
from scheduler.agenda.queries.visibility import READER
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.database import UtcDateTime
from scheduler.people.models import Unit
from scheduler.quizzes.models import Attempt, Grant, Sitting
from scheduler.quizzes.rules.timing import closes_for, extra_time, let_in_at
from scheduler.quizzes.terms.attempts import OPEN, AttemptState
from scheduler.quizzes.terms.retraining import DEFERRAL
from scheduler.quizzes.terms.sittings import Concession

_PATH = bindparam("reader_path", type_=String)
_SINCE = bindparam("deferred_since", type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class Owed:
    """A quiz that is open for a person who has not handed it in; `attempt_id` is of the attempt that is running."""

    sitting_id: int
    title: str
    closes: datetime
    attempt_id: int | None


def _granted(concession: Concession) -> Exists:
    return exists().where(
        Grant.sitting_id == Sitting.id,
        Grant.person_id == READER,
        Grant.concession == concession,
        Grant.withdrawn_at.is_(None),
    )


def with_quizzes(activities: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Add to a select of activities what `owed` asks of their sittings; READER is who sits them."""
    own = (Attempt.sitting_id == Sitting.id) & (Attempt.person_id == READER)
    made = select(func.count()).where(own, Attempt.state != AttemptState.ABANDONED)
    minutes = (
        select(func.max(Grant.minutes))
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(
            Grant.sitting_id == Sitting.id,
            Grant.withdrawn_at.is_(None),
            or_(Grant.person_id == READER, _PATH.startswith(Unit.path)),
        )
    )
    due = exists().where(Attendance.activity_id == Activity.id, Attendance.person_id == READER)
    return activities.outerjoin(Sitting, Sitting.activity_id == Activity.id).add_columns(
        Sitting.id.label("sitting_id"),
        Sitting.stagger_minutes,
        Sitting.closed_at,
        made.correlate(Sitting).scalar_subquery().label("made"),
        select(Attempt.id).where(own, Attempt.state.in_(OPEN)).correlate(Sitting).scalar_subquery().label("running"),
        minutes.correlate(Sitting).scalar_subquery().label("minutes"),
        (due.correlate(Activity) & ~_granted(Concession.EXEMPT).correlate(Sitting)).label("is_due"),
        _granted(Concession.DEFERRED).correlate(Sitting).label("is_deferred"),
    )


def beyond_their_time() -> Select[int]:
    """Return the select of activities that are over and whose quiz READER may still sit: deferred, or with more time."""
    deferred = (
        select(Sitting.activity_id)
        .join(Grant, Grant.sitting_id == Sitting.id)
        .where(
            Grant.person_id == READER,
            Grant.concession == Concession.DEFERRED,
            Grant.withdrawn_at.is_(None),
            Sitting.closed_at > _SINCE,
        )
    )
    running = (
        select(Sitting.activity_id)
        .join(Attempt, Attempt.sitting_id == Sitting.id)
        .where(Attempt.person_id == READER, Attempt.state.in_(OPEN))
    )
    both = union_all(deferred, running).subquery()
    return select(both.c.activity_id)


def values_for(unit_path: str, now: datetime) -> dict[str, object]:
    """Return the values of what the functions above ask for, beyond READER."""
    return {"reader_path": unit_path, "deferred_since": now - DEFERRAL}


def owed(row: Row[*tuple[Any, ...]], person_id: int, now: datetime) -> Owed | None:
    """Return what a row of `with_quizzes` says that the person has to sit at `now`; None if nothing."""
    if row.sitting_id is None or not row.is_due or row.status is not ActivityStatus.SCHEDULED:
        return None
    opens = let_in_at(row.starts_at, row.stagger_minutes, row.sitting_id, person_id)
    closes = closes_for(row.ends_at, extra_time([row.minutes]), row.closed_at, deferred=bool(row.is_deferred))
    if row.running is None and (row.made or not opens <= now < closes):
        return None
    return Owed(row.sitting_id, row.title, closes, row.running)
