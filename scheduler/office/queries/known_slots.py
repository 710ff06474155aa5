"""Sessions, evenings and other bookings of the database, as the workbook would write them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Teaching, Venue
from scheduler.agenda.terms import LONGEST, ActivityStatus
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.core.periods import day_span
from scheduler.lectures.models import Evening, Series
from scheduler.office.terms.known import Booking, KnownSlot
from scheduler.office.terms.rows import EveningRow, SessionRow
from scheduler.people.models import Lecturer

_SLOT = (
    Activity.id,
    Activity.title,
    Activity.starts_at,
    Activity.ends_at,
    Activity.status,
    Activity.holds,
    Activity.moved_from,
    Venue.code.label("venue_code"),
)


def sessions(session: Session, zone: ZoneInfo) -> dict[str, tuple[KnownSlot, ...]]:
    """Return the sessions of all classes by class code."""
    statement = (
        select(*_SLOT, StudyClass.code.label("owner"), ClassSession.part_of_day, ClassSession.teaching_mode)
        .join(ClassSession, ClassSession.activity_id == Activity.id)
        .join(StudyClass, StudyClass.id == ClassSession.class_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
    )
    lecturers = _lecturers(session, select(ClassSession.activity_id))
    found: dict[str, list[KnownSlot]] = defaultdict(list)
    for row in session.execute(statement):
        starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        known = SessionRow(
            0,
            row.owner,
            starts.date(),
            row.part_of_day,
            starts.time(),
            ends.time(),
            row.title,
            lecturers.get(row.id, ()),
            row.venue_code or "",
            row.teaching_mode,
        )
        found[row.owner].append(_slot(row, known, zone))
    return {owner: tuple(slots) for owner, slots in found.items()}


def evenings(session: Session, zone: ZoneInfo) -> dict[str, tuple[KnownSlot, ...]]:
    """Return the evenings of all series by the name of the series."""
    statement = (
        select(*_SLOT, Series.name.label("owner"), Evening.slot_on)
        .join(Evening, Evening.activity_id == Activity.id)
        .join(Series, Series.id == Evening.series_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
    )
    lecturers = _lecturers(session, select(Evening.activity_id))
    found: dict[str, list[KnownSlot]] = defaultdict(list)
    for row in session.execute(statement):
        starts, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        known = EveningRow(
            0,
            row.owner,
            starts.date(),
            starts.time(),
            ends.time(),
            row.title,
            lecturers.get(row.id, ()),
            row.venue_code or "",
        )
        found[row.owner].append(_slot(row, known, zone, row.slot_on))
    return {owner: tuple(slots) for owner, slots in found.items()}


def bookings(session: Session, days: Collection[date], zone: ZoneInfo) -> tuple[Booking, ...]:
    """Return what holds venues and lecturers between the first and the last of `days`."""
    span = day_span(min(days), zone, (max(days) - min(days)).days + 1)
    inside = (
        Activity.holds,
        Activity.starts_at < span.end,
        Activity.starts_at > span.start - LONGEST - timedelta(days=1),
    )
    columns = (Activity.starts_at, Activity.ends_at, Activity.title, Activity.id)
    venues = session.execute(select(Venue.code, *columns).join(Venue, Venue.id == Activity.venue_id).where(*inside))
    lecturers = session.execute(
        select(Lecturer.code, *columns)
        .join(Teaching, Teaching.activity_id == Activity.id)
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .where(*inside)
    )
    return (
        *(Booking(("venue_code", row[0]), row[1], row[2], row[3], row[4]) for row in venues),
        *(Booking(("lecturer_codes", row[0]), row[1], row[2], row[3], row[4]) for row in lecturers),
    )


def _slot(row: Any, known: SessionRow | EveningRow, zone: ZoneInfo, *planned_on: date) -> KnownSlot:
    former = (row.moved_from.astimezone(zone).date(),) if row.moved_from else ()
    return KnownSlot(
        row.id,
        known,
        row.starts_at,
        row.ends_at,
        row.status is ActivityStatus.CANCELLED,
        row.holds,
        (*planned_on, *former),
    )


def _lecturers(session: Session, activities: Select[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Teaching.activity_id, Lecturer.code)
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .where(Teaching.activity_id.in_(activities))
        .order_by(Lecturer.code)
    )
    for activity_id, code in rows:
        found[activity_id].append(code)
    return {activity_id: tuple(codes) for activity_id, codes in found.items()}
