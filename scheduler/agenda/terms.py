"""The vocabulary of everything that has a time."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.core.periods import Span


class ActivityKind(StrEnum):
    """What an activity is."""

    SESSION = "session"
    """A half day or evening of a special study class."""
    LECTURE = "lecture"
    """An evening of a lecture series."""
    FIELD = "field"
    """Field teaching (现场教学)."""
    QUIZ = "quiz"
    GUIDANCE = "guidance"
    MEETING = "meeting"


class ActivityStatus(StrEnum):
    """The life of an activity. A draft holds its venue and lecturers, but only planners see it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class AudienceKind(StrEnum):
    """For whom activities are."""

    STUDY_CLASS = "class"
    """The roster of a class."""
    SERIES = "series"
    """The subscribers of a lecture series."""
    PEOPLE = "people"
    """Named people."""
    UNIT = "unit"
    """A whole unit, with all below it."""


class MembershipSource(StrEnum):
    """How somebody came into an audience."""

    NAMED = "named"
    UNIT = "unit"
    SELF = "self"


class AttendanceState(StrEnum):
    """What is known of a person's part in an activity."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ON_LEAVE = "on_leave"
    ABSENT = "absent"


class VenueKind(StrEnum):
    CLASSROOM = "classroom"
    SEMINAR_ROOM = "seminar_room"
    AUDITORIUM = "auditorium"
    PRACTICE_BASE = "practice_base"
    ONLINE = "online"


class DayKind(StrEnum):
    """How a date departs from its weekday: a day off, or an adjusted working day (调休)."""

    OFF = "off"
    WORK = "work"


class ScopeKind(StrEnum):
    """Whose or what's calendar it is."""

    ORGANISATION = "organisation"
    UNIT = "unit"
    CLASS = "class"
    SERIES = "series"
    PERSON = "person"
    VENUE = "venue"
    LECTURER = "lecturer"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose or what's calendar: `id` of the unit, audience (class, series), person, venue or lecturer; None for all."""

    kind: ScopeKind
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """What an activity is to be; `lecturer_ids` may be empty."""

    kind: ActivityKind
    title: str
    span: Span
    audience_id: int
    host_unit_id: int
    venue_id: int | None = None
    lecturer_ids: tuple[int, ...] = ()
    description: str = ""
    status: ActivityStatus = ActivityStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person who plans has agreed to after being shown the clashes.

    `override_reason` books a venue or lecturer twice (audited); `confirmed` accepts clashes of participants.
    """

    override_reason: str | None = None
    confirmed: bool = False
