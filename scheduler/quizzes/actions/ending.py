"""Ending a retraining order whose ground is gone, with the class and the sitting that it made."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activity
from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.audit.actions import record
from scheduler.classes.actions import cancel_class
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Actor
from scheduler.quizzes.models import RetrainingOrder, Sitting
from scheduler.quizzes.rules.retraining import without_ground
from scheduler.quizzes.terms.results import OrderState

_LATEST_ZONE = ZoneInfo("Etc/GMT+12")
"""Where every date comes last: a class that has not begun is over by no calendar."""


def end_order(session: Session, actor: Actor, order: RetrainingOrder, *, note: str, now: datetime) -> bool:
    """Withdraw an order that is held by the caller, with its class and sitting if the class has not begun.

    One whose class has begun goes on and is marked as no longer required. False: it had ended before.
    """
    before = order.state
    order.state = without_ground(before, begun=has_begun(session, order, now))
    if order.state is before:
        return False
    if before is OrderState.CONFIRMED and order.state is OrderState.WITHDRAWN:
        _cancel_class(session, actor, order, note, now=now)
        _cancel_sitting(session, actor, order, note, now=now)
    order.note, order.decided_at, order.decided_by_id = note, now, actor.person_id
    session.flush()
    record(session, actor, order.state.value, "retraining_order", order.id, now=now, reason=note)
    return True


def has_begun(session: Session, order: RetrainingOrder, now: datetime) -> bool:
    """Tell whether the class of an order has begun."""
    if order.class_id is None:
        return False
    first = session.scalar(
        select(func.min(Activity.starts_at))
        .join(StudyClass, StudyClass.audience_id == Activity.audience_id)
        .where(StudyClass.id == order.class_id, Activity.status != ActivityStatus.CANCELLED)
    )
    return first is not None and first <= now


def _cancel_class(session: Session, actor: Actor, order: RetrainingOrder, reason: str, *, now: datetime) -> None:
    held = session.execute(
        select(StudyClass.id, StudyClass.version).where(
            StudyClass.id == order.class_id, StudyClass.status != ClassStatus.CANCELLED
        )
    ).one_or_none()
    if held:
        cancel_class(session, actor, held.id, version=held.version, reason=reason, zone=_LATEST_ZONE, now=now)


def _cancel_sitting(session: Session, actor: Actor, order: RetrainingOrder, reason: str, *, now: datetime) -> None:
    held = session.execute(
        select(Activity.id, Activity.version)
        .join(Sitting, Sitting.activity_id == Activity.id)
        .where(Sitting.id == order.next_sitting_id, Activity.status != ActivityStatus.CANCELLED)
    ).one_or_none()
    if held:
        cancel_activity(session, actor, held.id, version=held.version, reason=reason, now=now)
