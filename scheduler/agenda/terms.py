"""The vocabulary of everything that has a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from scheduler.core.errors import Refusal, lazy
from scheduler.core.periods import Span

LONGEST = timedelta(hours=24)
"""The longest activity (a check of the table); it makes every search by time two-sided."""


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


KIND_NAMES = {
    ActivityKind.SESSION: lazy("Class session"),
    ActivityKind.LECTURE: lazy("Lecture"),
    ActivityKind.FIELD: lazy("Field teaching"),
    ActivityKind.QUIZ: lazy("Quiz"),
    ActivityKind.GUIDANCE: lazy("Guidance session"),
    ActivityKind.MEETING: lazy("Meeting"),
}
"""The message id of each kind."""


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


OWNED = frozenset({AudienceKind.STUDY_CLASS, AudienceKind.SERIES})
"""Audiences whose activities another slice plans: it changes them on pages of its own; quizzes are changed so too."""


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


VENUE_NAMES: dict[VenueKind, str] = {
    VenueKind.CLASSROOM: lazy("Classroom"),
    VenueKind.SEMINAR_ROOM: lazy("Seminar room"),
    VenueKind.AUDITORIUM: lazy("Auditorium"),
    VenueKind.PRACTICE_BASE: lazy("Practice base"),
    VenueKind.ONLINE: lazy("Online"),
}
"""English message ids of the kinds."""


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What is known of a venue, as typed or imported; texts are cleaned by the action."""

    code: str
    name: str
    kind: VenueKind
    capacity: int
    address: str = ""


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


class ClashKind(StrEnum):
    """What two activities cannot share, or what speaks against a time."""

    VENUE = "venue"
    LECTURER = "lecturer"
    PERSON = "person"
    """A participant, or a lecturer of the staff, who is expected or teaches elsewhere."""
    HOLIDAY = "holiday"
    EVE = "eve"
    """The working day before a holiday."""
    CAPACITY = "capacity"
    """The venue has fewer seats than the audience has members."""


class Severity(StrEnum):
    """What a clash asks of the planner: an override with a reason, a confirmation, or nothing."""

    BLOCK = "block"
    CONFIRM = "confirm"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Clash:
    """What speaks against plan number `plan` (from 0).

    `resource` is the name of the venue, lecturer, holiday, or of one person of `people` who clash. `title` and `activity_id` name the other
    activity; where the reader may not see it they are "" and None: then only "occupied" may be said.
    A clash between two plans of one call has `other_plan` and no `activity_id`.
    """

    kind: ClashKind
    severity: Severity
    plan: int
    span: Span
    resource: str
    resource_id: int | None = None
    title: str = ""
    activity_id: int | None = None
    other_plan: int | None = None
    people: int = 1

    @property
    def visible(self) -> bool:
        """Whether the reader may know what occupies the time."""
        return bool(self.title)


@dataclass(frozen=True, slots=True)
class SlotProposal:
    """A time near the wanted one at which venue, lecturers and participants are free."""

    span: Span
    venue_id: int | None = None
    venue_name: str = ""


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An activity as lists, schedules and calendars show it; `lecturers` are names joined by 、."""

    id: int
    uid: str
    kind: ActivityKind
    title: str
    starts_at: datetime
    ends_at: datetime
    status: ActivityStatus
    tentative: bool
    moved_from: datetime | None
    change_reason: str
    sequence: int
    revised_at: datetime
    venue_id: int | None
    venue_name: str
    audience_id: int
    audience_kind: AudienceKind
    audience_name: str
    host_unit_id: int
    lecturers: str

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class DayMark:
    """What the work calendar says of a date that departs from its weekday."""

    day: date
    kind: DayKind
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        """Return the name in `language` (zh_CN or en)."""
        return self.name_en if language == "en" else self.name_zh


class Keep:
    """The type of KEEP."""


KEEP = Keep()
"""Leave as it is: for arguments where None means "none"."""


class DoubleBooking(Refusal):
    """A venue or lecturer is taken. `clashes` say by what, `proposals` when it would be free."""

    status = 409

    def __init__(self, clashes: Sequence[Clash], proposals: Sequence[SlotProposal] = ()) -> None:
        first = next((clash for clash in clashes if clash.severity is Severity.BLOCK), None)
        super().__init__(
            lazy("%(resource)s is already booked at this time."), resource=first.resource if first else "?"
        )
        self.clashes = tuple(clashes)
        self.proposals = tuple(proposals)


class NeedsConfirmation(Refusal):
    """Something speaks against the time that the planner may accept. Ask, then repeat with Consent(confirmed=True)."""

    status = 409

    def __init__(self, clashes: Sequence[Clash], proposals: Sequence[SlotProposal] = ()) -> None:
        count = sum(clash.severity is Severity.CONFIRM for clash in clashes)
        super().__init__(lazy("%(count)s clashes of participants or holidays need your confirmation."), count=count)
        self.clashes = tuple(clashes)
        self.proposals = tuple(proposals)


WEEKDAY_NAMES = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
"""By `date.weekday()`."""
