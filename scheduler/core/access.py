"""Who may do what, as data: roles held in units, permissions held by roles, and nothing by default."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.core.errors import Missing


class Role(StrEnum):
    """What a person is in a unit and in all units below it."""

    ADMIN = "admin"
    """Runs the training office: the year, imports, people, exports."""
    UNIT_OFFICER = "unit_officer"
    """Training officer (单位联络员) of a unit: its people and what they owe."""
    LEADER = "leader"
    """Reads what happens in the units led."""
    LECTURER = "lecturer"
    """Teaches; sees the own engagements."""
    MENTOR = "mentor"
    """Guides mentees (导师)."""
    TRAINEE = "trainee"
    """Learns: sees what is on, subscribes, is enrolled."""


class Permission(StrEnum):
    """The base of each slice's permissions; a slice documents each member in its access module."""


_HOLDERS: dict[str, frozenset[Role]] = {}
_AT_TOP: set[str] = set()
_TOP = 2
"""Slashes in the path of a unit without one above it, such as /1/."""


def hold(holders: Mapping[Permission, Collection[Role]], *, at_top: Collection[Permission] = ()) -> None:
    """Declare which roles hold the permissions of a slice; each permission is declared once.

    Those `at_top` are about things of the whole organisation: only a role at the top of the tree of units counts.
    """
    _AT_TOP.update(permission.value for permission in at_top)
    for permission, roles in holders.items():
        if permission.value in _HOLDERS and _HOLDERS[permission.value] != frozenset(roles):
            msg = f"{permission} is declared twice"
            raise ValueError(msg)
        _HOLDERS[permission.value] = frozenset(roles)


def holders() -> Mapping[str, frozenset[Role]]:
    """Return the whole table permission -> roles, for pages and tests that show it."""
    return dict(_HOLDERS)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a unit; `unit_path` is that unit's place in the tree, such as /1/7/."""

    role: Role
    unit_id: int
    unit_path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person with the roles held now, or the product itself (`system`)."""

    name: str
    account_id: int | None = None
    person_id: int | None = None
    staff_no: str = ""
    email: str = ""
    unit_id: int | None = None
    unit_path: str = ""
    grants: tuple[Grant, ...] = ()
    language: str | None = None
    zone: ZoneInfo | None = None
    system: bool = False

    def scopes(self, permission: Permission | str) -> tuple[str, ...]:
        """Return the unit paths within which the actor holds `permission`; the system holds all: ("/",)."""
        if self.system:
            return ("/",)
        roles = _HOLDERS.get(str(permission), frozenset())
        held = (grant.unit_path for grant in self.grants if grant.role in roles)
        if str(permission) in _AT_TOP:
            held = (path for path in held if path.count("/") <= _TOP)
        return tuple(dict.fromkeys(held))

    def may(self, permission: Permission | str, unit_path: str | None = None) -> bool:
        """Tell whether the actor holds `permission` (anywhere, or over the unit at `unit_path`)."""
        scopes = self.scopes(permission)
        return any(unit_path.startswith(scope) for scope in scopes) if unit_path is not None else bool(scopes)

    def require(self, permission: Permission | str, unit_path: str | None = None) -> None:
        """Refuse with Missing, as if the thing did not exist, unless the actor holds the permission there."""
        if not self.may(permission, unit_path):
            raise Missing

    def has_role(self, role: Role) -> bool:
        return any(grant.role == role for grant in self.grants)


def system_actor(name: str) -> Actor:
    """Return the actor for jobs and commands; `name` says which in the audit record."""
    return Actor(name=name, system=True)
