"""The life of a pairing in words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.core.errors import lazy


class PairingStatus(StrEnum):
    """The life of a pairing."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    """Both sides said yes; it begins when it is activated."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"


STATUS_NAMES = {
    PairingStatus.PROPOSED: lazy("Proposed"),
    PairingStatus.AGREED: lazy("Agreed"),
    PairingStatus.ACTIVE: lazy("In force"),
    PairingStatus.SUSPENDED: lazy("Suspended"),
    PairingStatus.COMPLETED: lazy("Completed"),
    PairingStatus.ENDED_EARLY: lazy("Ended early"),
}
"""The message id of each status."""

OPEN = (PairingStatus.ACTIVE, PairingStatus.SUSPENDED)
"""A mentee has one pairing in these at a time, and a mentor as many as the programme's capacity."""


class PairingEventKind(StrEnum):
    """What happened in the life of a pairing."""

    PROPOSED = "proposed"
    MENTOR_AGREED = "mentor_agreed"
    MENTEE_AGREED = "mentee_agreed"
    ACTIVATED = "activated"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ENDED_EARLY = "ended_early"
    COMPLETED = "completed"
    SPONSOR_CHANGED = "sponsor_changed"
    GOALS_CHANGED = "goals_changed"
    PLAN_CHANGED = "plan_changed"
    PERIOD_CHANGED = "period_changed"


EVENT_NAMES = {
    PairingEventKind.PROPOSED: lazy("Proposed"),
    PairingEventKind.MENTOR_AGREED: lazy("The mentor agreed"),
    PairingEventKind.MENTEE_AGREED: lazy("The mentee agreed"),
    PairingEventKind.ACTIVATED: lazy("Began"),
    PairingEventKind.SUSPENDED: lazy("Suspended"),
    PairingEventKind.RESUMED: lazy("Resumed"),
    PairingEventKind.ENDED_EARLY: lazy("Ended early"),
    PairingEventKind.COMPLETED: lazy("Completed"),
    PairingEventKind.SPONSOR_CHANGED: lazy("Another sponsor"),
    PairingEventKind.GOALS_CHANGED: lazy("Goals changed"),
    PairingEventKind.PLAN_CHANGED: lazy("Development plan changed"),
    PairingEventKind.PERIOD_CHANGED: lazy("Last day changed"),
}
"""The message id of each kind of event."""


class Step(StrEnum):
    """What can be done with a pairing; the value is part of the page's address."""

    AGREE = "agree"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    END = "end"
    EDIT = "edit"
    NEXT_TERM = "next-term"


@dataclass(frozen=True, slots=True)
class PairingPlan:
    """A pairing to propose; `ends_on` is its last day. Texts are cleaned by the action."""

    mentor_id: int
    mentee_id: int
    programme_id: int
    starts_on: date
    ends_on: date
    sponsor_id: int | None = None
    goals: str = ""
    development_plan: str = ""
    content_areas: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pairing stands in a month: sessions that count, sessions that it owes; and who the two are."""

    pairing_id: int
    mentor_id: int
    mentor: str
    mentee_id: int
    mentee: str
    unit: str
    unit_path: str
    programme_id: int
    status: PairingStatus
    duty: int
    days_in_force: int
    owed: int
    counted: int
    unconfirmed: int
    """Records of the month, counted or disputed, that the mentee has not answered."""
    waived_for: str = ""
    """Why nothing is owed this month although the days would ask for it."""

    @property
    def owes(self) -> bool:
        """Whether anything is asked for in this month, done or not."""
        return self.owed > 0 and not self.waived_for

    @property
    def outstanding(self) -> int:
        return max(0, self.owed - self.counted) if self.owes else 0


@dataclass(frozen=True, slots=True)
class PairingRow:
    """A line of the list of pairings."""

    id: int
    mentor: str
    mentor_no: str
    mentor_unit: str
    mentee: str
    mentee_no: str
    mentee_unit: str
    programme_zh: str
    programme_en: str
    term: int
    starts_on: date
    ends_on: date
    status: PairingStatus
    counted: int

    def programme(self, language: str) -> str:
        """Return the programme's name in `language` (zh_CN or en)."""
        return self.programme_en if language == "en" else self.programme_zh
