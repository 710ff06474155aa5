"""Which persons and units a reader may see: the one place that decides it."""

from sqlalchemy import ColumnElement, false, or_, select

from scheduler.core.access import Actor
from scheduler.people.access import PeoplePermission
from scheduler.people.models import Person, Unit


def units_visible_to(actor: Actor, permission: PeoplePermission = PeoplePermission.READ) -> ColumnElement[bool]:
    """Return the condition on Unit: the units in which `actor` holds `permission`, and all below them."""
    scopes = actor.scopes(permission)
    return or_(false(), *(Unit.path.startswith(scope, autoescape=True) for scope in scopes))


def people_visible_to(actor: Actor, permission: PeoplePermission = PeoplePermission.READ) -> ColumnElement[bool]:
    """Return the condition on Person: those in units that `actor` may read; everybody sees at least oneself."""
    inside = Person.unit_id.in_(select(Unit.id).where(units_visible_to(actor, permission)))
    return or_(inside, Person.id == actor.person_id) if permission is PeoplePermission.READ else inside
