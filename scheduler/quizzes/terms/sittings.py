"""Sittings: a paper held at a time for those who are due."""

from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.core.errors import lazy
from scheduler.core.periods import Span


class Denominator(StrEnum):
    """Who counts in the pass rate of a unit."""

    DUE = "due"
    """The frozen roster less exemptions: who is absent counts as not passed."""
    SAT = "sat"


DENOMINATOR_NAMES = {
    Denominator.DUE: lazy("All who are due (absent counts as not passed)"),
    Denominator.SAT: lazy("Only those who sat"),
}


class Release(StrEnum):
    """When those who sat learn their results."""

    SUBMITTED = "submitted"
    CLOSED = "closed"
    BY_HAND = "by_hand"


RELEASE_NAMES = {
    Release.SUBMITTED: lazy("At once when handed in"),
    Release.CLOSED: lazy("When the sitting has closed"),
    Release.BY_HAND: lazy("When the office releases them"),
}


class PartialCredit(StrEnum):
    """What an incomplete answer to a multiple choice item is worth; a wrong choice in it makes it worth nothing."""

    NONE = "none"
    HALF = "half"
    SHARE = "share"
    """The right choices made, of all right choices."""


CREDIT_NAMES = {
    PartialCredit.NONE: lazy("Nothing unless complete"),
    PartialCredit.HALF: lazy("Half the points"),
    PartialCredit.SHARE: lazy("The share of right choices"),
}


class Attendees(StrEnum):
    """Who attends a retraining."""

    WHOLE_UNIT = "whole_unit"
    NOT_PASSED = "not_passed"


ATTENDEES_NAMES = {
    Attendees.WHOLE_UNIT: lazy("The whole unit"),
    Attendees.NOT_PASSED: lazy("Only those who failed or were absent"),
}


@dataclass(frozen=True, slots=True)
class SittingRules:
    """How a sitting is taken, graded and judged."""

    length_minutes: int = 60
    attempts: int = 1
    """How many each person may make; the best counts."""
    pass_mark: int = 60
    """Per cent of the points that a person needs."""
    threshold: int = 80
    """Per cent that must pass in a unit: strictly below it trains again."""
    denominator: Denominator = Denominator.DUE
    smallest_unit: int = 5
    """With fewer people in the denominator a person decides."""
    credit: PartialCredit = PartialCredit.NONE
    release: Release = Release.CLOSED
    explanations: bool = True
    """Whether keys and explanations are released with the results."""
    double_marking: bool = False
    stagger_minutes: int = 0
    """Over how many minutes after the opening people are let in, each at a moment of their own."""
    regrade_days: int = 3
    """After the close; the results of units are provisional until then."""
    confirm_days: int = 7
    """After which a retraining order confirms itself; 0: never."""
    attendees: Attendees = Attendees.WHOLE_UNIT


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """What a sitting is to be: due is the audience `audience_id` (a class, a series), or the units and people named."""

    title: str
    paper_id: int
    span: Span
    host_unit_id: int
    audience_id: int | None = None
    unit_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    venue_id: int | None = None
    rules: SittingRules = field(default_factory=SittingRules)


class Concession(StrEnum):
    """What may be granted to a person, more time also to a unit."""

    MORE_TIME = "more_time"
    EXEMPT = "exempt"
    """Left out of what the unit is judged by."""
    DEFERRED = "deferred"
    """Sits later: keeps the unit's result provisional until the cut-off."""


CONCESSION_NAMES = {
    Concession.MORE_TIME: lazy("More time"),
    Concession.EXEMPT: lazy("Exempt"),
    Concession.DEFERRED: lazy("Deferred"),
}
