"""Drawing the questions of an attempt: which items, in which order, with their choices in which order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from scheduler.core.errors import Refusal, lazy
from scheduler.quizzes.terms.bank import CHOOSING, LETTERS, Difficulty, ItemKind
from scheduler.quizzes.terms.papers import DrawRule


@dataclass(frozen=True, slots=True)
class Drawable:
    """An item of the bank in its newest version, as far as a draw asks."""

    item_id: int
    version_id: int
    kind: ItemKind
    topic: str
    difficulty: Difficulty
    choices: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question of an attempt: `order` is the letters of the choices as this person sees them."""

    version_id: int
    points: int
    order: str


class TooFewItems(Refusal):
    """The bank has fewer items of a kind than a paper wants to draw."""


def fits(rule: DrawRule, item: Drawable) -> bool:
    """Tell whether `rule` may draw `item`."""
    return (
        rule.topic in {None, item.topic}
        and rule.kind in {None, item.kind}
        and rule.difficulty in {None, item.difficulty}
    )


def pick(
    rules: Sequence[DrawRule], pool: Iterable[Drawable], chance: Random, *, seen: Collection[int] = ()
) -> list[tuple[Drawable, int]]:
    """Return items with their points by `rules`, each item once; those `seen` lately (ids) only where nothing else is left.

    Narrow rules draw first, so that a wide one does not take what a narrow one needs. Refuses with TooFewItems.
    """
    free = {item.item_id: item for item in pool}
    picked: dict[int, list[tuple[Drawable, int]]] = {}
    width = {number: sum(fits(rule, item) for item in free.values()) for number, rule in enumerate(rules)}
    for number in sorted(width, key=width.__getitem__):
        rule = rules[number]
        fitting = [item for item in free.values() if fits(rule, item)]
        if len(fitting) < rule.count:
            raise TooFewItems(
                lazy("The bank has too few items for rule %(number)s: %(wanted)s wanted, %(found)s found."),
                number=number + 1,
                wanted=rule.count,
                found=len(fitting),
            )
        fitting.sort(key=lambda item: (item.item_id in seen, chance.random()))
        picked[number] = [(item, rule.points) for item in fitting[: rule.count]]
        for item, _points in picked[number]:
            del free[item.item_id]
    return [each for number in sorted(picked) for each in picked[number]]


def draws(rules: Sequence[DrawRule], pool: Iterable[Drawable]) -> None:
    """Refuse with TooFewItems rules that `pool` cannot meet."""
    pick(rules, pool, Random(0))  # noqa: S311 - which ones is of no matter here


def arrange(
    items: Sequence[tuple[Drawable, int]], chance: Random, *, shuffle_questions: bool, shuffle_choices: bool
) -> list[Drawn]:
    """Return the questions in the order in which one person gets them."""
    order = list(items)
    if shuffle_questions:
        chance.shuffle(order)
    return [Drawn(item.version_id, points, _letters(item, chance, shuffle_choices)) for item, points in order]


def _letters(item: Drawable, chance: Random, shuffled: bool) -> str:  # noqa: FBT001 - a fact of the paper
    if item.kind not in CHOOSING:
        return ""
    letters = list(LETTERS[: item.choices])
    if shuffled:
        chance.shuffle(letters)
    return "".join(letters)
