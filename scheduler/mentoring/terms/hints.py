"""What a mentor is told about the own records, as advice: nobody else sees it, and nothing counts it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.core.errors import lazy


class Hint(StrEnum):
    """A sign that records are written for the record's sake."""

    ALIKE = "alike"
    BURST = "burst"
    ONE_AREA = "one_area"


HINT_NAMES = {
    Hint.ALIKE: lazy(
        "The latest record reads almost like an earlier one. A sentence on what was different this time helps both of you later."
    ),
    Hint.BURST: lazy(
        "Several records were filed on one day at the end of the month. Right after a session, a record takes less than a minute."
    ),
    Hint.ONE_AREA: lazy("The last four records are all about %(area)s. Perhaps another content area next time?"),
}
"""The message id of each hint."""


@dataclass(frozen=True, slots=True)
class Past:
    """A record as hints look at it: the days are civil days of the organisation."""

    day: date
    filed_on: date
    text: str
    area_ids: tuple[int, ...]
    meeting: str | None
    """The same for the records of one joint session."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A hint; `area_id` is the one area that the records are about."""

    hint: Hint
    area_id: int | None = None
