"""The vocabulary of mentoring."""

from enum import StrEnum


class PairingStatus(StrEnum):
    """The life of a pairing."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
