"""The vocabulary of mentoring."""

from scheduler.mentoring.terms.pairings import (
    EVENT_NAMES,
    OPEN,
    STATUS_NAMES,
    PairingEventKind,
    PairingPlan,
    PairingRow,
    PairingStatus,
    Standing,
    Step,
)
from scheduler.mentoring.terms.programmes import WORDS_NAMES, WordsFor
from scheduler.mentoring.terms.records import (
    CONFIRMATION_NAMES,
    STATE_NAMES,
    Confirmation,
    GuidanceInput,
    RecordRow,
    RecordState,
)

__all__ = [
    "CONFIRMATION_NAMES",
    "EVENT_NAMES",
    "OPEN",
    "STATE_NAMES",
    "STATUS_NAMES",
    "WORDS_NAMES",
    "Confirmation",
    "GuidanceInput",
    "PairingEventKind",
    "PairingPlan",
    "PairingRow",
    "PairingStatus",
    "RecordRow",
    "RecordState",
    "Standing",
    "Step",
    "WordsFor",
]
