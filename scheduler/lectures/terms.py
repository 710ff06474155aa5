"""The vocabulary of lecture series."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from scheduler.agenda.terms import ActivityStatus


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


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """What an evening school is to be. `weekday` 0 is Monday; `strands` are the names of its series, in turn."""

    name: str
    weekday: int
    starts: time
    ends: time
    begins_on: date
    ends_on: date
    host_unit_id: int
    venue_id: int | None
    strands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EveningChange:
    """All that an evening is to be after a change. What differs from before is what changes, here and further on.

    For evenings further on `title` is a pattern: {series}, {number} and {topic} (their own title) are filled in;
    another day shifts them by as many days.
    """

    title: str
    day: date
    starts: time
    ends: time
    venue_id: int | None
    lecturer_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EveningRow:
    """An evening as lists show it; `version` is that of its activity, `lecturers` are names joined by 、."""

    id: int
    series_id: int
    series: str
    turn: int
    slot_on: date
    activity_id: int
    version: int
    title: str
    starts_at: datetime
    ends_at: datetime
    status: ActivityStatus
    tentative: bool
    moved_from: datetime | None
    change_reason: str
    venue_id: int | None
    venue: str
    lecturers: str

    @property
    def is_cancelled(self) -> bool:
        return self.status is ActivityStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series as lists show it: its programme's rule, subscribers, whether the reader is one, the next evening."""

    id: int
    audience_id: int
    name: str
    programme_id: int
    programme: str
    weekday: int
    starts: time
    ends: time
    open: bool
    subscribers: int
    subscribed: bool
    next_title: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Generated:
    """What the rule brought: evenings made, slots that wait for a decision, days whose venue was taken."""

    created: int
    waiting: tuple[date, ...]
    without_venue: tuple[date, ...]
