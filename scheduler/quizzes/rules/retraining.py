"""Retraining: when it may be held, and what a result makes of an order."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.agenda.rules.slots import is_free, merged
from scheduler.core.periods import Span, at
from scheduler.quizzes.terms.results import LAST_ROUND, OrderState, Standing
from scheduler.quizzes.terms.retraining import DEFERRAL, LESSON, LONGEST_TEST, REACH

_BEGINNINGS = (time(9), time(14), time(18, 30))
_CLOSES = time(21, 30)
_NOTICE = timedelta(days=1)
_MOST = 3


def cut_off(closed_at: datetime) -> datetime:
    """Return when one who was deferred and has not sat counts as absent."""
    return closed_at + DEFERRAL


def length_of_test(length_minutes: int, stagger_minutes: int) -> timedelta:
    """Return how long the next sitting is open."""
    return min(timedelta(minutes=length_minutes + stagger_minutes), LONGEST_TEST)


def parted(block: Span) -> tuple[Span, Span]:
    """Return the lesson and the test that follows it in a proposed time."""
    return Span(block.start, block.start + LESSON), Span(block.start + LESSON, block.end)


def proposed_times(
    busy: Iterable[Span],
    test: timedelta,
    *,
    usable: Callable[[date], bool],
    zone: ZoneInfo,
    now: datetime,
) -> list[Span]:
    """Return up to three free times for a lesson with a `test` of that length right after it, the first first.

    On three different days where there are as many, a day from now at the earliest, within 14 days, in office
    hours of days that are `usable`. `busy` is what trainees and venue are taken by.
    """
    taken = merged(busy)
    by_day = [
        [
            block
            for begins in _BEGINNINGS
            if (block := _block(day, begins, test, zone))
            and block.start >= now + _NOTICE
            and block.end <= now + REACH
            and is_free(block, taken)
        ]
        for day in (now.astimezone(zone).date() + timedelta(days=number) for number in range(REACH.days + 1))
        if usable(day)
    ]
    firsts = [blocks[0] for blocks in by_day if blocks][:_MOST]
    for block in (block for blocks in by_day for block in blocks):
        if len(firsts) < _MOST and not any(block.overlaps(chosen) for chosen in firsts):
            firsts.append(block)
    return sorted(firsts, key=lambda block: block.start)


def _block(day: date, begins: time, test: timedelta, zone: ZoneInfo) -> Span | None:
    block = Span(at(day, begins, zone), at(day, begins, zone) + LESSON + test)
    return block if block.end <= at(day, _CLOSES, zone) else None


def after_next_sitting(state: OrderState, round_number: int, standing: Standing) -> OrderState:
    """Return what an order becomes by the result of its next sitting, the first time or after a regrade.

    One that a person or a regrade has ended stays as it is; too small a unit waits for a person.
    """
    if state in {OrderState.PROPOSED, OrderState.WITHDRAWN, OrderState.NOT_REQUIRED}:
        return state
    if standing is Standing.MET:
        return OrderState.CLOSED
    if standing is Standing.BELOW:
        return OrderState.NEXT_ROUND if round_number < LAST_ROUND else OrderState.ESCALATED
    if standing is Standing.UNDEFINED:
        return OrderState.NOT_REQUIRED
    return state


def without_ground(state: OrderState, *, begun: bool) -> OrderState:
    """Return what an order becomes when the result that ordered it is taken away."""
    if state is OrderState.PROPOSED or (state is OrderState.CONFIRMED and not begun):
        return OrderState.WITHDRAWN
    return OrderState.NOT_REQUIRED if state is OrderState.CONFIRMED else state
