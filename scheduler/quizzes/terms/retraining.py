"""Retraining: how long things take, what is noted with an order, and what its pages show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.core.errors import lazy
from scheduler.quizzes.terms.results import OrderState

DEFERRAL = timedelta(days=30)
"""After the close: who was deferred and has not sat by then counts as absent."""
LESSON = timedelta(hours=2)
"""The lesson of a retraining class; its test follows at once."""
LONGEST_TEST = timedelta(hours=10)
REACH = timedelta(days=14)
"""Within which a retraining is proposed."""

REGRADED = lazy("After a regrade the unit meets the threshold.")
REGRADED_BACK = lazy("Proposed again: after another regrade the unit is below the threshold.")
NOBODY_DUE = lazy("Nobody was due at the next sitting.")
NO_SLOT = lazy("It could not confirm itself: no time in the next 14 days suits everybody. Please arrange it.")
SAME_ITEMS = lazy("The item bank holds too few other items of these topics: the same paper is taken again.")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the board shows it."""

    id: int
    sitting_id: int
    judged_sitting_id: int
    title: str
    unit_id: int
    unit: str
    unit_path: str
    round: int
    state: OrderState
    passed: int
    counted: int
    threshold: int
    proposed_at: datetime
    confirms_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A unit that is below the threshold and too small to be judged by it alone."""

    sitting_id: int
    title: str
    unit_id: int
    unit: str
    unit_path: str
    passed: int
    counted: int
    threshold: int
