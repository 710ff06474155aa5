"""The vocabulary of calendars that leave the house."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.agenda.terms import ActivityKind, AudienceKind, Scope


class Language(StrEnum):
    ZH = "zh_CN"
    EN = "en"


class Part(StrEnum):
    """Which of a person's roles a calendar shows."""

    ALL = "all"
    LEARNING = "learning"
    TEACHING = "teaching"


class ExportForm(StrEnum):
    """How a downloaded calendar says what repeats."""

    SINGLE = "single"
    """One event for each activity, times in UTC, as in the feeds."""
    SERIES = "series"
    """A lecture series as one repeating event with exceptions, times in the organisation's zone."""


class EventState(StrEnum):
    """STATUS of an event (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where calendars come from: what the settings say and events repeat."""

    base_url: str
    installation_id: str
    organisation: str
    zone: ZoneInfo

    def link(self, path: str) -> str:
        """Return the full address of a `path` that begins with a slash."""
        return self.base_url.rstrip("/") + path


@dataclass(frozen=True, slots=True)
class EventFacts:
    """All that the text of an event is made from; two events with equal facts have equal bytes."""

    uid: str
    kind: ActivityKind
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    state: EventState
    venue_name: str
    venue_address: str
    lecturers: str
    """Names joined by 、."""
    audience_kind: AudienceKind
    audience_name: str
    sequence: int
    revised_at: datetime
    moved_from: datetime | None
    change_reason: str
    url: str


@dataclass(frozen=True, slots=True)
class BannerFacts:
    """A class of several days as a bar above its sessions: civil dates, both included."""

    uid: str
    title: str
    first: date
    last: date
    cancelled: bool
    sequence: int
    revised_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What a calendar says of itself."""

    name: str
    zone_name: str
    url: str
    language: Language


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What is asked of a calendar that a program is to fetch."""

    label: str
    scope: Scope
    language: Language
    part: Part = Part.ALL
    with_cancelled: bool = True
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """One content of a feed: its digest, since when it stands, how many events it has, and what it follows from."""

    digest: str
    since: datetime
    events: int
    basis: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """A program has read a feed: when, which, and the state that it got."""

    subscription_id: int
    at: datetime
    client: str
    state: FeedState
