"""The verbs of people: units, persons, roles, accounts and the doors to them."""

from scheduler.people.actions.accounts import (
    change_password,
    choose_reading,
    create_first_admin,
    disable_account,
    enable_account,
    set_password,
)
from scheduler.people.actions.doors import (
    close_own_sign_in,
    close_sign_in,
    close_sign_ins,
    forget_expired,
    knock,
    open_sign_in,
    pardon,
)
from scheduler.people.actions.links import make_link, make_own_link, use_link
from scheduler.people.actions.persons import (
    add_people,
    add_person,
    edit_person,
    note_departure,
    note_return,
    transfer_person,
)
from scheduler.people.actions.roles import grant_role, grant_roles, revoke_role
from scheduler.people.actions.units import add_unit, add_units, lock_tree, move_unit, rename_unit

__all__ = [
    "add_people",
    "add_person",
    "add_unit",
    "add_units",
    "change_password",
    "choose_reading",
    "close_own_sign_in",
    "close_sign_in",
    "close_sign_ins",
    "create_first_admin",
    "disable_account",
    "edit_person",
    "enable_account",
    "forget_expired",
    "grant_role",
    "grant_roles",
    "knock",
    "lock_tree",
    "make_link",
    "make_own_link",
    "move_unit",
    "note_departure",
    "note_return",
    "open_sign_in",
    "pardon",
    "rename_unit",
    "revoke_role",
    "set_password",
    "transfer_person",
    "use_link",
]
