"""Lists of pairings, and what the forms about them offer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.access import Actor
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.models import EndReason, GuidanceRecord, Pairing, Programme
from scheduler.mentoring.queries.standings import counts, in_month
from scheduler.mentoring.queries.visibility import is_within, visible_to
from scheduler.mentoring.terms import PairingRow, PairingStatus
from scheduler.people.models import Person, Unit

SIZE = 30
"""Rows on a page of the list."""


@dataclass(frozen=True, slots=True)
class PairingFilter:
    """Which pairings a list shows: a text in names and staff numbers, a status, a programme, a unit and all below."""

    text: str = ""
    status: PairingStatus | None = None
    programme_id: int | None = None
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: its rows, its number (from 1), how many pages and how many rows there are in all."""

    rows: list[PairingRow]
    number: int
    pages: int
    total: int


def find_pairings(
    session: Session, actor: Actor, wanted: PairingFilter, *, today: date, page: int = 1, size: int = SIZE
) -> Listed:
    """Return a page of the pairings that `actor` may see, the latest first, with this month's count; two statements."""
    mentor, mentee = aliased(Person), aliased(Person)
    conditions = [visible_to(actor), *_conditions(wanted, mentor, mentee)]
    pairs = (mentor.id == Pairing.mentor_id, mentee.id == Pairing.mentee_id)
    total = session.scalar(
        select(func.count(Pairing.id)).join(mentor, pairs[0]).join(mentee, pairs[1]).where(*conditions)
    )
    total = total or 0
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    statement = _rows(mentor, mentee, today).where(*conditions)
    rows = session.execute(
        statement.order_by(Pairing.starts_on.desc(), Pairing.id.desc()).limit(size).offset((number - 1) * size)
    )
    return Listed([PairingRow(*row) for row in rows], number, pages, total)


def pairings_to_end(session: Session, person_id: int) -> list[str]:
    """Return the pairings that would end if a person left the staff, as "mentor → mentee"; one statement."""
    mentor, mentee = aliased(Person), aliased(Person)
    rows = session.execute(
        select(mentor.name.label("mentor"), mentee.name.label("mentee"))
        .select_from(Pairing)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(mentee, mentee.id == Pairing.mentee_id)
        .where(
            or_(Pairing.mentor_id == person_id, Pairing.mentee_id == person_id),
            Pairing.status.not_in((PairingStatus.COMPLETED, PairingStatus.ENDED_EARLY)),
        )
        .order_by(Pairing.id)
    )
    return [f"{row.mentor} → {row.mentee}" for row in rows]


def programme_choices(session: Session, language: str) -> list[tuple[int, str]]:
    """Return all programmes as (id, name), by code."""
    rows = session.scalars(select(Programme).order_by(Programme.id))
    return [(one.id, one.name(language)) for one in rows]


def end_reasons(session: Session, programme_id: int, language: str) -> list[tuple[int, str]]:
    """Return why a pairing of the programme may end early, as (id, name), in their order."""
    rows = session.scalars(
        select(EndReason).where(EndReason.programme_id == programme_id).order_by(EndReason.position, EndReason.id)
    )
    return [(one.id, one.name(language)) for one in rows]


def people_choices(session: Session, actor: Actor, permission: MentoringPermission) -> list[tuple[str, str]]:
    """Return everybody who works in the units over which `actor` holds `permission`: (staff number, name and unit)."""
    rows = session.execute(
        select(Person.staff_no, Person.name, Unit.name.label("unit"))
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.left_at.is_(None), Person.unit_id.in_(unit_ids_within(actor.scopes(permission))))
        .order_by(Unit.code, Person.name, Person.id)
    )
    return [(row.staff_no, f"{row.name} · {row.unit}") for row in rows]


def people_by_number(session: Session, numbers: list[str]) -> dict[str, int]:
    """Return the ids of those who work here, by staff number."""
    rows = session.execute(
        select(Person.staff_no, Person.id).where(Person.staff_no.in_(numbers), Person.left_at.is_(None))
    )
    return {row.staff_no: row.id for row in rows}


def _conditions(wanted: PairingFilter, mentor: type[Person], mentee: type[Person]) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.text:
        columns = (mentor.name, mentor.staff_no, mentee.name, mentee.staff_no)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.status:
        conditions.append(Pairing.status == wanted.status)
    if wanted.programme_id:
        conditions.append(Pairing.programme_id == wanted.programme_id)
    if wanted.unit_path:
        conditions.append(is_within((wanted.unit_path,)))
    return conditions


def _rows(mentor: type[Person], mentee: type[Person], today: date) -> Select[*tuple[Any, ...]]:
    mentor_unit, mentee_unit = aliased(Unit), aliased(Unit)
    counted = (
        select(func.count())
        .where(GuidanceRecord.pairing_id == Pairing.id, in_month(today.replace(day=1)), counts())
        .correlate(Pairing)
        .scalar_subquery()
    )
    return (
        select(
            Pairing.id,
            mentor.name,
            mentor.staff_no,
            mentor_unit.name,
            mentee.name,
            mentee.staff_no,
            mentee_unit.name,
            Programme.name_zh,
            Programme.name_en,
            Pairing.term,
            Pairing.starts_on,
            Pairing.ends_on,
            Pairing.status,
            counted,
        )
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(mentor_unit, mentor_unit.id == mentor.unit_id)
        .join(mentee, mentee.id == Pairing.mentee_id)
        .join(mentee_unit, mentee_unit.id == mentee.unit_id)
        .join(Programme, Programme.id == Pairing.programme_id)
    )
