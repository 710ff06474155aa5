"""Papers: which items are asked, named one by one or drawn by rules."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.quizzes.terms.bank import Difficulty, ItemKind

MOST_QUESTIONS = 200
LATELY = timedelta(days=90)
"""So long a draw keeps away from what somebody was asked, where the bank has other items."""
MOST_POINTS = 100
"""What one question may be worth."""


@dataclass(frozen=True, slots=True)
class DrawRule:
    """Draw `count` items worth `points` each; None takes any topic, kind or difficulty."""

    count: int
    points: int
    topic: str | None = None
    kind: ItemKind | None = None
    difficulty: Difficulty | None = None


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """What a paper is to be: either `items`, pairs of (item id, points) in order, or `rules` to draw by."""

    name: str
    items: tuple[tuple[int, int], ...] = ()
    rules: tuple[DrawRule, ...] = ()
    shuffle_questions: bool = True
    shuffle_choices: bool = True
