"""What runs by itself: both may run any number of times."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.agenda import actions
from scheduler.core.access import system_actor


def settle_moves(session: Session, *, now: datetime) -> int:
    """Daily: end the news of moves that are 14 days old. Returns how many activities were revised."""
    return actions.settle_moves(session, system_actor("settle_moves"), now=now)


def sync_memberships(session: Session, *, now: datetime) -> int:
    """Daily: let audiences of whole units follow who is in the units. Returns how many people came or went."""
    return sum(actions.sync_memberships(session, system_actor("sync_memberships"), now=now))
