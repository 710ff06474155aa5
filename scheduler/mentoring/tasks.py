"""What runs by itself, any number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.core.access import system_actor
from scheduler.mentoring import actions


def complete_pairings(session: Session, *, zone: ZoneInfo, now: datetime) -> int:
    """Daily: complete the pairings whose last day is over. Returns how many."""
    return actions.complete_over(session, system_actor("complete_pairings"), zone=zone, now=now)
