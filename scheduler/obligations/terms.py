"""The vocabulary of what is owed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.core.errors import lazy
from scheduler.core.periods import Cadence
from scheduler.people.terms import UnitKind


class Metric(StrEnum):
    """What is counted; each has a ledger in the slice that knows the facts."""

    GUIDANCE = "guidance"
    """Guidance records of a pairing (指导记录)."""
    CLASSES = "classes"
    """Special study classes begun (专题研修班)."""
    LECTURES = "lectures"
    """Evenings held of the evening school (干部夜校)."""
    COVERAGE = "coverage"
    """Eligible staff who have a mentor (帮带覆盖率)."""


class Subject(StrEnum):
    """Whose the duty is."""

    UNIT = "unit"
    PAIRING = "pairing"


class Base(StrEnum):
    """By what the number is multiplied."""

    ONE = "one"
    HEADCOUNT = "headcount"
    """The staff of the unit and of all below."""
    ELIGIBLE = "eligible"
    """Those of them who are to have a mentor."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What can be asked of a metric."""

    name: str
    """Message id."""
    subject: Subject
    cadences: tuple[Cadence, ...]
    bases: tuple[Base, ...] = (Base.ONE,)
    own_number: bool = False
    """Each subject has a number of its own, which stands where the obligation names none."""


MEASURES = {
    Metric.GUIDANCE: Measure(lazy("Guidance records"), Subject.PAIRING, (Cadence.MONTH,), own_number=True),
    Metric.CLASSES: Measure(
        lazy("Special study classes"),
        Subject.UNIT,
        (Cadence.YEAR, Cadence.QUARTER, Cadence.MONTH),
        (Base.ONE, Base.HEADCOUNT),
    ),
    Metric.LECTURES: Measure(
        lazy("Evenings of the evening school"),
        Subject.UNIT,
        (Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR),
    ),
    Metric.COVERAGE: Measure(
        lazy("Staff who have a mentor"),
        Subject.UNIT,
        (Cadence.YEAR, Cadence.QUARTER, Cadence.MONTH),
        (Base.ELIGIBLE, Base.HEADCOUNT),
    ),
}

CADENCE_NAMES = {
    Cadence.WEEK: lazy("each week"),
    Cadence.MONTH: lazy("each month"),
    Cadence.QUARTER: lazy("each quarter"),
    Cadence.YEAR: lazy("each year"),
}
"""The message id of each cadence."""

BASE_NAMES = {
    Base.ONE: lazy("In all"),
    Base.HEADCOUNT: lazy("Staff of the unit and below"),
    Base.ELIGIBLE: lazy("Staff who are to have a mentor"),
}
"""The message id of each base."""


class State(StrEnum):
    """How a subject stands in a period."""

    WAIVED = "waived"
    MET = "met"
    OPEN = "open"
    MISSED = "missed"


STATE_NAMES = {
    State.WAIVED: lazy("Waived"),
    State.MET: lazy("Met"),
    State.OPEN: lazy("Under way"),
    State.MISSED: lazy("Missed"),
}
"""The message id of each state."""


class Step(StrEnum):
    """A rung of the reminder ladder: who is told."""

    OWING = "owing"
    """Whose duty it is: the mentor, the unit's training officer."""
    OFFICER = "officer"
    """The unit's training officer."""
    OFFICE = "office"
    """The training office."""


@dataclass(frozen=True, slots=True)
class ObligationPlan:
    """What is to be owed from `starts_on` on: at least `number` for each `per` of the `base`, in every period.

    `level` names the units below `unit_id` that owe it each (None: that unit itself); a number of None leaves it to each
    subject's own. `source` says where the rule is written.
    """

    metric: Metric
    cadence: Cadence
    name_zh: str
    name_en: str
    unit_id: int
    number: int | None
    starts_on: date
    level: UnitKind | None = None
    base: Base = Base.ONE
    per: int = 1
    source: str = ""
    reminds: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """The subjects of an obligation in one period, counted."""

    subjects: int
    met: int
    waived: int
    required: int
    """What all of them owe, waived ones left out."""
    reached: int
    """How much of that is done; what a subject did beyond its own duty is not in it."""

    @property
    def behind(self) -> int:
        return self.subjects - self.met - self.waived

    @property
    def outstanding(self) -> int:
        return self.required - self.reached


@dataclass(frozen=True, slots=True)
class Standing:
    """How one subject stands in a period."""

    subject_id: int
    name: str
    unit: str
    required: int
    counted: int
    excused: int
    waiver_id: int | None
    waived_for: str
    """The reason of the waiver."""

    @property
    def outstanding(self) -> int:
        return 0 if self.waiver_id else max(0, self.required - self.counted)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How the subjects of one unit stand together."""

    unit_id: int
    unit: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Proof:
    """A row behind a figure: what it is, where to look at it, and why it does not count (message id; empty if it does)."""

    day: date
    label: str
    address: str
    barred: str
    amount: int
    excused: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A subject that owes still; `path` is that of its unit."""

    subject_id: int
    path: str
    outstanding: int
