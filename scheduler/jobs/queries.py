"""Reading the slots of jobs, and the state of the whole product for those who watch over it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Audience
from scheduler.agenda.terms import ActivityKind
from scheduler.audit.models import AuditEntry
from scheduler.classes.models import StudyClass
from scheduler.jobs.models import JobSlot
from scheduler.notices.models import Notice
from scheduler.notices.queries.outbox import oldest_unsent
from scheduler.notices.terms.bots import Place, Strand
from scheduler.people.models import Unit


@dataclass(frozen=True, slots=True)
class State:
    """How the product fares: what is overdue, what was posted, when it was last backed up."""

    overdue_slots: int
    oldest_overdue: datetime | None
    notices: int
    oldest_unread_notice: datetime | None
    oldest_unsent_message: datetime | None
    unsent_for_seconds: int
    last_backup: datetime | None


def newest_slots(session: Session) -> dict[str, datetime]:
    """Return for each job that ever ran the latest slot taken up."""
    return dict(session.execute(select(JobSlot.job, func.max(JobSlot.due_at)).group_by(JobSlot.job)).all())


def get_state(session: Session, *, now: datetime) -> State:
    """Return the state of the product at `now`; five statements."""
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
    unsent = oldest_unsent(session, now=now)
    waited = int((now - unsent).total_seconds()) if unsent else 0
    return State(overdue, oldest, notices, unread, unsent, waited, backup)


_STRANDS = {
    ActivityKind.SESSION: Strand.SESSIONS,
    ActivityKind.FIELD: Strand.SESSIONS,
    ActivityKind.LECTURE: Strand.EVENINGS,
}
"""Which activities groups are told of: no guidance, no quizzes, no meetings."""
_EVERYWHERE = "/"


def place_news(session: Session, subjects: Collection[str]) -> dict[str, Place]:
    """Return where the subjects of news belong, by the unit that hosts; what no group is told of is missing.

    At most two statements.
    """
    activities, classes = _numbers(subjects, "activity"), _numbers(subjects, "class")
    found = {one: Place(Strand.QUESTIONS, _EVERYWHERE) for one in subjects if one.startswith("daily:")}
    if activities:
        rows = session.execute(
            select(Activity.id, Activity.kind, Unit.path)
            .join(Audience, Audience.id == Activity.audience_id)
            .join(Unit, Unit.id == Audience.host_unit_id)
            .where(Activity.id.in_(activities), Activity.kind.in_(_STRANDS))
        )
        found |= {f"activity:{number}": Place(_STRANDS[kind], path) for number, kind, path in rows}
    if classes:
        hosts = select(StudyClass.id, Unit.path).join(Unit, Unit.id == StudyClass.host_unit_id)
        rows_of_classes = session.execute(hosts.where(StudyClass.id.in_(classes)))
        found |= {f"class:{number}": Place(Strand.CLASSES, path) for number, path in rows_of_classes}
    return found


def _numbers(subjects: Collection[str], kind: str) -> list[int]:
    parts = (subject.partition(":") for subject in subjects)
    return [int(number) for name, _, number in parts if name == kind and number.isdecimal()]
