"""How a series becomes one repeating event with exceptions that every calendar program can hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import pairwise
from math import gcd
from zoneinfo import ZoneInfo

from scheduler.core.periods import Span

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Rule:
    """Every `interval` weeks at `start`, from `first` to `last`, both of them slots; civil dates in a zone."""

    first: date
    last: date
    start: time
    length: timedelta
    interval: int

    def slots(self) -> list[date]:
        """Return the dates of the rule, in order."""
        step = self.interval * _WEEK
        return [self.first + timedelta(days=days) for days in range(0, (self.last - self.first).days + 1, step)]


@dataclass(frozen=True, slots=True)
class Layout:
    """A series as a calendar can hold it. Numbers are places in the sequence that was laid out.

    `held`: slot -> the occurrence that stands there, if need be at another time (an override); `dropped`: slots
    without one (EXDATE); `apart`: occurrences that must be events of their own.
    """

    rule: Rule | None
    held: dict[date, int]
    dropped: tuple[date, ...]
    apart: tuple[int, ...]


def override_is_legal(moved_to: date, before: date, after: date) -> bool:
    """Tell whether Outlook can hold a slot's override on `moved_to`.

    It may not reach or pass the neighbouring occurrences, which are on `before` and `after`.
    """
    return before < moved_to < after


def lay_out(occurrences: Sequence[Span], zone: ZoneInfo) -> Layout:
    """Find the weekly rule behind `occurrences` (in order of start) and say what departs from it."""
    starts = [span.start.astimezone(zone) for span in occurrences]
    regular, rule = _rule_of(occurrences, starts)
    if rule is None:
        return Layout(None, {}, (), tuple(range(len(occurrences))))
    held = dict(regular)
    places = {slot: slot for slot in rule.slots()}
    apart = []
    for number in sorted(set(range(len(occurrences))) - set(held.values())):
        slot = _legal_slot(starts[number].date(), places, held)
        if slot is None:
            apart.append(number)
        else:
            held[slot], places[slot] = number, starts[number].date()
    dropped = tuple(slot for slot in places if slot not in held)
    return Layout(rule, held, dropped, tuple(apart))


def _rule_of(occurrences: Sequence[Span], starts: Sequence[datetime]) -> tuple[dict[date, int], Rule | None]:
    """Return the occurrences on the most common weekday and time by date, and the rule through them."""
    if not occurrences:
        return {}, None
    habit = Counter((start.weekday(), start.time()) for start in starts).most_common(1)[0][0]
    regular: dict[date, int] = {}
    for number, start in enumerate(starts):
        if (start.weekday(), start.time()) == habit:
            regular.setdefault(start.date(), number)
    if len(regular) < 2:  # noqa: PLR2004 - one date is no repetition
        return {}, None
    dates = sorted(regular)
    gaps = [(later - earlier).days // _WEEK for earlier, later in pairwise(dates)]
    length = Counter(occurrences[number].length for number in regular.values()).most_common(1)[0][0]
    return regular, Rule(dates[0], dates[-1], habit[1], length, reduce(gcd, gaps))


def _legal_slot(moved_to: date, places: dict[date, date], held: dict[date, int]) -> date | None:
    """Return the vacant slot nearest to `moved_to` that may be moved there; `places` says where each slot stands."""
    slots = list(places)
    vacant = [
        slot
        for before, slot, after in zip(slots, slots[1:], slots[2:], strict=False)
        if slot not in held and override_is_legal(moved_to, places[before], places[after])
    ]
    return min(vacant, key=lambda slot: abs((slot - moved_to).days), default=None)
