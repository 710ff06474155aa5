"""Whoever is expected at an activity, or teaches it, is told when it changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Teaching
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import lazy
from scheduler.core.periods import Span
from scheduler.notices.actions import Letter, post_all
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
    tell_all(session, actor, [activity], message_id, before={activity.id: before} if before else {}, now=now)


def tell_all(
    session: Session,
    actor: Actor,
    activities: Iterable[Activity],
    message_id: str,
    *,
    before: Mapping[int, Span] = MappingProxyType({}),
    now: datetime,
) -> None:
    """As `tell`, of many activities; `before` holds former times by activity id. Two statements however many."""
    told = {
        activity.id: activity
        for activity in activities
        if activity.status is not ActivityStatus.DRAFT
        and max(activity.ends_at, before[activity.id].end if activity.id in before else now) > now
    }
    if not told:
        return
    concerned: CompoundSelect[int, int | None] = union(
        select(Attendance.activity_id, Attendance.person_id).where(Attendance.activity_id.in_(told)),
        select(Teaching.activity_id, Lecturer.person_id)
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .where(Teaching.activity_id.in_(told), Lecturer.person_id.is_not(None)),
    )
    people: dict[int, list[int]] = defaultdict(list)
    for activity_id, person_id in session.execute(concerned):
        if person_id and person_id != actor.person_id:
            people[activity_id].append(person_id)
    letters = [
        Letter(
            tuple(people[number]),
            f"activity:{number}",
            activity.revised_at.isoformat(),
            f"/activities/{number}",
            {
                "title": activity.title,
                "before": _written(before[number].start) if number in before else "",
                "after": _written(activity.starts_at),
                "reason": activity.change_reason,
            },
        )
        for number, activity in told.items()
    ]
    post_all(session, letters, kind="activity", message_id=message_id, now=now)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()  # the page writes it in the reader's zone
