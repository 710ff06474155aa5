"""Rows of the workbook once read: plain typed values, with the number that the sheet shows for the row."""

from datetime import date, time
from typing import NamedTuple

from scheduler.agenda.terms import VenueKind
from scheduler.classes.terms import ClassMode, PartOfDay, TeachingMode
from scheduler.core.access import Role
from scheduler.office.terms.words import LedgerState
from scheduler.people.terms import Gender, LecturerKind, UnitKind


class UnitRow(NamedTuple):
    number: int
    code: str
    name: str
    kind: UnitKind
    parent_code: str = ""


class PersonRow(NamedTuple):
    number: int
    staff_no: str
    name: str
    unit_code: str
    gender: Gender | None = None
    born_on: date | None = None
    post: str = ""
    grade: str = ""
    field: str = ""
    phone: str = ""
    email: str = ""
    joined_on: date | None = None
    roles: tuple[Role, ...] = ()


class LecturerRow(NamedTuple):
    number: int
    code: str
    name: str
    kind: LecturerKind
    organisation: str = ""
    field: str = ""
    availability: str = ""


class VenueRow(NamedTuple):
    number: int
    code: str
    name: str
    kind: VenueKind
    capacity: int
    address: str = ""


class ClassRow(NamedTuple):
    number: int
    code: str
    title: str
    host_name: str
    starts_on: date
    ends_on: date
    capacity: int
    theme: str = ""
    organiser_name: str = ""
    run_number: int = 1
    quotas: tuple[tuple[str, int], ...] = ()
    hours: int = 0
    mode: ClassMode = ClassMode.FULL_TIME
    budget: float | None = None


class SessionRow(NamedTuple):
    number: int
    class_code: str
    day: date
    part: PartOfDay
    starts: time
    ends: time
    title: str
    lecturer_codes: tuple[str, ...] = ()
    venue_code: str = ""
    mode: TeachingMode = TeachingMode.LECTURE


class EveningRow(NamedTuple):
    number: int
    series: str
    day: date
    starts: time
    ends: time
    title: str
    lecturer_codes: tuple[str, ...] = ()
    venue_code: str = ""


class RosterRow(NamedTuple):
    number: int
    class_code: str
    staff_no: str


class PairingRow(NamedTuple):
    number: int
    mentor_no: str
    mentee_no: str
    programme: str
    starts_on: date
    ends_on: date
    content_areas: str = ""


class RecordRow(NamedTuple):
    """A guidance record; the ids are found by the check: the pairing of that day, its programme's mode and areas."""

    number: int
    mentor_no: str
    mentee_no: str
    day: date
    mode: str
    areas: str
    text: str
    minutes: int | None = None
    place: str = ""
    next_step: str = ""
    state: LedgerState = LedgerState.UNCONFIRMED
    pairing_id: int = 0
    mode_id: int = 0
    area_ids: tuple[int, ...] = ()


AnyRow = (
    UnitRow
    | PersonRow
    | LecturerRow
    | VenueRow
    | ClassRow
    | SessionRow
    | EveningRow
    | RosterRow
    | PairingRow
    | RecordRow
)
