"""The verbs of people: units, persons, roles, accounts and the doors to them."""

from scheduler.people.actions.accounts import choose_language, create_first_admin, set_password
from scheduler.people.actions.doors import close_sign_in, close_sign_ins, knock, open_sign_in, pardon
from scheduler.people.actions.persons import add_people, add_person
from scheduler.people.actions.roles import grant_role, grant_roles, revoke_role
from scheduler.people.actions.units import add_unit, add_units

__all__ = [
    "add_people",
    "add_person",
    "add_unit",
    "add_units",
    "choose_language",
    "close_sign_in",
    "close_sign_ins",
    "create_first_admin",
    "grant_role",
    "grant_roles",
    "knock",
    "open_sign_in",
    "pardon",
    "revoke_role",
    "set_password",
]
