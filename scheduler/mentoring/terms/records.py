"""The life of a guidance record in words."""

from dataclasses import dataclass
from datetime import date
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


STATE_NAMES = {
    RecordState.FILED: lazy("Filed"),
    RecordState.WITHDRAWN: lazy("Withdrawn"),
    RecordState.REPLACED: lazy("Replaced by a correction"),
}
"""The message id of each state."""


@dataclass(frozen=True, slots=True)
class GuidanceInput:
    """A guidance session as the mentor states it. Texts are cleaned by the action."""

    day: date
    mode_id: int
    area_ids: tuple[int, ...]
    text: str
    minutes: int | None = None
    place: str = ""
    next_step: str = ""
    next_day: date | None = None
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as lists show it; `text` is empty for who may not read the words."""

    id: int
    pairing_id: int
    day: date
    mode_zh: str
    mode_en: str
    text: str
    minutes: int | None
    state: RecordState
    confirmation: Confirmation
    is_late: bool
    corrects_id: int | None
    areas: tuple[str, ...] = ()

    def mode(self, language: str) -> str:
        """Return the way of guidance in `language` (zh_CN or en)."""
        return self.mode_en if language == "en" else self.mode_zh

    @property
    def counts(self) -> bool:
        return self.state is RecordState.FILED and self.confirmation is not Confirmation.DISPUTED
