"""What runs by itself, any number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.quizzes.actions import results, retraining
from scheduler.quizzes.models import Sitting


def close_due(session: Session, *, now: datetime) -> int:
    """Freeze the rosters of the sittings whose time is over. Returns how many."""
    over = (
        select(Sitting)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Sitting.closed_at.is_(None), Activity.ends_at <= now, Activity.status == ActivityStatus.SCHEDULED)
        .order_by(Sitting.id)
    )
    return sum(results.close_sitting(session, sitting, now=now) for sitting in session.scalars(over).all())


def settle_due(session: Session, *, now: datetime) -> int:
    """Make final what may become so, and propose retraining. Returns how many units became final."""
    closed = select(Sitting).where(Sitting.settled_at.is_(None), Sitting.closed_at <= now).order_by(Sitting.id)
    return sum(results.settle_sitting(session, sitting, now=now) for sitting in session.scalars(closed).all())


def confirm_due(session: Session, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Confirm the orders whose day for it has come. Returns how many."""
    return retraining.confirm_due(session, installation_id=installation_id, zone=zone, now=now)
