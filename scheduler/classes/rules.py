"""Decisions about classes, from facts alone: status by date, codes, hours of the day, shifted dates, quotas."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from scheduler.classes.terms import ClassStatus, PartOfDay

HOURS: Mapping[PartOfDay, tuple[time, time]] = {
    PartOfDay.MORNING: (time(9), time(11, 30)),
    PartOfDay.AFTERNOON: (time(14, 30), time(17)),
    PartOfDay.EVENING: (time(19), time(21)),
}
"""When a part of the day begins and ends if nobody says otherwise."""

TURNS: Mapping[ClassStatus, frozenset[ClassStatus]] = {
    ClassStatus.DRAFT: frozenset({ClassStatus.PUBLISHED, ClassStatus.CANCELLED}),
    ClassStatus.PUBLISHED: frozenset({ClassStatus.RUNNING, ClassStatus.CANCELLED}),
    ClassStatus.RUNNING: frozenset({ClassStatus.FINISHED, ClassStatus.CANCELLED}),
    ClassStatus.FINISHED: frozenset(),
    ClassStatus.CANCELLED: frozenset(),
}
"""What a class may become. Running and finished come by themselves, with the dates: see :func:`status_on`."""

_NOON = time(12, 30)
_DUSK = time(18)
_LONGEST_SEARCH = 400


def status_on(stored: ClassStatus, starts_on: date, ends_on: date, today: date) -> ClassStatus:
    """Return what a class is on `today`: a published one runs from its first to its last day, then is finished."""
    if stored is not ClassStatus.PUBLISHED or today < starts_on:
        return stored
    return ClassStatus.RUNNING if today <= ends_on else ClassStatus.FINISHED


def may_turn(status: ClassStatus, into: ClassStatus) -> bool:
    """Tell whether a class of `status` (as of today) may become `into`."""
    return into in TURNS[status]


def part_of(starts: time) -> PartOfDay:
    """Return the part of the day that a session beginning at `starts` belongs to."""
    if starts < _NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if starts < _DUSK else PartOfDay.EVENING


def next_code(year: int, codes: Iterable[str]) -> str:
    """Return the code after the highest of the form YEAR-NN among `codes`: 2026-25 after 2026-24."""
    numbers = (re.fullmatch(rf"{year}-(\d+)", code) for code in codes)
    return f"{year}-{max((int(found[1]) for found in numbers if found), default=0) + 1:02d}"


def working_days_between(first: date, last: date, works: Callable[[date], bool]) -> int:
    """Count the working days after `first` up to and including `last`."""
    return sum(works(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))


def shifted(days: Sequence[date], start: date, works: Callable[[date], bool]) -> dict[date, date]:
    """Return where each of `days` goes when the first goes to `start`: onto working days only, in the same order.

    Gaps keep their length in working days, so a weekend or holiday between two days costs the new run nothing and
    a new one is jumped over. A `start` on a day off moves to the next working day.
    """
    moved: dict[date, date] = {}
    earlier: date | None = None
    for day in sorted(set(days)):
        if earlier is None:
            target = _advance(start - timedelta(days=1), 1, works)
        else:
            target = _advance(moved[earlier], max(1, working_days_between(earlier, day, works)), works)
        moved[day] = target
        earlier = day
    return moved


def _advance(day: date, count: int, works: Callable[[date], bool]) -> date:
    for number in range(1, _LONGEST_SEARCH):
        candidate = day + timedelta(days=number)
        count -= works(candidate)
        if count == 0:
            return candidate
    msg = "a calendar without working days"
    raise ValueError(msg)


def over_quota(
    quotas: Mapping[str, int], enrolled: Mapping[str, int], asked: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Return where `asked` goes beyond the quotas: the quota's unit path, places and heads that there would be.

    All keys are unit paths: `quotas` of the units with places, `enrolled` and `asked` of people's own units. People
    of units without places are counted under "" with none. No quotas at all: nothing is beyond.
    """
    if not quotas:
        return {}
    heads: dict[str, int] = {}
    wanted: set[str] = set()
    for counts, new in ((enrolled, False), (asked, True)):
        for path, number in counts.items():
            home = quota_home(quotas, path)
            heads[home] = heads.get(home, 0) + number
            if new and number:
                wanted.add(home)
    return {home: (quotas.get(home, 0), heads[home]) for home in wanted if heads[home] > quotas.get(home, 0)}


def quota_home(quotas: Iterable[str], path: str) -> str:
    """Return the unit path among `quotas` that holds the people of `path`: the nearest above; "" if there is none."""
    return max((home for home in quotas if path.startswith(home)), key=len, default="")
