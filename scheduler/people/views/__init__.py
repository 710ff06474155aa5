"""Pages of people: the doors, the own account, units, persons, lecturers."""

from scheduler.people.views import account, doors, lecturers, links, persons, roles, units
from scheduler.people.views.blueprint import blueprint
from scheduler.people.views.signed_in import load_signed_in

__all__ = ["account", "blueprint", "doors", "lecturers", "links", "load_signed_in", "persons", "roles", "units"]
