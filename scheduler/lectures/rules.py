"""The rule of an evening school: which dates, whose turn, and what becomes of a date that a holiday takes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from scheduler.agenda.rules.workdays import holiday_after, holiday_on, is_workday
from scheduler.agenda.terms import DayKind, DayMark
from scheduler.lectures.terms import MoveGround, MoveProposal, Reach, Slot, Trouble

MOVE_WINDOW = timedelta(days=10)
"""How far from a lost date another is looked for."""
_RANKS = {MoveGround.MAKE_UP: 0, MoveGround.WORKDAY: 1, MoveGround.EVE: 2}
_WEEK = timedelta(days=7)


def slots(begins_on: date, ends_on: date, weekday: int, strands: int) -> list[Slot]:
    """Return the dates of the rule, the first and last day included; strands take turns slot by slot.

    A holiday uses up its turn, so that a late decision about one evening never changes whose turn the others are.
    """
    day = begins_on + timedelta(days=(weekday - begins_on.weekday()) % 7)
    found: list[Slot] = []
    while day <= ends_on:
        found.append(Slot(day, len(found) + 1, len(found) % strands))
        day += _WEEK
    return found


def trouble(day: date, marks: Mapping[date, DayMark]) -> Trouble | None:
    """Return what speaks against an evening on `day`; `marks` are the departures of the work calendar.

    A plain weekend is no trouble: a Saturday evening is a choice. The eve is that of a named day off.
    """
    if holiday_on(day, marks):
        return Trouble.OFF
    return Trouble.EVE if holiday_after(day, marks) else None


def ranked_dates(lost: date, marks: Mapping[date, DayMark], taken: Collection[date]) -> list[MoveProposal]:
    """Return the working days around `lost` to which an evening may move, the best first; none of `taken`.

    Adjusted working days come first (they stand in for the holiday), eves of holidays last; within each the
    nearest date, of two equally near the later: news of a move should reach people before it happens.
    """
    days = (lost + timedelta(days=number) for number in range(-MOVE_WINDOW.days, MOVE_WINDOW.days + 1))
    proposals = [
        MoveProposal(day, _ground(day, marks))
        for day in days
        if day != lost and day not in taken and is_workday(day, marks)
    ]
    return sorted(proposals, key=lambda one: (_RANKS[one.ground], abs(one.day - lost), one.day < lost))


def _ground(day: date, marks: Mapping[date, DayMark]) -> MoveGround:
    if trouble(day, marks) is Trouble.EVE:
        return MoveGround.EVE
    mark = marks.get(day)
    return MoveGround.MAKE_UP if mark and mark.kind is DayKind.WORK else MoveGround.WORKDAY


def reached(slot_on: date, all_slots: Iterable[date], reach: Reach) -> list[date]:
    """Return the slots that a change of the one on `slot_on` reaches, in order."""
    return sorted(
        other
        for other in all_slots
        if reach is Reach.ALL or other == slot_on or (reach is Reach.FOLLOWING and other > slot_on)
    )


def title_of(pattern: str, *, series: str, number: int, topic: str = "") -> str:
    """Return `pattern` with {series}, {number} and {topic} filled in; other braces stay as they are."""
    filled = pattern.replace("{series}", series).replace("{number}", str(number)).replace("{topic}", topic)
    return filled.strip()
