"""Retraining orders: the board, one order, who trains, and the times that suit everybody."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, exists, false, func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from scheduler.agenda.models import Activity, Attendance, Teaching
from scheduler.agenda.queries import work_calendar
from scheduler.agenda.queries.visibility import overlapping
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer, Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import RetrainingOrder, Sitting, UnitResult
from scheduler.quizzes.queries.judging import trainee_ids
from scheduler.quizzes.rules.retraining import length_of_test, proposed_times
from scheduler.quizzes.terms.results import OrderState, Outcome, Standing
from scheduler.quizzes.terms.retraining import REACH, OrderRow, ToDecide
from scheduler.quizzes.terms.sittings import Attendees, Denominator

SIZE = 50
_MOST_TO_DECIDE = 200


def within(unit: type[Unit] | Any, scopes: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a unit lies at or below one of the paths."""
    return or_(false(), *(unit.path.startswith(scope, autoescape=True) for scope in scopes))


def list_orders(
    session: Session, actor: Actor, *, state: OrderState | None = None, page: int = 1
) -> tuple[list[OrderRow], int]:
    """Return a page of the orders of units whose results the actor may see, the newest first, and how many there are."""
    wanted = _rows(actor) if state is None else _rows(actor).where(RetrainingOrder.state == state)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    newest = wanted.order_by(RetrainingOrder.proposed_at.desc(), RetrainingOrder.id.desc())
    return [OrderRow(*row) for row in session.execute(newest.limit(SIZE).offset((page - 1) * SIZE))], total


def orders_of_unit(session: Session, actor: Actor, sitting_id: int, unit_id: int) -> list[OrderRow]:
    """Return the orders that a unit's result at a sitting led to, or that led to it; one statement."""
    about = or_(
        RetrainingOrder.judged_sitting_id == sitting_id,
        RetrainingOrder.next_sitting_id == sitting_id,
        RetrainingOrder.sitting_id == sitting_id,
    )
    statement = _rows(actor).where(RetrainingOrder.unit_id == unit_id, about).order_by(RetrainingOrder.round)
    return [OrderRow(*row) for row in session.execute(statement)]


def rounds_of(session: Session, actor: Actor, order: RetrainingOrder) -> list[OrderRow]:
    """Return all rounds that an order belongs to, in order; one statement."""
    same = (RetrainingOrder.sitting_id == order.sitting_id) & (RetrainingOrder.unit_id == order.unit_id)
    return [OrderRow(*row) for row in session.execute(_rows(actor).where(same).order_by(RetrainingOrder.round))]


def get_order(
    session: Session, actor: Actor, order_id: int, permission: QuizPermission, *, held: bool = False
) -> RetrainingOrder:
    """Return an order with its unit; Missing unless the actor holds `permission` there.

    `held`: read afresh, and nobody else changes it until this transaction ends.
    """
    statement = (
        select(RetrainingOrder)
        .join(Unit, Unit.id == RetrainingOrder.unit_id)
        .where(RetrainingOrder.id == order_id, within(Unit, actor.scopes(permission)))
        .options(joinedload(RetrainingOrder.unit, innerjoin=True))
    )
    if held:
        statement = statement.with_for_update(of=RetrainingOrder).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise Missing
    return found


def find_to_decide(session: Session, actor: Actor) -> list[ToDecide]:
    """Return the final results that are below the threshold in units too small to be judged by it alone.

    Of units for which the actor may order retraining, as long as nobody has decided; one statement.
    """
    sat = UnitResult.passed + UnitResult.failed
    counted = case((Sitting.denominator == Denominator.DUE, sat + UnitResult.absent), else_=sat)
    decided = exists().where(
        RetrainingOrder.judged_sitting_id == UnitResult.sitting_id, RetrainingOrder.unit_id == UnitResult.unit_id
    )
    rows = session.execute(
        select(
            UnitResult.sitting_id,
            Activity.title,
            UnitResult.unit_id,
            Unit.name,
            Unit.path,
            UnitResult.passed,
            counted,
            Sitting.threshold,
        )
        .join(Sitting, Sitting.id == UnitResult.sitting_id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Unit, Unit.id == UnitResult.unit_id)
        .where(
            UnitResult.standing == Standing.TOO_SMALL,
            UnitResult.passed * 100 < Sitting.threshold * counted,
            within(Unit, actor.scopes(QuizPermission.RETRAIN)),
            ~decided,
        )
        .order_by(UnitResult.final_at.desc(), Unit.path)
        .limit(_MOST_TO_DECIDE)
    )
    return [ToDecide(*row) for row in rows]


def due_order_ids(session: Session, *, now: datetime) -> list[int]:
    """Return the proposed orders whose day to confirm themselves has come, and whose result is still final."""
    final = exists().where(
        UnitResult.sitting_id == RetrainingOrder.judged_sitting_id,
        UnitResult.unit_id == RetrainingOrder.unit_id,
        UnitResult.final_at.is_not(None),
    )
    return list(
        session.scalars(
            select(RetrainingOrder.id)
            .where(RetrainingOrder.state == OrderState.PROPOSED, RetrainingOrder.confirms_at <= now, final)
            .order_by(RetrainingOrder.id)
        )
    )


def judged_sitting(session: Session, order: RetrainingOrder) -> Sitting:
    """Return the sitting whose result ordered this round, with its activity and paper."""
    return session.scalars(
        select(Sitting)
        .where(Sitting.id == order.judged_sitting_id)
        .options(joinedload(Sitting.activity, innerjoin=True), joinedload(Sitting.paper, innerjoin=True))
    ).one()


def trainees_of(session: Session, order: RetrainingOrder, sitting: Sitting) -> list[int]:
    """Return who trains again by an order: the unit's whole staff, or only who failed or was absent."""
    wanted = None if sitting.attendees is Attendees.WHOLE_UNIT else (Outcome.FAILED, Outcome.ABSENT)
    return trainee_ids(session, sitting.id, order.unit_id, outcomes_of=wanted)


def find_times(
    session: Session,
    sitting: Sitting,
    trainees: Collection[int],
    venue_id: int | None,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[Span]:
    """Return up to three times at which all trainees and the venue are free for a lesson and its test; two statements."""
    around = Span(now, now + REACH + timedelta(days=1))
    busy = [Span(row.starts_at, row.ends_at) for row in session.execute(_busy(trainees, venue_id, around))]
    calendar = work_calendar(session, around.start.astimezone(zone).date(), around.end.astimezone(zone).date())
    test = length_of_test(sitting.length_minutes, sitting.stagger_minutes)
    return proposed_times(busy, test, usable=calendar.is_workday, zone=zone, now=now)


def _busy(trainees: Collection[int], venue_id: int | None, around: Span) -> Select[*tuple[Any, ...]]:
    people = list(trainees)
    parts = [
        select(Attendance.activity_id).where(Attendance.person_id.in_(people), overlapping(Attendance, around)),
        select(Teaching.activity_id)
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .where(Lecturer.person_id.in_(people), overlapping(Teaching, around)),
    ]
    if venue_id is not None:
        parts.append(select(Activity.id).where(Activity.venue_id == venue_id, overlapping(Activity, around)))
    ids = union(*parts).subquery()
    return (
        select(Activity.starts_at, Activity.ends_at)
        .join(ids, ids.c[0] == Activity.id)
        .where(Activity.status != ActivityStatus.CANCELLED)
    )


def _rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    root = aliased(Sitting)
    return (
        select(
            RetrainingOrder.id,
            RetrainingOrder.sitting_id,
            RetrainingOrder.judged_sitting_id,
            Activity.title,
            RetrainingOrder.unit_id,
            Unit.name,
            Unit.path,
            RetrainingOrder.round,
            RetrainingOrder.state,
            RetrainingOrder.passed,
            RetrainingOrder.counted,
            RetrainingOrder.threshold,
            RetrainingOrder.proposed_at,
            RetrainingOrder.confirms_at,
            RetrainingOrder.note,
        )
        .join(root, root.id == RetrainingOrder.sitting_id)
        .join(Activity, Activity.id == root.activity_id)
        .join(Unit, Unit.id == RetrainingOrder.unit_id)
        .where(within(Unit, actor.scopes(QuizPermission.RESULTS)))
    )
