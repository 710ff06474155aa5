"""The vocabulary of what runs by itself."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum


class Weekday(IntEnum):
    """Days of the week as Python counts them; in a cadence they are words, for crontab counts otherwise."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a civil time of the organisation's zone, on all or some weekdays.

    On the day a clock change skips that time it is due at the instant the old offset gives; where the change
    repeats it, at the first.
    """

    at: time
    weekdays: tuple[Weekday, ...] = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Every:
    """At each multiple of `interval` since the beginning of 1970 in UTC, whatever the zone does."""

    interval: timedelta


class CatchUp(StrEnum):
    """What a long outage means for a job."""

    ALL = "all"
    """Each missed slot is run: its effect belongs to that slot."""
    LATEST = "latest"
    """Only the latest missed slot is run: it does what the earlier ones would have done."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work that recurs; `name` identifies its slots for good."""

    name: str
    cadence: Daily | Every
    catch_up: CatchUp


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot in the hands of one process; `attempt` is the fencing token that a later claim makes worthless."""

    slot_id: int
    job: str
    due_at: datetime
    owner: str
    attempt: int


class LeaseLost(Exception):
    """The slot was done or claimed by another process in the meantime; what was just done is rolled back."""
