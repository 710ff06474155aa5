"""Drawing the questions of an attempt: which items, in which order, with their choices in which order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
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

    Narrow rules draw first, and one that finds nothing left takes from another that has a choice: whether the rules
    can be met is never a matter of chance. Refuses with TooFewItems.
    """
    items = list(pool)
    hands = [_Hand(rule, [item for item in items if fits(rule, item)]) for rule in rules]
    for hand in hands:
        hand.wanted.sort(key=lambda item: (item.item_id not in seen, chance.random()))
    gone: set[int] = set()
    for number in sorted(range(len(hands)), key=lambda number: len(hands[number].wanted)):
        hand = hands[number]
        for _each in range(hand.rule.count):
            if not _take(hands, number, gone, set()):
                raise TooFewItems(
                    lazy("The bank has too few items for rule %(number)s: %(wanted)s wanted, %(found)s found."),
                    number=number + 1,
                    wanted=hand.rule.count,
                    found=len(hand.items),
                )
    return [(item, hand.rule.points) for hand in hands for item in hand.items]


@dataclass(slots=True)
class _Hand:
    """What a rule has drawn, and what it might yet draw, the best last."""

    rule: DrawRule
    wanted: list[Drawable]
    items: list[Drawable] = field(default_factory=list)


def _take(hands: Sequence[_Hand], number: int, gone: set[int], asked: set[int]) -> bool:
    """Give a rule one more item: one that is free, else one of another rule that can take another instead."""
    asked.add(number)
    own = hands[number]
    while own.wanted:
        item = own.wanted.pop()
        if item.item_id not in gone:
            gone.add(item.item_id)
            own.items.append(item)
            return True
    for other, hand in enumerate(hands):
        held = next((item for item in hand.items if fits(own.rule, item)), None)
        if held is not None and other not in asked and _take(hands, other, gone, asked):
            hand.items.remove(held)
            own.items.append(held)
            return True
    return False


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
