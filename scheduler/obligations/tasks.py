"""What runs by itself, any number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.obligations import actions


def remind(session: Session, *, zone: ZoneInfo, now: datetime) -> int:
    """Daily: remind of what is still owed. Returns how many letters were written."""
    return actions.remind(session, zone=zone, now=now)
