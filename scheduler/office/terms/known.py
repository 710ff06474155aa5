"""What the database knows when a workbook is checked against it: plain values, by the workbook's own keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from scheduler.agenda.terms import DayMark
from scheduler.core.access import Role
from scheduler.office.terms.rows import (
    ClassRow,
    EveningRow,
    LecturerRow,
    PairingRow,
    PersonRow,
    SessionRow,
    UnitRow,
    VenueRow,
)


class KnownSlot(NamedTuple):
    """A session or evening that stands: `row` as the workbook would write it; `planned_on` lists the dates that stand for it."""

    activity_id: int
    row: SessionRow | EveningRow
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    holds: bool
    planned_on: tuple[date, ...]


class Booking(NamedTuple):
    """A time for which something else than the workbook's own rows holds a venue or lecturer (by code)."""

    resource: tuple[str, str]
    starts_at: datetime
    ends_at: datetime
    title: str
    activity_id: int


class Guided(NamedTuple):
    """A pairing as records ask for it; `path` is the place of the mentee's unit."""

    id: int
    programme_id: int
    starts_on: date
    last_day: date
    pauses: tuple[tuple[date, date | None], ...]
    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """The state of the database, as far as the workbook's sheets can touch it; each value comes with its row's id."""

    units: Mapping[str, tuple[int, UnitRow]] = field(default_factory=dict)
    people: Mapping[str, tuple[int, PersonRow]] = field(default_factory=dict)
    departed: frozenset[str] = frozenset()
    """Staff numbers of those who have left the staff."""
    grants: Mapping[int, frozenset[tuple[Role, str]]] = field(default_factory=dict)
    """Open roles of a person (id), each with the code of its unit."""
    lecturers: Mapping[str, tuple[int, LecturerRow]] = field(default_factory=dict)
    venues: Mapping[str, tuple[int, VenueRow]] = field(default_factory=dict)
    classes: Mapping[str, tuple[int, ClassRow]] = field(default_factory=dict)
    """Host and organiser of the rows are unit codes here."""
    cancelled: frozenset[str] = frozenset()
    """Codes of cancelled classes; the workbook does not bring them back."""
    sessions: Mapping[str, tuple[KnownSlot, ...]] = field(default_factory=dict)
    """By class code."""
    evenings: Mapping[str, tuple[KnownSlot, ...]] = field(default_factory=dict)
    """By the name of the series."""
    rosters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Staff numbers by class code."""
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    """(class code, staff number) of those who left a class; the workbook does not bring them back."""
    pairings: Mapping[tuple[str, str, date], tuple[int, PairingRow]] = field(default_factory=dict)
    open_mentees: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    """Who is guided now, by whom and since when, by staff number."""
    guided: Mapping[tuple[str, str], tuple[Guided, ...]] = field(default_factory=dict)
    """Pairings that were or are in force, by the staff numbers of mentor and mentee."""
    modes: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Ways of guidance by programme and folded name, in either language."""
    areas: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Content areas, likewise."""
    filed: frozenset[tuple[int, date, str]] = frozenset()
    """Pairing, day and digest of the words of every record that stands."""
    locked: frozenset[tuple[str, date]] = frozenset()
    """Path of the unit and first day of each month that is locked."""
    bookings: tuple[Booking, ...] = ()
    marks: Mapping[date, DayMark] = field(default_factory=dict)
