"""What the database knows, in the workbook's own terms; a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.models import Membership, Venue
from scheduler.agenda.queries import work_calendar
from scheduler.classes.models import Quota, StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Role
from scheduler.mentoring.models import Pairing, Programme
from scheduler.mentoring.terms import OPEN
from scheduler.office.queries.known_records import known_records
from scheduler.office.queries.known_slots import bookings, evenings, sessions
from scheduler.office.terms.known import Known
from scheduler.office.terms.rows import ClassRow, LecturerRow, PairingRow, PersonRow, UnitRow, VenueRow
from scheduler.office.terms.sheets import SheetKey
from scheduler.people.models import Lecturer, Person, RoleGrant, Unit

_NEED_PEOPLE = frozenset({SheetKey.PEOPLE, SheetKey.ROSTER, SheetKey.PAIRINGS, SheetKey.LECTURERS})


def known(session: Session, wanted: Collection[SheetKey], days: Collection[date], zone: ZoneInfo) -> Known:
    """Return what is known of the things that the sheets `wanted` name; `days` are all dates of sessions and evenings."""
    units = _units(session)
    with_people = not _NEED_PEOPLE.isdisjoint(wanted)
    people, grants = (_people(session, units), _grants(session)) if with_people else ({}, {})
    numbers = {row_id: number for number, (row_id, _) in people.items()}
    pairings, open_mentees = _pairings(session, numbers) if SheetKey.PAIRINGS in wanted else ({}, {})
    rosters, withdrawn = _rosters(session)
    marks = work_calendar(session, min(days), max(days)).marks if days else {}
    return Known(
        units=units,
        people=people,
        departed=frozenset(session.scalars(select(Person.staff_no).where(Person.left_at.is_not(None)))),
        grants=grants,
        lecturers={
            row[1]: (row[0], LecturerRow(0, row[1], row[2], row[3], row[4], row[5], row[6]))
            for row in session.execute(
                select(
                    Lecturer.id,
                    Lecturer.code,
                    Lecturer.name,
                    Lecturer.kind,
                    Lecturer.organisation,
                    Lecturer.field,
                    Lecturer.availability,
                )
            )
        },
        venues={
            row[1]: (row[0], VenueRow(0, row[1], row[2], row[3], row[4], row[5]))
            for row in session.execute(
                select(Venue.id, Venue.code, Venue.name, Venue.kind, Venue.capacity, Venue.address)
            )
        },
        classes=_classes(session),
        cancelled=frozenset(session.scalars(select(StudyClass.code).where(StudyClass.status == ClassStatus.CANCELLED))),
        sessions=sessions(session, zone),
        evenings=evenings(session, zone),
        rosters=rosters,
        withdrawn=withdrawn,
        pairings=pairings,
        open_mentees=open_mentees,
        bookings=bookings(session, days, zone) if days else (),
        **(known_records(session) if SheetKey.RECORDS in wanted else {}),
        marks=marks,
    )


def _units(session: Session) -> dict[str, tuple[int, UnitRow]]:
    rows = session.execute(select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent_id)).all()
    codes = {row.id: row.code for row in rows}
    return {row.code: (row.id, UnitRow(0, row.code, row.name, row.kind, codes.get(row.parent_id, ""))) for row in rows}


def _people(session: Session, units: dict[str, tuple[int, UnitRow]]) -> dict[str, tuple[int, PersonRow]]:
    codes = {row_id: code for code, (row_id, _) in units.items()}
    rows = session.execute(
        select(
            Person.id,
            Person.staff_no,
            Person.name,
            Person.unit_id,
            Person.gender,
            Person.born_on,
            Person.post,
            Person.grade,
            Person.field,
            Person.phone,
            Person.email,
            Person.joined_on,
        )
    )
    return {
        number: (row_id, PersonRow(0, number, name, codes[unit_id], *rest))
        for row_id, number, name, unit_id, *rest in rows
    }


def _grants(session: Session) -> dict[int, frozenset[tuple[Role, str]]]:
    held: dict[int, set[tuple[Role, str]]] = defaultdict(set)
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role, Unit.code)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.ended_at.is_(None))
    )
    for person_id, role, code in rows:
        held[person_id].add((role, code))
    return {person_id: frozenset(roles) for person_id, roles in held.items()}


def _classes(session: Session) -> dict[str, tuple[int, ClassRow]]:
    host, organiser = aliased(Unit), aliased(Unit)
    quotas: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for class_id, code, places in session.execute(
        select(Quota.class_id, Unit.code, Quota.places).join(Unit, Unit.id == Quota.unit_id)
    ):
        quotas[class_id].append((code, places))
    rows: Iterable[Any] = session.execute(
        select(StudyClass, host.code.label("host"), organiser.code.label("organiser"))
        .join(host, host.id == StudyClass.host_unit_id)
        .outerjoin(organiser, organiser.id == StudyClass.organiser_unit_id)
    )
    found = {}
    for study_class, host_code, organiser_code in rows:
        found[study_class.code] = (
            study_class.id,
            ClassRow(
                0,
                study_class.code,
                study_class.title,
                host_code,
                study_class.starts_on,
                study_class.ends_on,
                study_class.capacity,
                study_class.theme,
                organiser_code or "",
                study_class.run_number,
                tuple(sorted(quotas.get(study_class.id, ()))),
                study_class.hours,
                study_class.mode,
                study_class.budget,
            ),
        )
    return found


def _rosters(session: Session) -> tuple[dict[str, frozenset[str]], frozenset[tuple[str, str]]]:
    members: dict[str, set[str]] = defaultdict(set)
    withdrawn = set()
    rows = session.execute(
        select(StudyClass.code, Person.staff_no, Membership.left_at)
        .join(Membership, Membership.audience_id == StudyClass.audience_id)
        .join(Person, Person.id == Membership.person_id)
    )
    for code, number, left_at in rows:
        if left_at is None:
            members[code].add(number)
        else:
            withdrawn.add((code, number))
    return {code: frozenset(numbers) for code, numbers in members.items()}, frozenset(withdrawn)


def _pairings(
    session: Session, numbers: dict[int, str]
) -> tuple[dict[tuple[str, str, date], tuple[int, PairingRow]], dict[str, tuple[str, date]]]:
    found, open_mentees = {}, {}
    rows = session.execute(select(Pairing, Programme.name_zh).join(Programme, Programme.id == Pairing.programme_id))
    for pairing, programme in rows:
        row = PairingRow(
            0,
            numbers[pairing.mentor_id],
            numbers[pairing.mentee_id],
            programme,
            pairing.starts_on,
            pairing.ends_on,
            pairing.content_areas,
        )
        found[row.mentor_no, row.mentee_no, row.starts_on] = (pairing.id, row)
        if pairing.status in OPEN:
            open_mentees[row.mentee_no] = (row.mentor_no, row.starts_on)
    return found, open_mentees
