"""On which days the sittings of a schedule fall."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.quizzes.rules.rhythm import falls, next_workday
from scheduler.quizzes.terms.schedules import LAST, Beat, Fall, Rhythm

DAY, WEEKDAY, WEEK, LESSON = Rhythm.MONTH_DAY, Rhythm.MONTH_WEEKDAY, Rhythm.WEEK, Rhythm.LESSON
SPRING = {date(2026, 2, 15) + timedelta(days=number) for number in range(9)}
"""Fifteenth to twenty-third of February 2026: the Spring Festival."""
ADJUSTED = {date(2026, 2, 14), date(2026, 2, 28)}
"""Saturdays that are worked."""
_DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
_BEATS = st.builds(
    Beat, st.sampled_from((DAY, WEEKDAY, WEEK)), st.integers(1, 31), st.integers(1, LAST), st.integers(0, 6)
)


def works(day: date) -> bool:
    return day in ADJUSTED or (day not in SPRING and day.weekday() < 5)


def always(_day: date) -> bool:
    return True


@pytest.mark.parametrize(
    ("beat", "first", "last", "days"),
    [
        (Beat(DAY, 31), (2026, 1, 1), (2026, 4, 30), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (Beat(DAY, 29), (2028, 2, 1), (2028, 2, 29), ["2028-02-29"]),
        (Beat(DAY, 5), (2026, 12, 6), (2027, 1, 5), ["2027-01-05"]),
        (Beat(DAY, 5), (2026, 12, 5), (2027, 1, 4), ["2026-12-05"]),
        (Beat(WEEKDAY, nth=1, weekday=0), (2026, 5, 1), (2026, 6, 30), ["2026-05-04", "2026-06-01"]),
        (Beat(WEEKDAY, nth=4, weekday=3), (2026, 1, 1), (2026, 1, 31), ["2026-01-22"]),
        (Beat(WEEKDAY, nth=LAST, weekday=3), (2026, 1, 1), (2026, 2, 28), ["2026-01-29", "2026-02-26"]),
        (Beat(WEEK, weekday=3), (2026, 12, 30), (2027, 1, 8), ["2026-12-31", "2027-01-07"]),
        (Beat(WEEK, weekday=3), (2026, 12, 31), (2026, 12, 31), ["2026-12-31"]),
        (Beat(LESSON), (2026, 1, 1), (2026, 12, 31), []),
    ],
)
def test_where_a_rhythm_falls(
    beat: Beat, first: tuple[int, int, int], last: tuple[int, int, int], days: list[str]
) -> None:
    found = list(falls(beat, date(*first), date(*last), always))
    assert [str(one.day) for one in found] == days
    assert all(one.held_on == one.day for one in found)


@pytest.mark.parametrize(
    ("day", "held_on"),
    [
        (date(2026, 2, 13), date(2026, 2, 13)),
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 2, 15), date(2026, 2, 24)),  # the festival, all of it
        (date(2026, 2, 21), date(2026, 2, 24)),
        (date(2026, 3, 7), date(2026, 3, 9)),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(day: date, held_on: date) -> None:
    assert next_workday(day, works) == held_on
    assert list(falls(Beat(DAY, day.day), day, day, works)) == [Fall(day, held_on)]


def test_a_long_holiday_brings_no_two_to_the_same_day() -> None:
    found = list(falls(Beat(WEEK, weekday=0), date(2026, 2, 9), date(2026, 3, 2), works))
    assert [(one.day.day, one.held_on.day) for one in found] == [(9, 9), (23, 24), (2, 2)]


def test_what_ends_in_a_holiday_is_held_after_it() -> None:
    found = list(falls(Beat(WEEK, weekday=0), date(2026, 2, 9), date(2026, 2, 20), works))
    assert [(one.day.day, one.held_on.day) for one in found] == [(9, 9), (16, 24)]


@given(_BEATS, _DAYS, st.sets(st.integers(0, 60)))
def test_no_two_are_held_on_one_day_and_none_out_of_order(beat: Beat, first: date, off: set[int]) -> None:
    free = {first + timedelta(days=number) for number in off}
    found = list(falls(beat, first, first + timedelta(days=60), lambda day: day not in free))
    held = [one.held_on for one in found]
    assert held == sorted(set(held))
    assert all(one.day <= one.held_on for one in found)


def test_where_no_work_is_ever_done_the_day_stands() -> None:
    assert next_workday(date(2026, 3, 7), lambda _day: False) == date(2026, 3, 7)


@given(_BEATS, _DAYS, st.integers(0, 800))
def test_each_month_or_week_has_one(beat: Beat, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = [one.day for one in falls(beat, first, last, always)]
    assert all(first <= day <= last for day in days)
    for day, following in pairwise(days):
        if beat.rhythm is WEEK:
            assert following - day == timedelta(days=7)
        else:
            assert (following.year * 12 + following.month) - (day.year * 12 + day.month) == 1
    for day in days:
        longest = monthrange(day.year, day.month)[1]
        if beat.rhythm is DAY:
            assert day.day == min(beat.day, longest)
        else:
            assert day.weekday() == beat.weekday
        if beat.rhythm is WEEKDAY:
            assert day.day + 7 > longest if beat.nth == LAST else (day.day - 1) // 7 == beat.nth - 1
    assert len(days) >= length // (7 if beat.rhythm is WEEK else 62)
    # a window is the union of its halves
    middle = first + timedelta(days=length // 2)
    halves = [*falls(beat, first, middle, always), *falls(beat, middle + timedelta(days=1), last, always)]
    assert [one.day for one in halves] == days
