"""Locking a month once its figures are final, and reopening it with a reason."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.periods import next_month
from scheduler.core.text import clean_line
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.turning import today_in
from scheduler.mentoring.models import MonthLock
from scheduler.people.models import Unit


def lock_month(
    session: Session, actor: Actor, unit_id: int, month: date, *, zone: ZoneInfo, now: datetime
) -> MonthLock:
    """Lock the month that begins with `month` for the mentees of a unit and of all units below.

    From then on nothing of it is filed, corrected or withdrawn; a repeat changes nothing. Refuses a unit that the
    actor does not look after (Missing), and a month that is not over.
    """
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise Missing
    actor.require(MentoringPermission.LOCK, path)
    month = month.replace(day=1)
    if today_in(zone, now) < next_month(month):
        raise Refusal(lazy("A month is locked when it is over."))
    held = (MonthLock.unit_id == unit_id, MonthLock.month == month, MonthLock.reopened_at.is_(None))
    if (found := session.scalars(select(MonthLock).where(*held)).one_or_none()) is not None:
        return found
    lock = MonthLock(unit_id=unit_id, month=month, locked_at=now, locked_by=actor.name[:80])
    session.add(lock)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(lazy("This month is locked already.")) from error
    record(session, actor, "lock", "month", lock.id, now=now, unit_id=unit_id, month=month)
    return lock


def reopen_month(session: Session, actor: Actor, lock_id: int, reason: str, *, now: datetime) -> MonthLock:
    """Open a locked month again. Refuses no reason, and (Missing) a lock of a unit that the actor does not look after."""
    lock = session.scalars(
        select(MonthLock)
        .where(MonthLock.id == lock_id)
        .options(joinedload(MonthLock.unit, innerjoin=True))
        .with_for_update(of=MonthLock)
    ).one_or_none()
    if lock is None:
        raise Missing
    actor.require(MentoringPermission.LOCK, lock.unit.path)
    reason = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why the month is opened again."), field="reason")
    if lock.reopened_at is None:
        lock.reopened_at, lock.reopened_by, lock.reopen_reason = now, actor.name[:80], reason
        record(session, actor, "reopen", "month", lock.id, now=now, reason=reason, month=lock.month)
    return lock
