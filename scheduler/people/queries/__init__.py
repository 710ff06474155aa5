"""Reading people, units, accounts and who is signed in."""

from scheduler.people.queries.lecturers import get_lecturer, list_lecturers, staff_no_of
from scheduler.people.queries.persons import door_state, get_person, list_people, roles_held
from scheduler.people.queries.signed_in import actor_for, digest, find_signed_in, held_grants
from scheduler.people.queries.units import (
    children,
    find_units,
    get_unit,
    line_above,
    placements,
    unit_choices,
    unit_tree,
)
from scheduler.people.queries.visible import people_visible_to, units_visible_to

__all__ = [
    "actor_for",
    "children",
    "digest",
    "door_state",
    "find_signed_in",
    "find_units",
    "get_lecturer",
    "get_person",
    "get_unit",
    "held_grants",
    "line_above",
    "list_lecturers",
    "list_people",
    "people_visible_to",
    "placements",
    "roles_held",
    "staff_no_of",
    "unit_choices",
    "unit_tree",
    "units_visible_to",
]
