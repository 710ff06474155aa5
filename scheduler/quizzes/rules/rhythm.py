"""On which days the sittings of a schedule fall."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from scheduler.core.periods import month_start, next_month
from scheduler.quizzes.terms.schedules import LAST, Beat, Fall, Rhythm

_WEEK = 7
_LONGEST_HOLIDAY = 31
"""Days: with no working day among so many, the calendar is wrong, and the day stands."""


def falls(beat: Beat, first: date, last: date, is_workday: Callable[[date], bool]) -> Iterator[Fall]:
    """Yield where the rhythm falls from `first` to `last`, both included; what falls on a day off is held on the next working day.

    Where a long holiday would bring two of them to the same day, the earlier falls away. A rhythm of lessons falls nowhere
    by itself.
    """
    if beat.rhythm is Rhythm.LESSON:
        return
    days = _weekly(beat, first) if beat.rhythm is Rhythm.WEEK else _monthly(beat, first)
    for day, following in pairwise(days):
        if day > last:
            return
        held_on = next_workday(day, is_workday)
        if day >= first and (following > last or held_on < next_workday(following, is_workday)):
            yield Fall(day, held_on)


def next_workday(day: date, is_workday: Callable[[date], bool]) -> date:
    """Return `day` if work is done on it, else the next day on which it is."""
    following = (day + timedelta(days=number) for number in range(_LONGEST_HOLIDAY))
    return next((each for each in following if is_workday(each)), day)


def _weekly(beat: Beat, first: date) -> Iterator[date]:
    day = first + timedelta(days=(beat.weekday - first.weekday()) % _WEEK)
    while True:
        yield day
        day += timedelta(days=_WEEK)


def _monthly(beat: Beat, first: date) -> Iterator[date]:
    month = month_start(first)
    while True:
        longest = monthrange(month.year, month.month)[1]
        if beat.rhythm is Rhythm.MONTH_DAY:
            yield month.replace(day=min(beat.day, longest))
        else:
            days = range(1 + (beat.weekday - month.weekday()) % _WEEK, longest + 1, _WEEK)
            yield month.replace(day=days[-1] if beat.nth == LAST else days[beat.nth - 1])
        month = next_month(month)
