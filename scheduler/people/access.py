"""Who may see and manage people, units and roles."""

from collections.abc import Iterable

from scheduler.core.access import Actor, Grant, Permission, Role, hold


class PeoplePermission(Permission):
    """What the pages of people ask for; a permission reaches over the unit of the role and all below it."""

    READ = "people.read"
    """See the persons and units of the units held: lists, pages, histories."""
    MANAGE = "people.manage"
    """Add, edit and transfer persons, note that they left, make links for first passwords, disable accounts."""
    GRANT = "people.grant"
    """Make lecturers, mentors and trainees; those who also hold GRANT_ANY make every role."""
    GRANT_ANY = "people.grant_any"
    """Grant and revoke every role, those of admins, officers and leaders too."""
    UNITS = "people.units"
    """Add, rename and move units."""
    LECTURERS = "people.lecturers"
    """See the expert pool (师资库)."""


hold(
    {
        PeoplePermission.READ: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
        PeoplePermission.MANAGE: (Role.ADMIN, Role.UNIT_OFFICER),
        PeoplePermission.GRANT: (Role.ADMIN, Role.UNIT_OFFICER),
        PeoplePermission.GRANT_ANY: (Role.ADMIN,),
        PeoplePermission.UNITS: (Role.ADMIN,),
        PeoplePermission.LECTURERS: (Role.ADMIN, Role.UNIT_OFFICER, Role.LEADER),
    }
)

WORKING_ROLES = frozenset({Role.LECTURER, Role.MENTOR, Role.TRAINEE})
"""Roles without power over others: an officer gives them within the own units."""


def may_grant(actor: Actor, role: Role, unit_path: str) -> bool:
    """Tell whether `actor` may give or take `role` in the unit at `unit_path`."""
    return actor.may(PeoplePermission.GRANT_ANY, unit_path) or (
        role in WORKING_ROLES and actor.may(PeoplePermission.GRANT, unit_path)
    )


def may_open_door(actor: Actor, held: Iterable[Grant]) -> bool:
    """Tell whether `actor` may make a password link for, or disable, the account of one who holds the roles `held`.

    Nobody gets at an account with more power than the own: each role held must be one that the actor may give.
    """
    return all(may_grant(actor, grant.role, grant.unit_path) for grant in held)
