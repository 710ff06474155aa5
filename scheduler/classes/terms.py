"""The vocabulary of special study classes."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class ClassStatus(StrEnum):
    """The life of a class."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ClassMode(StrEnum):
    """How a class is held (培训方式)."""

    FULL_TIME = "full_time"
    """Released from work, in one go (脱产集中)."""
    PART_TIME = "part_time"
    ONLINE = "online"
    MIXED = "mixed"


class PartOfDay(StrEnum):
    """The grain of a timetable (时段)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class TeachingMode(StrEnum):
    """How a session is taught (方式)."""

    LECTURE = "lecture"
    SEMINAR = "seminar"
    FIELD = "field"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What a class is to be. `ends_on` is its last day; `hours` are training hours (学时), `budget` yuan in all.

    `quotas` are pairs (unit id, places); a unit's places are for its people and those of all units below it.
    """

    code: str
    title: str
    host_unit_id: int
    starts_on: date
    ends_on: date
    capacity: int
    theme: str = ""
    organiser_unit_id: int | None = None
    run_number: int = 1
    hours: int = 0
    mode: ClassMode = ClassMode.FULL_TIME
    budget: float | None = None
    quotas: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a session of a timetable is to be; times are civil times in the organisation's zone."""

    day: date
    part_of_day: PartOfDay
    starts: time
    ends: time
    topic: str
    lecturer_ids: tuple[int, ...] = ()
    venue_id: int | None = None
    teaching_mode: TeachingMode = TeachingMode.LECTURE


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bulk import did: the ids of all rows in the order of the input, and how many of them are new."""

    ids: tuple[int, ...]
    created: int
