"""What the forms of planners offer: venues, lecturers, units."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Venue
from scheduler.agenda.queries.visibility import unit_ids_within
from scheduler.people.models import Lecturer, Unit


def venue_choices(session: Session) -> list[tuple[int, str]]:
    """Return every venue as (id, name with its seats), by code."""
    rows = session.execute(select(Venue.id, Venue.name, Venue.capacity).order_by(Venue.code))
    return [(row.id, f"{row.name} ({row.capacity})") for row in rows]


def lecturer_choices(session: Session) -> list[tuple[int, str]]:
    """Return everybody of the expert pool as (id, name with field), by code."""
    rows = session.execute(select(Lecturer.id, Lecturer.name, Lecturer.field).order_by(Lecturer.code))
    return [(row.id, f"{row.name} ({row.field})" if row.field else row.name) for row in rows]


def unit_choices(session: Session, paths: Iterable[str]) -> list[tuple[int, str]]:
    """Return the units at and below `paths` as (id, name), by code."""
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids_within(paths))).order_by(Unit.code))
    return [(row.id, row.name) for row in rows]
