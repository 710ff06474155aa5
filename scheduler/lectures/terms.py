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


class Trouble(StrEnum):
    """What the work calendar has against an evening on a date."""

    OFF = "off"
    """A public holiday: a person decides to skip, move or keep."""
    EVE = "eve"
    """The day before a public holiday: people travel, a warning."""


class MoveGround(StrEnum):
    """Why a date is proposed for an evening that lost its own."""

    MAKE_UP = "make_up"
    """An adjusted working day (调休) near the lost date."""
    WORKDAY = "workday"
    EVE = "eve"
    """A working day, but the eve of a holiday: the last resort."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A date that the rule of an evening school gives: `number` counts from 1, `turn` says which strand's it is."""

    day: date
    number: int
    turn: int


@dataclass(frozen=True, slots=True)
class MoveProposal:
    """A date to which an evening may move, and what speaks for it."""

    day: date
    ground: MoveGround
