"""The reader's words for the enumerations of people."""

from enum import StrEnum
from typing import Any

from scheduler.core.access import Role
from scheduler.core.forms import lazy_gettext as _l
from scheduler.core.forms import options
from scheduler.people.terms import Gender, LecturerKind, UnitKind

WORDS: dict[StrEnum, str] = {
    Role.ADMIN: _l("Admin"),
    Role.UNIT_OFFICER: _l("Unit training officer"),
    Role.LEADER: _l("Leader"),
    Role.LECTURER: _l("Lecturer"),
    Role.MENTOR: _l("Mentor"),
    Role.TRAINEE: _l("Trainee"),
    UnitKind.CITY: _l("City"),
    UnitKind.BUREAU: _l("City bureau"),
    UnitKind.DISTRICT: _l("District or county"),
    UnitKind.DISTRICT_BUREAU: _l("District bureau"),
    UnitKind.SECTION: _l("Section"),
    Gender.FEMALE: _l("Female"),
    Gender.MALE: _l("Male"),
    LecturerKind.SCHOLAR: _l("Scholar"),
    LecturerKind.INDUSTRY: _l("Industry expert"),
    LecturerKind.INTERNAL: _l("In-house expert"),
}


def choices(members: "type[StrEnum]", *first: tuple[str, str]) -> list[Any]:
    """Return the choices of a select field over an enumeration, behind those of `first`."""
    return options([*first, *((member.value, WORDS[member]) for member in members)])
