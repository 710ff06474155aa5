"""Retraining orders: confirmed by a person or by their day, withdrawn, or ordered where a person had to decide."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, system_actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.people.models import Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.arranging import arrange, venue_for
from scheduler.quizzes.actions.ending import end_order
from scheduler.quizzes.actions.telling import tell_confirmed, tell_proposed
from scheduler.quizzes.actions.verdicts import insert_orders, order_row
from scheduler.quizzes.models import RetrainingOrder, Sitting, UnitResult
from scheduler.quizzes.queries.judging import carried_passes
from scheduler.quizzes.queries.retraining import (
    due_order_ids,
    find_times,
    get_order,
    judged_sitting,
    trainees_of,
    within,
)
from scheduler.quizzes.terms.results import LAST_ROUND, OrderState, Outcome, Standing, Tally
from scheduler.quizzes.terms.retraining import NO_SLOT


def confirm_order(
    session: Session,
    actor: Actor,
    order_id: int,
    *,
    version: int,
    starts_at: datetime | None,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> RetrainingOrder:
    """Let a proposed order happen: a class with its people, its session, and the next sitting, all or nothing.

    `starts_at` is the beginning of one of the proposed times; None takes the first. Refuses Stale, an order that is
    no longer proposed, nobody to train, a time that is not free any more, and Missing without the permission.
    """
    order = get_order(session, actor, order_id, QuizPermission.RETRAIN, held=True)
    refuse_stale(order.version, version)
    if order.state is not OrderState.PROPOSED:
        raise Refusal(lazy("This order is not proposed any more."))
    sitting = judged_sitting(session, order)
    trainees = trainees_of(session, order, sitting)
    if not trainees:
        raise Refusal(lazy("There is nobody to train in this unit."))
    venue_id = venue_for(session, sitting, len(trainees))
    times = find_times(session, sitting, trainees, venue_id, zone=zone, now=now)
    if starts_at is not None:
        times = [block for block in times if block.start == starts_at]
    if not times:
        raise Refusal(lazy("This time is not free any more. Please choose another."), field="slot")
    if order.note == NO_SLOT:
        order.note = ""
    arrange(
        session, actor, order, sitting, times[0], trainees, venue_id,
        installation_id=installation_id, zone=zone, now=now,
    )  # fmt: skip
    order.state, order.decided_at, order.decided_by_id = OrderState.CONFIRMED, now, actor.person_id
    session.flush()
    tell_confirmed(session, order, trainees, sitting.activity.title, now=now)
    record(
        session,
        actor,
        "confirm",
        "retraining_order",
        order.id,
        now=now,
        class_id=order.class_id,
        next_sitting_id=order.next_sitting_id,
        starts_at=times[0].start,
        trainees=len(trainees),
    )
    return order


def confirm_due(session: Session, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Confirm every order whose day for it has come, each at its first free time; return how many.

    One for which there is none stays proposed, with a note, and is tried again the next time.
    """
    actor, done = system_actor("confirm_retraining"), 0
    for order_id in due_order_ids(session, now=now):
        whole = session.get_transaction()
        try:
            with session.begin_nested():
                order = get_order(session, actor, order_id, QuizPermission.RETRAIN)
                confirm_order(
                    session, actor, order_id,
                    version=order.version, starts_at=None, installation_id=installation_id, zone=zone, now=now,
                )  # fmt: skip
        except Refusal:
            if session.get_transaction() is not whole:  # the database itself refused, and everything is lost
                raise
            waiting = get_order(session, actor, order_id, QuizPermission.RETRAIN, held=True)
            if waiting.state is OrderState.PROPOSED:
                waiting.note = NO_SLOT
                session.flush()
        else:
            done += 1
    return done


def withdraw_order(
    session: Session, actor: Actor, order_id: int, *, version: int, reason: str, now: datetime
) -> RetrainingOrder:
    """End an order for a reason; what it made is cancelled, unless its class has begun: then it is not required.

    Refuses Stale, a blank reason, an order that has ended, and Missing without the permission.
    """
    order = get_order(session, actor, order_id, QuizPermission.RETRAIN, held=True)
    refuse_stale(order.version, version)
    if not end_order(session, actor, order, note=_needed(reason), now=now):
        raise Refusal(lazy("This order has ended already."))
    return order


def order_retraining(
    session: Session, actor: Actor, sitting_id: int, unit_id: int, *, reason: str, now: datetime
) -> RetrainingOrder:
    """Order a unit to train again that is too small to be judged by its rate alone.

    Refuses a blank reason, a result that is not final or not for a person to decide, one that was decided before,
    and Missing without the permission.
    """
    return _decide(session, actor, sitting_id, unit_id, OrderState.PROPOSED, reason, now=now)


def waive_retraining(
    session: Session, actor: Actor, sitting_id: int, unit_id: int, *, reason: str, now: datetime
) -> RetrainingOrder:
    """Decide that a unit too small to be judged by its rate alone need not train again; refuses as order_retraining."""
    return _decide(session, actor, sitting_id, unit_id, OrderState.WITHDRAWN, reason, now=now)


def _decide(
    session: Session, actor: Actor, sitting_id: int, unit_id: int, state: OrderState, reason: str, *, now: datetime
) -> RetrainingOrder:
    reason = _needed(reason)
    sitting, tally = _to_decide(session, actor, sitting_id, unit_id)
    before = session.scalars(
        select(RetrainingOrder)
        .where(RetrainingOrder.next_sitting_id == sitting_id, RetrainingOrder.unit_id == unit_id)
        .with_for_update()
    ).one_or_none()
    if before is not None and before.round == LAST_ROUND:
        raise Refusal(lazy("That was the last round: decide what follows outside of this product."))
    tally += Tally(passed=carried_passes(session, sitting, [unit_id]).get(unit_id, 0))
    row = order_row(sitting, unit_id, tally, before, now=now, note=reason)
    row |= {"state": state, "decided_at": now if state is OrderState.WITHDRAWN else None}
    row |= {"decided_by_id": actor.person_id if state is OrderState.WITHDRAWN else None}
    new = insert_orders(session, actor, [row], now=now)
    if not new:
        raise Refusal(lazy("This was decided before."))
    if before is not None and before.state is OrderState.CONFIRMED:
        before.state = OrderState.NEXT_ROUND if state is OrderState.PROPOSED else OrderState.NOT_REQUIRED
        before.decided_at, before.decided_by_id = now, actor.person_id
        session.flush()
    record(session, actor, "decide", "retraining_order", new[0].id, now=now, state=state, reason=reason)
    if state is OrderState.PROPOSED:
        tell_proposed(session, new, now=now)
    return new[0]


def _to_decide(session: Session, actor: Actor, sitting_id: int, unit_id: int) -> tuple[Sitting, Tally]:
    found = session.execute(
        select(Sitting, UnitResult)
        .join(UnitResult, UnitResult.sitting_id == Sitting.id)
        .join(Unit, Unit.id == UnitResult.unit_id)
        .where(
            Sitting.id == sitting_id,
            UnitResult.unit_id == unit_id,
            within(Unit, actor.scopes(QuizPermission.RETRAIN)),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    sitting, result = found
    if result.standing is not Standing.TOO_SMALL:
        raise Refusal(lazy("This result is not for a person to decide."))
    return sitting, Tally(*(getattr(result, outcome.value) for outcome in Outcome))


def _needed(reason: str) -> str:
    clean = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not clean:
        raise Refusal(lazy("Please give a reason."), field="reason")
    return clean
