"""What final results of units lead to: orders to train again, and what becomes of those that led to the sitting."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, system_actor
from scheduler.core.database import insert_into
from scheduler.quizzes.actions.ending import end_order
from scheduler.quizzes.actions.telling import tell_escalated, tell_proposed
from scheduler.quizzes.models import RetrainingOrder, Sitting
from scheduler.quizzes.rules.rates import counted_of
from scheduler.quizzes.rules.retraining import after_next_sitting
from scheduler.quizzes.terms.results import OrderState, Standing, Tally
from scheduler.quizzes.terms.retraining import NOBODY_DUE, REGRADED, REGRADED_BACK


def judge(
    session: Session, sitting: Sitting, standings: Mapping[int, tuple[Tally, Standing]], *, now: datetime
) -> None:
    """Let orders follow from the final results of these units, the first time or after a regrade.

    The caller holds the sitting. Whatever is repeated: one order for (first sitting, unit, round).
    """
    if not standings:
        return
    actor = system_actor("results")
    concerned = session.scalars(
        select(RetrainingOrder)
        .where(
            RetrainingOrder.unit_id.in_(list(standings)),
            or_(RetrainingOrder.next_sitting_id == sitting.id, RetrainingOrder.judged_sitting_id == sitting.id),
        )
        .order_by(RetrainingOrder.id)
        .with_for_update(of=RetrainingOrder)
        .execution_options(populate_existing=True)
    ).all()
    led_here = {order.unit_id: order for order in concerned if order.next_sitting_id == sitting.id}
    ordered = {order.unit_id: order for order in concerned if order.judged_sitting_id == sitting.id}
    wanted, escalated, again = [], [], []
    for unit_id, (tally, standing) in sorted(standings.items()):
        before = led_here.get(unit_id)
        if before is not None and _turn(session, actor, before, standing, now=now):
            escalated.append(before)
        if standing is Standing.BELOW:
            if unit_id in ordered:
                again += _propose_again(session, actor, ordered[unit_id], now=now)
            elif before is None or before.state is OrderState.NEXT_ROUND:
                wanted.append(order_row(sitting, unit_id, tally, before, now=now))
        elif standing is not Standing.TOO_SMALL and unit_id in ordered:
            end_order(session, actor, ordered[unit_id], note=REGRADED, now=now)
    tell_escalated(session, escalated, now=now)
    tell_proposed(session, [*insert_orders(session, actor, wanted, now=now), *again], now=now)


def order_row(
    sitting: Sitting, unit_id: int, tally: Tally, before: RetrainingOrder | None, *, now: datetime, note: str = ""
) -> dict[str, Any]:
    """Return the row of the order that follows from a unit's result; `before` led to the sitting, if one did."""
    return {
        "sitting_id": before.sitting_id if before else sitting.id,
        "judged_sitting_id": sitting.id,
        "unit_id": unit_id,
        "round": before.round + 1 if before else 1,
        "state": OrderState.PROPOSED,
        "passed": tally.passed,
        "counted": counted_of(tally, sitting.denominator),
        "threshold": sitting.threshold,
        "proposed_at": now,
        "confirms_at": now + timedelta(days=sitting.confirm_days) if sitting.confirm_days else None,
        "note": note,
        "version": 1,
    }


def insert_orders(
    session: Session, actor: Actor, rows: list[dict[str, Any]], *, now: datetime
) -> list[RetrainingOrder]:
    """Insert orders, all that are not there yet; return those. Whoever else does so at the same time: one each."""
    if not rows:
        return []
    statement = insert_into(session, RetrainingOrder).on_conflict_do_nothing(
        index_elements=["sitting_id", "unit_id", "round"]
    )
    new = list(session.scalars(statement.returning(RetrainingOrder), rows))
    for order in new:
        record(
            session,
            actor,
            "propose",
            "retraining_order",
            order.id,
            now=now,
            sitting_id=order.sitting_id,
            unit_id=order.unit_id,
            round=order.round,
            passed=order.passed,
            counted=order.counted,
            threshold=order.threshold,
        )
    return sorted(new, key=lambda order: order.unit_id)


def _turn(session: Session, actor: Actor, order: RetrainingOrder, standing: Standing, *, now: datetime) -> bool:
    """Let the order that led to a sitting follow from its result; tell whether it is escalated by it."""
    state = after_next_sitting(order.state, order.round, standing)
    if state is order.state:
        return False
    order.state, order.decided_at = state, now
    if state is OrderState.NOT_REQUIRED:
        order.note = NOBODY_DUE
    session.flush()
    record(session, actor, state.value, "retraining_order", order.id, now=now)
    return state is OrderState.ESCALATED


def _propose_again(session: Session, actor: Actor, order: RetrainingOrder, *, now: datetime) -> list[RetrainingOrder]:
    """Propose an order again that a regrade had withdrawn; what a person has withdrawn stays so."""
    if order.state is not OrderState.WITHDRAWN or order.decided_by_id is not None:
        return []
    order.state, order.note, order.decided_at = OrderState.PROPOSED, REGRADED_BACK, None
    order.class_id = order.next_sitting_id = order.confirms_at = None
    session.flush()
    record(session, actor, "propose_again", "retraining_order", order.id, now=now)
    return [order]
