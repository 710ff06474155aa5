"""The life of a pairing in words."""

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
