"""Evenings of series and programmes."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Teaching, Venue
from scheduler.agenda.queries.rows import lecturer_names
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.errors import Missing
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.lectures.rules import slots
from scheduler.lectures.terms import EveningRow, Slot


def evenings_of_series(session: Session, series_id: int) -> list[EveningRow]:
    """Return the evenings of a series by time; one statement."""
    return _found(session, Evening.series_id == series_id)


def evenings_of_programme(session: Session, programme_id: int) -> list[EveningRow]:
    """Return the evenings of all strands of a programme by time; one statement."""
    return _found(session, Series.programme_id == programme_id)


def get_evening_row(session: Session, evening_id: int) -> EveningRow:
    """Return one evening; refuses with Missing. Whether the reader may see it is asked elsewhere (get_evening)."""
    found = _found(session, Evening.id == evening_id)
    if not found:
        raise Missing
    return found[0]


def get_evening_of(session: Session, activity_id: int) -> int:
    """Return the id of the evening that an activity is; refuses with Missing."""
    evening_id = session.scalar(select(Evening.id).where(Evening.activity_id == activity_id))
    if evening_id is None:
        raise Missing
    return evening_id


def strands_of(session: Session, programme_id: int) -> list[Series]:
    """Return the series of a programme in turn."""
    return list(session.scalars(select(Series).where(Series.programme_id == programme_id).order_by(Series.turn)))


def lecturer_ids_of(session: Session, activity_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
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


def slots_of(programme: Programme, strands: int) -> dict[date, Slot]:
    """Return the dates that the rule of a programme gives."""
    return {
        slot.day: slot for slot in slots(programme.begins_on, programme.ends_on, programme.weekday, max(1, strands))
    }


def _found(session: Session, *conditions: ColumnElement[bool]) -> list[EveningRow]:
    return [EveningRow(*row) for row in session.execute(_rows(*conditions)).all()]


def _rows(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Evening.id,
            Series.id,
            Series.name,
            Series.turn,
            Evening.slot_on,
            Activity.id,
            Activity.version,
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
        .join(Series, Series.id == Evening.series_id)
        .join(Activity, Activity.id == Evening.activity_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(Activity.status != ActivityStatus.DRAFT, *conditions)
        .order_by(Activity.starts_at, Evening.id)
    )
