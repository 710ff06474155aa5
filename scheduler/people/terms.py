"""The vocabulary of people and units."""

from dataclasses import dataclass
from datetime import date
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


class LinkState(StrEnum):
    """What a single-use link can still do."""

    OPEN = "open"
    USED = "used"
    """Used, or replaced by a newer one."""
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class PasswordPolicy(StrEnum):
    """Which rules a new password must satisfy; the setting PASSWORD_POLICY."""

    ASVS = "asvs"
    """Long enough, not among the common ones, not one's own number; never expires."""
    MLPS3 = "mlps3"
    """Four kinds of characters, a new one every 90 days, none of the last five."""


class Door(StrEnum):
    """Where a secret can be guessed; tries are counted for each."""

    SIGN_IN = "sign_in"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to add below `parent_id` (None: a root of the tree)."""

    code: str
    name: str
    kind: UnitKind
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a member of staff, as typed or imported; texts are cleaned by the action."""

    staff_no: str
    name: str
    gender: Gender | None = None
    born_on: date | None = None
    post: str = ""
    grade: str = ""
    field: str = ""
    phone: str = ""
    email: str = ""
    joined_on: date | None = None


@dataclass(frozen=True, slots=True)
class LecturerFacts:
    """What is known of a lecturer of the expert pool; `staff_no` of one who is on the staff, else empty."""

    code: str
    name: str
    kind: LecturerKind
    organisation: str = ""
    field: str = ""
    availability: str = ""
    staff_no: str = ""


READER_ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Dubai",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
"""The zones among which a reader who is away may choose."""
