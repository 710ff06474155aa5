"""When an attempt may begin and until when it may be answered, to the millisecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.periods import Span
from scheduler.quizzes.rules import timing

OPENS = datetime(2026, 3, 5, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
MOMENT = timedelta(milliseconds=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("started", "length", "extra", "deadline"),
    [
        (0, 30, 0, 30),
        (90, 30, 0, 120),
        (91, 30, 0, 120),  # the close comes first
        (0, 120, 0, 120),
        (0, 30, 15, 45),
        (100, 30, 15, 135),  # extra time moves the close as well
        (110, 30, 15, 135),
        (120, 30, 15, 135),
    ],
)
def test_deadline(started: int, length: int, extra: int, deadline: int) -> None:
    found = timing.deadline_of(OPENS + minutes(started), length, CLOSES, minutes(extra))
    assert found == OPENS + minutes(deadline)
    again = timing.retimed([(7, OPENS + minutes(started), minutes(extra))], length, CLOSES)
    assert again == {7: OPENS + minutes(deadline)}


@given(st.integers(0, 120), st.integers(1, 1440), st.integers(0, 1440), st.integers(0, 1440))
def test_more_time_is_never_less(started: int, length: int, extra: int, more: int) -> None:
    first = timing.deadline_of(OPENS + minutes(started), length, CLOSES, minutes(extra))
    assert timing.deadline_of(OPENS + minutes(started), length, CLOSES, minutes(extra + more)) - first == minutes(more)
    assert OPENS + minutes(started) <= first <= CLOSES + minutes(extra)


@pytest.mark.parametrize(("granted", "extra"), [([], 0), ([None], 0), ([10], 10), ([10, 30, 20], 30), ([None, 5], 5)])
def test_the_most_lenient_grant_wins(granted: list[int | None], extra: int) -> None:
    assert timing.extra_time(granted) == minutes(extra)


@pytest.mark.parametrize(
    ("late", "made", "counts"),
    [
        (timedelta(0), None, True),
        (MOMENT, None, False),
        (minutes(1), timedelta(0), True),
        (minutes(1) + MOMENT, timedelta(0), False),
        (minutes(1), MOMENT, False),
        (-MOMENT, minutes(9), True),  # a browser whose clock is ahead loses nothing
    ],
)
def test_in_time(late: timedelta, made: timedelta | None, counts: bool) -> None:  # noqa: FBT001 - a column
    made_at = None if made is None else CLOSES + made
    assert timing.is_in_time(CLOSES + late, CLOSES, made_at) is counts


def test_time_is_up_is_believed_for_two_seconds() -> None:
    two = timedelta(seconds=2)
    assert not timing.believes_time_is_up(CLOSES - two - MOMENT, CLOSES)
    assert timing.believes_time_is_up(CLOSES - two, CLOSES)
    assert timing.believes_time_is_up(CLOSES + minutes(5), CLOSES)


@given(st.integers(1, 720), st.integers(1), st.integers(1))
def test_each_is_let_in_at_a_moment_of_their_own_within_the_window(window: int, sitting: int, person: int) -> None:
    found = timing.let_in_at(OPENS, window, sitting, person)
    assert OPENS <= found < OPENS + minutes(window)
    assert found == timing.let_in_at(OPENS, window, sitting, person)
    assert timing.let_in_at(OPENS, 0, sitting, person) == OPENS


def test_people_are_spread_over_the_window() -> None:
    thirds = [0, 0, 0]
    for person in range(900):
        thirds[int((timing.let_in_at(OPENS, 30, 1, person) - OPENS) / minutes(10))] += 1
    assert min(thirds) > 240
    assert {timing.let_in_at(OPENS, 30, sitting, 1) for sitting in range(5)} != {timing.let_in_at(OPENS, 30, 0, 1)}


def test_the_sitting_is_over_with_the_last_of_its_people() -> None:
    assert timing.closes_for_all(Span(OPENS, CLOSES), []) == CLOSES
    assert timing.closes_for_all(Span(OPENS, CLOSES), [minutes(5), minutes(20)]) == CLOSES + minutes(20)
