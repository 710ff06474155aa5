"""Which months are locked, for which units."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.models import MonthLock
from scheduler.people.models import Unit


def locks_of(session: Session, month: date) -> Sequence[MonthLock]:
    """Return the locks of a month, also those that were reopened, the latest first; one statement."""
    return session.scalars(
        select(MonthLock)
        .where(MonthLock.month == month)
        .options(joinedload(MonthLock.unit, innerjoin=True))
        .order_by(MonthLock.id.desc())
    ).all()


def get_lock(session: Session, actor: Actor, lock_id: int) -> MonthLock:
    """Return a lock that holds, for who may open it; refuses with Missing."""
    lock = session.scalars(
        select(MonthLock).where(MonthLock.id == lock_id).options(joinedload(MonthLock.unit, innerjoin=True))
    ).one_or_none()
    if lock is None or lock.reopened_at is not None or not actor.may(MentoringPermission.LOCK, lock.unit.path):
        raise Missing
    return lock


def overseen_units(session: Session, actor: Actor) -> list[tuple[int, str, str]]:
    """Return the units of which the actor oversees pairings, as (id, name, path), from the top down."""
    scopes = actor.scopes(MentoringPermission.OVERSEE)
    rows = session.execute(select(Unit.id, Unit.name, Unit.path).order_by(Unit.path))
    return [(row.id, row.name, row.path) for row in rows if any(row.path.startswith(scope) for scope in scopes)]
