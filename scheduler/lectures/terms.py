"""The vocabulary of lecture series."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Reach(StrEnum):
    """How far a change of one evening goes."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class HolidayChoice(StrEnum):
    """What a person decides about an evening that falls on a public holiday."""

    SKIP = "skip"
    MOVE = "move"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class EveningPlan:
    """What an evening of the named series is to be; times are civil times in the organisation's zone."""

    series: str
    day: date
    starts: time
    ends: time
    topic: str
    lecturer_ids: tuple[int, ...] = ()
    venue_id: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bulk import did: the ids of all rows in the order of the input, and how many of them are new."""

    ids: tuple[int, ...]
    created: int
