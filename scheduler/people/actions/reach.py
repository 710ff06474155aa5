"""What an actor reaches: everything else is missing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.access import PeoplePermission, may_open_door
from scheduler.people.models import Person, Unit
from scheduler.people.queries.signed_in import held_grants


def reach_person(session: Session, actor: Actor, person_id: int, permission: PeoplePermission) -> tuple[Person, Unit]:
    """Return the person and the person's unit; Missing unless `actor` holds `permission` there."""
    found = session.execute(
        select(Person, Unit).join(Unit, Unit.id == Person.unit_id).where(Person.id == person_id)
    ).first()
    if found is None:
        raise Missing
    person, unit = found
    actor.require(permission, unit.path)
    return person, unit


def reach_unit(session: Session, actor: Actor, unit_id: int, permission: PeoplePermission) -> Unit:
    """Return the unit; Missing unless `actor` holds `permission` there."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise Missing
    actor.require(permission, unit.path)
    return unit


def reach_account(session: Session, actor: Actor, person_id: int) -> None:
    """Refuse with Missing if the person holds a role that the actor may not give: more power is out of reach."""
    if not may_open_door(actor, held_grants(session, person_id)):
        raise Missing
