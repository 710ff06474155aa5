"""Lists of persons, and one person with roles and account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor, Role
from scheduler.core.errors import Missing
from scheduler.people.access import PeoplePermission
from scheduler.people.models import Account, Person, RoleGrant, SignIn, Unit
from scheduler.people.queries.doors import typed_number
from scheduler.people.queries.visible import people_visible_to

SIZE = 50
"""Rows on a page of a list."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which persons a list shows: a text in name, staff number or phone; a unit and all below; those who left."""

    text: str = ""
    unit_id: int | None = None
    left: bool = False
    directly: bool = False
    """Only those of the unit itself, not of units below."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list."""

    id: int
    staff_no: str
    name: str
    post: str
    phone: str
    unit_id: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: its rows, its number (from 1), how many pages and how many rows there are in all."""

    rows: Sequence[PersonRow]
    number: int
    pages: int
    total: int


def list_people(session: Session, actor: Actor, wanted: PeopleFilter, *, page: int = 1, size: int = SIZE) -> Listed:
    """Return a page of the persons whom the actor may see, by unit code and name; two statements."""
    conditions = _conditions(actor, wanted)
    tables = select(func.count()).select_from(Person).join(Unit, Unit.id == Person.unit_id)
    total = session.scalar(tables.where(*conditions)) or 0
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = session.execute(
        select(Person.id, Person.staff_no, Person.name, Person.post, Person.phone, Unit.id, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(*conditions)
        .order_by(Unit.code, Person.name, Person.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return Listed([PersonRow(*row) for row in rows], number, pages, total)


def _conditions(actor: Actor, wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions = [people_visible_to(actor), Person.left_at.is_not(None) if wanted.left else Person.left_at.is_(None)]
    if wanted.unit_id is not None and wanted.directly:
        conditions.append(Person.unit_id == wanted.unit_id)
    elif wanted.unit_id is not None:
        above = select(Unit.path).where(Unit.id == wanted.unit_id).scalar_subquery()
        conditions.append(Unit.path.startswith(above))
    if text := wanted.text.strip():
        number = typed_number(text)
        conditions.append(
            or_(
                Person.name.contains(text, autoescape=True),
                Person.staff_no.icontains(number, autoescape=True),
                Person.phone.contains(number, autoescape=True),
            )
        )
    return conditions


def get_person(
    session: Session, actor: Actor, person_id: int, permission: PeoplePermission = PeoplePermission.READ
) -> tuple[Person, Unit]:
    """Return the person and the unit; Missing unless the actor may see (or `permission`) the person."""
    statement = select(Person, Unit).join(Unit, Unit.id == Person.unit_id)
    found = session.execute(statement.where(Person.id == person_id, people_visible_to(actor, permission))).first()
    if found is None:
        raise Missing
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds: the grant's id, in which unit, since when."""

    id: int
    role: Role
    unit_id: int
    unit_name: str
    unit_path: str
    began_at: datetime


def roles_held(session: Session, person_id: int) -> list[Held]:
    """Return the roles that a person holds now, in the order in which they were given."""
    rows = session.execute(
        select(RoleGrant.id, RoleGrant.role, Unit.id, Unit.name, Unit.path, RoleGrant.began_at)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
    )
    return [Held(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DoorState:
    """How a person's account stands: has a password, is closed, and was last used."""

    has_password: bool = False
    disabled_at: datetime | None = None
    seen_at: datetime | None = None


def door_state(session: Session, person_id: int) -> DoorState:
    """Return how the person's account stands; a person without one has the state of an empty account."""
    row = session.execute(
        select(Account.password_hash.is_not(None), Account.disabled_at, func.max(SignIn.seen_at))
        .outerjoin(SignIn, SignIn.account_id == Account.id)
        .where(Account.person_id == person_id)
        .group_by(Account.id)
    ).first()
    return DoorState(bool(row[0]), row[1], row[2]) if row else DoorState()
