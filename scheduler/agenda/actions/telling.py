"""Whoever is expected at an activity, or teaches it, is told when it changes."""

from datetime import UTC, datetime

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Teaching
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import lazy
from scheduler.core.periods import Span
from scheduler.notices.actions import post
from scheduler.people.models import Lecturer

MOVED = lazy("“%(title)s” moves from %(before)s to %(after)s. %(reason)s")
ELSEWHERE = lazy("“%(title)s” on %(after)s has another place or lecturer. %(reason)s")
CANCELLED = lazy("“%(title)s” on %(after)s is cancelled. %(reason)s")
RESTORED = lazy("“%(title)s” on %(after)s takes place after all. %(reason)s")


def tell(
    session: Session,
    actor: Actor,
    activity: Activity,
    message_id: str,
    *,
    before: Span | None = None,
    now: datetime,
) -> None:
    """Post `message_id` to all concerned but the actor; two statements. Drafts and what is over are not told of."""
    if activity.status is ActivityStatus.DRAFT or max(activity.ends_at, before.end if before else now) <= now:
        return
    concerned: CompoundSelect[int | None] = union(
        select(Attendance.person_id).where(Attendance.activity_id == activity.id),
        select(Lecturer.person_id)
        .join(Teaching, Teaching.lecturer_id == Lecturer.id)
        .where(Teaching.activity_id == activity.id, Lecturer.person_id.is_not(None)),
    )
    post(
        session,
        [person_id for person_id in session.scalars(concerned) if person_id and person_id != actor.person_id],
        kind="activity",
        subject=f"activity:{activity.id}",
        slot=activity.revised_at.isoformat(),
        message_id=message_id,
        address=f"/activities/{activity.id}",
        now=now,
        title=activity.title,
        before=_written(before.start) if before else "",
        after=_written(activity.starts_at),
        reason=activity.change_reason,
    )


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()  # the page writes it in the reader's zone
