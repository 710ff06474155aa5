"""Results: what came of each who was due, of each unit, and of the retraining that follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.core.errors import lazy


class Outcome(StrEnum):
    """What came of one who was due."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    EXEMPT = "exempt"
    DEFERRED = "deferred"
    PENDING = "pending"
    """Sat; somebody still has to mark."""


OUTCOME_NAMES = {
    Outcome.PASSED: lazy("Passed"),
    Outcome.FAILED: lazy("Not passed"),
    Outcome.ABSENT: lazy("Did not sit"),
    Outcome.EXEMPT: lazy("Exempt"),
    Outcome.DEFERRED: lazy("Deferred"),
    Outcome.PENDING: lazy("Being marked"),
}


class Standing(StrEnum):
    """How a unit stands against the threshold."""

    MET = "met"
    BELOW = "below"
    TOO_SMALL = "too_small"
    """A person decides."""
    UNDEFINED = "undefined"
    """Nobody counts."""


STANDING_NAMES = {
    Standing.MET: lazy("Meets the threshold"),
    Standing.BELOW: lazy("Below the threshold"),
    Standing.TOO_SMALL: lazy("Too small: for you to decide"),
    Standing.UNDEFINED: lazy("Nobody was due"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of a unit (with all below it) had each outcome."""

    passed: int = 0
    failed: int = 0
    absent: int = 0
    exempt: int = 0
    deferred: int = 0
    pending: int = 0

    @property
    def due(self) -> int:
        """Of the frozen roster, less those exempt; deferred ones are due until they have sat."""
        return self.passed + self.failed + self.absent + self.deferred + self.pending

    @property
    def sat(self) -> int:
        return self.passed + self.failed + self.pending

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.absent + other.absent,
            self.exempt + other.exempt,
            self.deferred + other.deferred,
            self.pending + other.pending,
        )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit at a sitting: `own` are the people judged in it (None: nobody is), `pooled` also those of all below.

    `carried` people passed in the rounds before, where only the others sat again.
    """

    id: int
    name: str
    path: str
    own: Tally | None
    standing: Standing | None
    final_at: datetime | None
    pooled: Tally
    carried: int = 0


@dataclass(frozen=True, slots=True)
class NameRow:
    """A person behind a number; `score` is in hundredths of a point, `out_of` in points."""

    person_id: int
    staff_no: str
    name: str
    unit: str
    judged_unit: str
    outcome: Outcome
    score: int | None
    out_of: int | None


class OrderState(StrEnum):
    """The life of a retraining order."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    """Its class and its next sitting exist."""
    CLOSED = "closed"
    """The unit met the threshold at the next sitting."""
    NEXT_ROUND = "next_round"
    """It did not, and the next order exists."""
    ESCALATED = "escalated"
    """It did not in the last round: somebody above decides."""
    WITHDRAWN = "withdrawn"
    """A regrade took its ground away before it was begun, or a person did with a reason."""
    NOT_REQUIRED = "not_required"
    """A regrade took its ground away after it had begun: it goes on, marked so."""


ORDER_NAMES = {
    OrderState.PROPOSED: lazy("Proposed"),
    OrderState.CONFIRMED: lazy("Under way"),
    OrderState.CLOSED: lazy("Threshold met"),
    OrderState.NEXT_ROUND: lazy("Next round"),
    OrderState.ESCALATED: lazy("Escalated"),
    OrderState.WITHDRAWN: lazy("Withdrawn"),
    OrderState.NOT_REQUIRED: lazy("No longer required"),
}

LAST_ROUND = 3
"""After which a unit that is still below the threshold is escalated."""
