"""Adding, editing, transferring and seeing off members of staff."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.people.access import WORKING_ROLES, PeoplePermission
from scheduler.people.actions.doors import close_sign_ins
from scheduler.people.actions.reach import reach_account, reach_person, reach_unit
from scheduler.people.actions.roles import grant_roles
from scheduler.people.models import Account, Person, PersonPlace, RoleGrant, Unit
from scheduler.people.terms import PersonFacts


def add_person(session: Session, actor: Actor, facts: PersonFacts, unit_id: int, *, now: datetime) -> Person:
    """Add one person to a unit; see `add_people`."""
    return add_people(session, actor, [(facts, unit_id)], now=now)[0]


def add_people(
    session: Session, actor: Actor, news: Sequence[tuple[PersonFacts, int]], *, now: datetime
) -> list[Person]:
    """Add persons to units (ids), in the order given; a constant number of statements.

    Refuses a unit out of the actor's reach (Missing), a staff number that is taken, texts that are too long.
    """
    rows = [{**cleaned(facts), "unit_id": unit_id} for facts, unit_id in news]
    numbers = [str(row["staff_no"]) for row in rows]
    units = select(Unit.id, Unit.path).where(Unit.id.in_({unit_id for _, unit_id in news}))
    paths = dict(row for row in session.execute(units).all())
    taken = set(session.scalars(select(Person.staff_no).where(Person.staff_no.in_(numbers))))
    for number, (_, unit_id) in zip(numbers, news, strict=True):
        if unit_id not in paths:
            raise Missing
        actor.require(PeoplePermission.MANAGE, paths[unit_id])
        refuse_taken(number, taken)
        taken.add(number)
    made = session.scalars(insert(Person).returning(Person), rows).all() if rows else []
    people = {person.staff_no: person for person in made}
    if people:
        places = [{"person_id": person.id, "unit_id": None, "until": now} for person in made]
        session.execute(insert(PersonPlace), places)
    for person in people.values():
        record(session, actor, "added", "person", person.id, now=now, staff_no=person.staff_no, unit=person.unit_id)
    return [people[number] for number in numbers]


def refuse_taken(staff_no: str, taken: set[str]) -> None:
    """Refuse if the staff number is among those `taken`."""
    if staff_no in taken:
        raise Refusal(
            lazy("There is already a person with the staff number %(staff_no)s."), field="staff_no", staff_no=staff_no
        )


def cleaned(facts: PersonFacts) -> dict[str, object]:
    """Return the columns of a person; refuses control characters, line breaks, too long texts and empty names."""
    values: dict[str, object] = {field.name: getattr(facts, field.name) for field in fields(facts)}
    for name, (limit, label) in _TEXTS.items():
        values[name] = clean_line(getattr(facts, name), limit=limit, label=label)
    if not values["staff_no"] or not values["name"]:
        raise Refusal(lazy("A person needs a name and a staff number."), field="name")
    return values


_TEXTS: dict[str, tuple[int, str]] = {
    "staff_no": (40, lazy_gettext("Staff number")),
    "name": (80, lazy_gettext("Full name")),
    "post": (80, lazy_gettext("Post")),
    "grade": (40, lazy_gettext("Grade")),
    "field": (80, lazy_gettext("Professional field")),
    "phone": (40, lazy_gettext("Phone")),
    "email": (200, lazy_gettext("Email")),
}


def edit_person(
    session: Session, actor: Actor, person_id: int, facts: PersonFacts, *, version: int, now: datetime
) -> Person:
    """Correct what is known of a person.

    Refuses with Missing a person out of reach, with Stale another `version`, and a staff number that is taken.

    The staff number opens the door, so only who may open the person's account may change it.
    """
    person, _ = reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    refuse_stale(person.version, version)
    before = _as_facts(person)
    values = cleaned(facts)
    if values["staff_no"] != person.staff_no:
        reach_account(session, actor, person_id)
        taken = session.scalars(select(Person.staff_no).where(Person.staff_no == values["staff_no"]))
        refuse_taken(str(values["staff_no"]), set(taken))
    for name, value in values.items():
        setattr(person, name, value)
    after = _as_facts(person)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed:
        record(session, actor, "edited", "person", person.id, now=now, changed=changed)
    return person


def transfer_person(session: Session, actor: Actor, person_id: int, unit_id: int, *, now: datetime) -> Person:
    """Let a person belong to another unit from now on; lecturer, mentor and trainee roles held in the old one follow.

    Roles with power over others stay where they are held, for somebody to decide. Refuses with Missing a person or
    unit out of reach.
    """
    person, unit = reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    target = reach_unit(session, actor, unit_id, PeoplePermission.MANAGE)
    if unit.id == target.id:
        return person
    following = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.unit_id == unit.id,
        RoleGrant.ended_at.is_(None),
        RoleGrant.role.in_(WORKING_ROLES),
    )
    roles = []
    for grant in session.scalars(following):
        grant.ended_at = now
        roles.append((person_id, grant.role, target.id))
    grant_roles(session, actor, roles, now=now)
    person.unit_id = target.id
    session.add(PersonPlace(person_id=person.id, unit_id=unit.id, until=now))
    record(session, actor, "transferred", "person", person.id, now=now, before=unit.id, after=target.id)
    return person


def note_departure(session: Session, actor: Actor, person_id: int, *, now: datetime) -> Person:
    """Note that a person has left: all roles and sign-ins end at once, the records stay.

    Refuses with Missing a person out of reach or with more power than the actor may give; and oneself.
    """
    person, _ = reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    reach_account(session, actor, person_id)
    if person.id == actor.person_id:
        raise Refusal(lazy("You cannot note that you yourself have left. Ask another admin."))
    if person.left_at is not None:
        return person
    person.left_at = now
    held = (RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
    session.execute(update(RoleGrant).where(*held).values(ended_at=now))
    accounts = session.scalars(select(Account.id).where(Account.person_id == person_id)).all()
    close_sign_ins(session, actor, accounts, now=now, reason="left")
    record(session, actor, "left", "person", person.id, now=now)
    return person


def note_return(session: Session, actor: Actor, person_id: int, *, now: datetime) -> Person:
    """Note that a person who had left is back; roles are granted anew. Refuses with Missing a person out of reach."""
    person, _ = reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    if person.left_at is not None:
        session.add(PersonPlace(person_id=person.id, unit_id=person.unit_id, until=person.left_at))
        session.add(PersonPlace(person_id=person.id, unit_id=None, until=now))
        person.left_at = None
        record(session, actor, "returned", "person", person.id, now=now)
    return person


def _as_facts(person: Person) -> dict[str, str]:
    return {field.name: str(getattr(person, field.name) or "") for field in fields(PersonFacts)}
