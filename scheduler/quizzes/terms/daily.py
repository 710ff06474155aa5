"""A question a day: for who asked for it, never counted, seen by nobody else."""

from dataclasses import dataclass
from datetime import date, datetime, time

from scheduler.core.errors import lazy
from scheduler.quizzes.terms.bank import ItemKind

ASK_AT = time(7, 30)
"""When the question of a working day comes, in the organisation's zone."""
SHOWN = 30
"""How many of their last questions people may look at again."""

GROUP_SENTENCES = {
    ItemKind.SINGLE: lazy("Question of the day, single choice: %(question)s"),
    ItemKind.MULTIPLE: lazy("Question of the day, multiple choice: %(question)s"),
    ItemKind.TRUE_FALSE: lazy("Question of the day, true or false: %(question)s"),
    ItemKind.FILL: lazy("Question of the day, fill in: %(question)s"),
}
"""What a group is told, for each kind that is asked: what machines can grade, so no short answers."""


@dataclass(frozen=True, slots=True)
class DailyKey:
    """What is right and why, as its person sees it; `right`: whether the answer was, None where there is none."""

    right: bool | None
    key: str
    accepted: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class DailyShown:
    """A question of a day as its person sees it, in one language; `key` is None while nobody may be told."""

    day: date
    kind: ItemKind
    stem: str
    choices: tuple[tuple[str, str], ...]
    answer: str
    answered_at: datetime | None
    key: DailyKey | None
