"""The vocabulary of special study classes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from scheduler.agenda.terms import ActivityStatus, SlotProposal
from scheduler.core.errors import Refusal, lazy


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


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class as lists show it; `status` is that of the day on which it was asked for."""

    id: int
    code: str
    title: str
    theme: str
    run_number: int
    host: str
    starts_on: date
    ends_on: date
    capacity: int
    taken: int
    status: ClassStatus
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the timetable shows it; `version` is that of its activity, `lecturers` are names joined by 、."""

    id: int
    activity_id: int
    version: int
    part_of_day: PartOfDay
    teaching_mode: TeachingMode
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
    def is_draft(self) -> bool:
        return self.status is ActivityStatus.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.status is ActivityStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody on the roster of a class."""

    person_id: int
    staff_no: str
    name: str
    unit: str
    unit_path: str
    post: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """Places of a unit in a class, and how many of its people (and of those below) are enrolled."""

    unit_id: int
    unit: str
    unit_path: str
    places: int
    taken: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """An engagement of a person during a session of a class; `title` is "" where the reader may not see it."""

    person_id: int
    person: str
    session_id: int
    session: str
    starts_at: datetime
    ends_at: datetime
    title: str
    activity_id: int


class GapKind(StrEnum):
    """What a copied session could not keep."""

    VENUE = "venue"
    LECTURER = "lecturer"


@dataclass(frozen=True, slots=True)
class Gap:
    """A venue or lecturer that was left open in a copied session, because it is taken at the new time."""

    day: date
    part_of_day: PartOfDay
    kind: GapKind
    name: str


class ClassFull(Refusal):
    """The class has fewer places left than people were to be enrolled; nobody was."""

    status = 409

    def __init__(self, *, code: str, capacity: int, asked: int) -> None:
        super().__init__(
            lazy("Class %(code)s has %(capacity)s places; %(asked)s more people do not fit. Nobody was enrolled."),
            code=code,
            capacity=capacity,
            asked=asked,
        )


class QuotaExceeded(Refusal):
    """More people of some units than they have places. Planners may go beyond with a reason; `lines` say where."""

    status = 409

    def __init__(self, lines: tuple[tuple[str, int, int], ...]) -> None:
        super().__init__(lazy("This goes beyond the places of %(units)s units."), units=len(lines))
        self.lines = lines
        """Unit's name ("" for units without places), its places, heads that there would be."""


class Engaged(Refusal):
    """People to be enrolled are expected elsewhere during sessions. Ask, then repeat with the confirmation."""

    status = 409

    def __init__(self, found: tuple[Overlap, ...], proposals: tuple[SlotProposal, ...] = ()) -> None:
        super().__init__(lazy("%(count)s engagements of these people overlap with sessions."), count=len(found))
        self.overlaps = found
        self.proposals = proposals
        """The nearest times of the first session concerned at which everybody could come, the new ones too."""
