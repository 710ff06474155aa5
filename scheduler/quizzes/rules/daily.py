"""A question a day: which item comes next, when, and how it reads in a message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scheduler.core.periods import at
from scheduler.quizzes.rules.drawing import Drawable, arrange
from scheduler.quizzes.terms.bank import LETTERS
from scheduler.quizzes.terms.daily import ASK_AT

LONGEST_BREAK = timedelta(days=40)
"""No two working days lie further apart."""


def turns(asked: Iterable[int]) -> dict[int, int]:
    """Return of items (ids), in the order in which somebody was asked them, the place of the last time."""
    return {item: place for place, item in enumerate(asked)}


def choose(pool: Sequence[Drawable], seen: Mapping[int, int], chance: Random) -> Drawable:
    """Return an item of `pool`, which is not empty and shuffled: one that is not `seen`, else the one longest ago.

    `seen` is of items (ids), as `turns` returns it.
    """
    start = chance.randrange(len(pool))
    for step in range(len(pool)):
        item = pool[(start + step) % len(pool)]
        if item.item_id not in seen:
            return item
    return min(pool, key=lambda item: seen[item.item_id])


def order_of(item: Drawable, chance: Random) -> str:
    """Return the letters of the choices in the order in which one person sees them."""
    return arrange([(item, 1)], chance, shuffle_questions=False, shuffle_choices=True)[0].order


def next_asking(now: datetime, zone: ZoneInfo, is_workday: Callable[[date], bool], *, has_one: bool) -> datetime:
    """Return when the next question comes: on the first working day whose hour is to come; `has_one`: not today."""
    day = now.astimezone(zone).date() + timedelta(days=has_one)
    while not is_workday(day) or at(day, ASK_AT, zone) <= now:
        day += timedelta(days=1)
    return at(day, ASK_AT, zone)


def in_one_line(stem: str, choices: Sequence[str]) -> str:
    """Return a question and its choices, in the bank's order, as one line."""
    return " ".join([stem, *(f"{letter}. {choice}" for letter, choice in zip(LETTERS, choices, strict=False))])
