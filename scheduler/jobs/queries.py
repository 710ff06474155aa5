"""Reading the slots of jobs, and the state of the whole product for those who watch over it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.audit.models import AuditEntry
from scheduler.jobs.models import JobSlot
from scheduler.notices.models import Notice


@dataclass(frozen=True, slots=True)
class State:
    """How the product fares: what is overdue, what was posted, when it was last backed up."""

    overdue_slots: int
    oldest_overdue: datetime | None
    notices: int
    oldest_unread_notice: datetime | None
    last_backup: datetime | None


def newest_slots(session: Session) -> dict[str, datetime]:
    """Return for each job that ever ran the latest slot taken up."""
    return dict(session.execute(select(JobSlot.job, func.max(JobSlot.due_at)).group_by(JobSlot.job)).all())


def get_state(session: Session, *, now: datetime) -> State:
    """Return the state of the product at `now`; three statements."""
    overdue, oldest = session.execute(
        select(func.count(), func.min(JobSlot.due_at)).where(JobSlot.done_at.is_(None), JobSlot.due_at <= now)
    ).one()
    notices, unread = session.execute(
        select(func.count(), func.min(Notice.posted_at).filter(Notice.read_at.is_(None)))
    ).one()
    backup = session.scalar(
        select(func.max(AuditEntry.recorded_at)).where(
            AuditEntry.subject_kind == "database", AuditEntry.verb == "back_up"
        )
    )
    return State(overdue, oldest, notices, unread, backup)
