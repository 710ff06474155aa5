"""Sittings: who holds, marks and sits them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from scheduler.agenda.models import Activity, Attendance, Audience, Teaching
from scheduler.agenda.queries import unit_ids_within, visible_to
from scheduler.agenda.terms import OWNED, ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.models import Lecturer
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Attempt, Paper, RulesMixin, Sitting
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.sittings import SittingRules

SIZE = 50


def held_by(actor: Actor, permission: QuizPermission = QuizPermission.HOLD) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for sittings hosted where `actor` holds the permission."""
    if actor.system:
        return true()
    scopes = actor.scopes(permission)
    return Activity.host_unit_id.in_(unit_ids_within(scopes)) if scopes else false()


def marked_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Activity: `actor` holds the sitting, or may mark and is its lecturer."""
    if not actor.may(QuizPermission.MARK):
        return false()
    teaches = (
        exists()
        .where(
            Teaching.activity_id == Activity.id,
            Lecturer.id == Teaching.lecturer_id,
            Lecturer.person_id == actor.person_id,
        )
        .correlate(Activity)
    )
    return or_(held_by(actor), teaches)


def get_held(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting that `actor` holds, with activity, audience, host and paper loaded; refuses with Missing."""
    return _get(session, sitting_id, held_by(actor))


def get_marked(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting whose short answers `actor` may mark, as `get_held`."""
    return _get(session, sitting_id, marked_by(actor))


def get_due(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting that takes place and that `actor` is due at, with activity and paper loaded."""
    found = session.scalars(
        select(Sitting)
        .join(Sitting.activity)
        .join(Attendance, Attendance.activity_id == Activity.id)
        .join(Sitting.paper)
        .where(
            Sitting.id == sitting_id,
            Attendance.person_id == actor.person_id,
            Activity.status == ActivityStatus.SCHEDULED,
        )
        .options(contains_eager(Sitting.activity), contains_eager(Sitting.paper))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def rules_held(row: RulesMixin) -> SittingRules:
    """Return the rules of a sitting, or of a schedule."""
    return SittingRules(**{name: getattr(row, name) for name in SittingRules.__dataclass_fields__})


def find_of_activity(session: Session, actor: Actor, activity_id: int) -> int | None:
    """Return the sitting of an activity that `actor` may see."""
    return session.scalar(
        select(Sitting.id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Activity.id == activity_id, visible_to(actor))
    )


def _get(session: Session, sitting_id: int, condition: ColumnElement[bool]) -> Sitting:
    found = session.scalars(
        select(Sitting)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Sitting.id == sitting_id, condition)
        .options(
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.audience, innerjoin=True),
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.host_unit, innerjoin=True),
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.venue),
            joinedload(Sitting.paper, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A sitting as lists show it."""

    id: int
    activity_id: int
    title: str
    paper: str
    starts_at: datetime
    ends_at: datetime
    status: ActivityStatus
    due: int
    handed_in: int
    waiting: int
    """Attempts that wait for marks."""
    closed: bool
    settled: bool


def list_sittings(session: Session, actor: Actor, *, page: int = 1) -> tuple[list[SittingRow], int]:
    """Return a page of the sittings that `actor` holds, marks, or sees results of, newest first; and how many there are."""
    condition = or_(held_by(actor), marked_by(actor), held_by(actor, QuizPermission.RESULTS))
    due = select(func.count()).where(Attendance.activity_id == Activity.id).correlate(Activity).scalar_subquery()
    of_it = select(func.count()).where(Attempt.sitting_id == Sitting.id).correlate(Sitting)
    ended = of_it.where(Attempt.ended_at.is_not(None)).scalar_subquery()
    waits = of_it.where(Attempt.state == AttemptState.SUBMITTED).scalar_subquery()
    total = session.scalar(
        select(func.count()).select_from(Sitting).join(Activity, Activity.id == Sitting.activity_id).where(condition)
    )
    rows = session.execute(
        select(
            Sitting.id,
            Activity.id.label("activity_id"),
            Activity.title,
            Paper.name,
            Activity.starts_at,
            Activity.ends_at,
            Activity.status,
            due.label("due"),
            ended.label("ended"),
            waits.label("waits"),
            Sitting.closed_at.is_not(None).label("closed"),
            Sitting.settled_at.is_not(None).label("settled"),
        )
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(condition)
        .order_by(Activity.starts_at.desc(), Sitting.id.desc())
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    return [SittingRow(*row) for row in rows], total or 0


def audience_choices(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return the classes and series that `actor` may hold a sitting for, as (audience id, name)."""
    hosts = unit_ids_within(actor.scopes(QuizPermission.HOLD))
    rows = session.execute(
        select(Audience.id, Audience.name)
        .where(Audience.kind.in_(OWNED), Audience.host_unit_id.in_(hosts))
        .order_by(Audience.kind, Audience.name)
    )
    return [(row.id, row.name) for row in rows]
