"""What the page of one activity and the forms that change it show beside the activity."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Venue
from scheduler.agenda.terms import AttendanceState
from scheduler.core.access import Actor
from scheduler.people.models import Lecturer


@dataclass(frozen=True, slots=True)
class Standing:
    """The reader's own part in an activity."""

    attends: AttendanceState | None
    teaches: bool


def attendance_counts(session: Session, activity_id: int) -> dict[AttendanceState, int]:
    """Return how many people there are in each state, none left out but the empty ones."""
    rows = session.execute(
        select(Attendance.state, func.count())
        .where(Attendance.activity_id == activity_id)
        .group_by(Attendance.state)
        .order_by(Attendance.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - a row is no pair for dict()


def own_standing(session: Session, actor: Actor, activity: Activity) -> Standing:
    """Return what the activity is to the reader."""
    state = session.scalar(
        select(Attendance.state).where(Attendance.activity_id == activity.id, Attendance.person_id == actor.person_id)
    )
    teaches = actor.person_id is not None and any(
        teaching.lecturer.person_id == actor.person_id for teaching in activity.teachings
    )
    return Standing(state, teaches)


def venue_choices(session: Session) -> list[tuple[int, str]]:
    """Return all venues as (id, name with seats), by name."""
    rows = session.execute(select(Venue.id, Venue.name, Venue.capacity).order_by(Venue.name))
    return [(key, f"{name} ({capacity})") for key, name, capacity in rows]


def lecturer_choices(session: Session) -> list[tuple[int, str]]:
    """Return all lecturers as (id, name with organisation), by name."""
    rows = session.execute(select(Lecturer.id, Lecturer.name, Lecturer.organisation).order_by(Lecturer.name))
    return [(key, f"{name} · {organisation}" if organisation else name) for key, name, organisation in rows]


def names_in(session: Session, facts: list[dict[str, object]]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of the venues and lecturers whose ids the facts of a history mention."""
    venues: set[int] = set()
    lecturers: set[int] = set()
    for fact in facts:
        changed = fact.get("changed")
        if isinstance(changed, dict):
            venues.update(key for key in changed.get("venue_id", ()) if key)
            lecturers.update(key for side in changed.get("lecturer_ids", ()) for key in side)
    return _names(session, Venue, venues), _names(session, Lecturer, lecturers)


def _names(session: Session, model: type[Venue] | type[Lecturer], ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row.id: row.name for row in rows}
