"""The life of a guidance record in words."""

from enum import StrEnum

from scheduler.core.errors import lazy


class RecordState(StrEnum):
    """Whether a guidance record stands."""

    FILED = "filed"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    """A correction took its place."""


class Confirmation(StrEnum):
    """What the mentee said of a record. Nothing confirms by itself."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


CONFIRMATION_NAMES = {
    Confirmation.UNCONFIRMED: lazy("Not confirmed"),
    Confirmation.CONFIRMED: lazy("Confirmed"),
    Confirmation.DISPUTED: lazy("Disputed"),
}
"""The message id of each answer."""


class Barred(StrEnum):
    """Why a record does not count for the month."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DISPUTED = "disputed"


BARRED_NAMES = {
    Barred.WITHDRAWN: lazy("Withdrawn"),
    Barred.REPLACED: lazy("Replaced by a correction"),
    Barred.DISPUTED: lazy("Disputed by the mentee"),
}
"""The message id of each reason."""
