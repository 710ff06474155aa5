"""Adding, editing, transferring and seeing off members of staff."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.text import clean_line
from scheduler.people.access import PeoplePermission
from scheduler.people.models import Person, Unit
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
    paths = dict(
        session.execute(select(Unit.id, Unit.path).where(Unit.id.in_({unit_id for _, unit_id in news}))).tuples().all()
    )
    numbers = [facts.staff_no for facts, _ in news]
    taken = set(session.scalars(select(Person.staff_no).where(Person.staff_no.in_(numbers))))
    people = []
    for facts, unit_id in news:
        if unit_id not in paths:
            raise Missing
        actor.require(PeoplePermission.MANAGE, paths[unit_id])
        person = Person(unit_id=unit_id)
        write_facts(person, facts)
        refuse_taken(person.staff_no, taken)
        taken.add(person.staff_no)
        people.append(person)
    session.add_all(people)
    session.flush()
    for person in people:
        record(session, actor, "added", "person", person.id, now=now, staff_no=person.staff_no, unit=person.unit_id)
    return people


def refuse_taken(staff_no: str, taken: set[str]) -> None:
    """Refuse if the staff number is among those `taken`."""
    if staff_no in taken:
        raise Refusal(
            lazy("There is already a person with the staff number %(staff_no)s."), field="staff_no", staff_no=staff_no
        )


def write_facts(person: Person, facts: PersonFacts) -> None:
    """Write cleaned facts into the row; refuses control characters, line breaks, too long texts and empty names."""
    person.staff_no = clean_line(facts.staff_no, limit=40)
    person.name = clean_line(facts.name, limit=80)
    if not person.staff_no or not person.name:
        raise Refusal(lazy("A person needs a name and a staff number."), field="name")
    person.gender = facts.gender
    person.born_on = facts.born_on
    person.post = clean_line(facts.post, limit=80)
    person.grade = clean_line(facts.grade, limit=40)
    person.field = clean_line(facts.field, limit=80)
    person.phone = clean_line(facts.phone, limit=40)
    person.email = clean_line(facts.email, limit=200)
    person.joined_on = facts.joined_on
