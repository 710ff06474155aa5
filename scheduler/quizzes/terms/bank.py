"""Items of the bank and what they say."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.core.errors import lazy

MOST_CHOICES = 10
LETTERS = "ABCDEFGHIJ"
"""The letter of each choice, by its place in the bank."""
TRUE, FALSE = "T", "F"
"""The key of a true/false item, and what is answered to it."""
STEM_LIMIT, CHOICE_LIMIT, ACCEPTED_LIMIT, EXPLANATION_LIMIT, TOPIC_LIMIT = 2000, 500, 200, 4000, 80


class ItemKind(StrEnum):
    """The five types of items."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL = "fill"
    """Fill-in; several forms may be accepted."""
    SHORT = "short"
    """A short answer, marked by a person."""


CHOOSING = frozenset({ItemKind.SINGLE, ItemKind.MULTIPLE})
"""Kinds that offer choices of their own."""

KIND_NAMES = {
    ItemKind.SINGLE: lazy("Single choice"),
    ItemKind.MULTIPLE: lazy("Multiple choice"),
    ItemKind.TRUE_FALSE: lazy("True or false"),
    ItemKind.FILL: lazy("Fill-in"),
    ItemKind.SHORT: lazy("Short answer"),
}


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


DIFFICULTY_NAMES = {
    Difficulty.EASY: lazy("Easy"),
    Difficulty.MEDIUM: lazy("Medium"),
    Difficulty.HARD: lazy("Hard"),
}


@dataclass(frozen=True, slots=True)
class ItemText:
    """All that an item says; a changed text is a new version of it.

    `choices` are those of a single or multiple choice item, in the bank's order; `choices_en` is empty or as long.
    `key` is the letters of the right choices in order ("AC"), T or F, or "" for what is written.
    `accepted` are the forms that a fill-in takes, as typed; they are compared folded (core.text.fold).
    """

    kind: ItemKind
    stem: str
    choices: tuple[str, ...] = ()
    key: str = ""
    accepted: tuple[str, ...] = ()
    explanation: str = ""
    topic: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM
    stem_en: str = ""
    choices_en: tuple[str, ...] = ()
    explanation_en: str = ""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of the bank as an import compares with it; `answer` as a sheet would write it."""

    item_id: int
    digest: str
    stem: str
    answer: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class BankFilter:
    """Which items of the bank are wanted; "" and None take any. `text` is looked for in stems, explanations, topics."""

    text: str = ""
    topic: str = ""
    kind: ItemKind | None = None
    difficulty: Difficulty | None = None
    retired: bool = False
