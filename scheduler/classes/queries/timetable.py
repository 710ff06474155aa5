"""The timetable of a class."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Teaching, Venue
from scheduler.agenda.queries.rows import lecturer_names
from scheduler.agenda.terms import ActivityKind, ActivityPlan, ActivityStatus
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.terms import SessionPlan, SessionRow, TeachingMode
from scheduler.core.errors import Missing
from scheduler.core.periods import local_span


def sessions_of(session: Session, class_id: int, *, with_drafts: bool) -> list[SessionRow]:
    """Return the sessions of a class by time; one statement. Drafts are for planners only."""
    conditions = [ClassSession.class_id == class_id]
    if not with_drafts:
        conditions.append(Activity.status != ActivityStatus.DRAFT)
    return [SessionRow(*row) for row in session.execute(_rows(*conditions)).all()]


def get_session_row(session: Session, class_id: int, session_id: int) -> SessionRow:
    """Return one session of a class; refuses with Missing."""
    row = session.execute(_rows(ClassSession.class_id == class_id, ClassSession.id == session_id)).one_or_none()
    if row is None:
        raise Missing
    return SessionRow(*row)


def get_session_of(session: Session, activity_id: int) -> tuple[int, int]:
    """Return (class id, session id) of the session that an activity is; refuses with Missing."""
    held = select(ClassSession.class_id, ClassSession.id).where(ClassSession.activity_id == activity_id)
    row = session.execute(held).one_or_none()
    if row is None:
        raise Missing
    return row.class_id, row.id


def lecturer_ids_of(session: Session, activity_ids: list[int]) -> dict[int, tuple[int, ...]]:
    """Return the lecturers of each activity; one statement."""
    found: dict[int, tuple[int, ...]] = dict.fromkeys(activity_ids, ())
    rows = session.execute(
        select(Teaching.activity_id, Teaching.lecturer_id)
        .where(Teaching.activity_id.in_(activity_ids))
        .order_by(Teaching.activity_id, Teaching.lecturer_id)
    )
    for activity_id, lecturer_id in rows:
        found[activity_id] += (lecturer_id,)
    return found


def activity_plan(owner: StudyClass, plan: SessionPlan, zone: ZoneInfo, status: ActivityStatus) -> ActivityPlan:
    """Return what the agenda must know of a session of `owner`."""
    return ActivityPlan(
        kind=activity_kind(plan.teaching_mode),
        title=plan.topic,
        span=local_span(plan.day, plan.starts, plan.ends, zone),
        audience_id=owner.audience_id,
        host_unit_id=owner.host_unit_id,
        venue_id=plan.venue_id,
        lecturer_ids=plan.lecturer_ids,
        status=status,
    )


def activity_kind(mode: TeachingMode) -> ActivityKind:
    """Return what a session is in the agenda: field teaching is a kind of its own, all else a session."""
    return ActivityKind.FIELD if mode is TeachingMode.FIELD else ActivityKind.SESSION


def _rows(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ClassSession.id,
            Activity.id,
            Activity.version,
            ClassSession.part_of_day,
            ClassSession.teaching_mode,
            Activity.title,
            Activity.starts_at,
            Activity.ends_at,
            Activity.status,
            Activity.tentative,
            Activity.moved_from,
            Activity.change_reason,
            Activity.venue_id,
            func.coalesce(Venue.name, ""),
            lecturer_names(),
        )
        .join(Activity, Activity.id == ClassSession.activity_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(*conditions)
        .order_by(Activity.starts_at, ClassSession.id)
    )
