"""The vocabulary of special study classes."""

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
