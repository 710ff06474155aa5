"""The vocabulary of people and units."""

from enum import StrEnum


class UnitKind(StrEnum):
    """The level of a unit in the tree, with the office's own words for it in the translations."""

    CITY = "city"
    BUREAU = "bureau"
    DISTRICT = "district"
    DISTRICT_BUREAU = "district_bureau"
    SECTION = "section"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class LecturerKind(StrEnum):
    """Where a lecturer of the expert pool comes from."""

    SCHOLAR = "scholar"
    INDUSTRY = "industry"
    INTERNAL = "internal"
    """An in-house expert (业务骨干, 土专家)."""


class LinkPurpose(StrEnum):
    """What a single-use link is good for."""

    FIRST_PASSWORD = "first_password"  # noqa: S105 - a purpose, not a password
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
