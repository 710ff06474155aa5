"""When an attempt may begin and until when it may be answered, to the millisecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    closes = timing.closes_for(CLOSES, minutes(extra), None, deferred=False)
    found = timing.deadline_of(OPENS + minutes(started), length, minutes(extra), closes)
    assert found == OPENS + minutes(deadline)


@given(st.integers(0, 120), st.integers(1, 1440), st.integers(0, 1440), st.integers(0, 1440))
def test_more_time_is_never_less(started: int, length: int, extra: int, more: int) -> None:
    def deadline(added: timedelta) -> datetime:
        closes = timing.closes_for(CLOSES, added, None, deferred=False)
        return timing.deadline_of(OPENS + minutes(started), length, added, closes)

    first = deadline(minutes(extra))
    assert deadline(minutes(extra + more)) - first == minutes(more)
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
    assert (timing.earliest_deadline(CLOSES + late, made_at) <= CLOSES) is counts


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


@pytest.mark.parametrize(
    ("extra", "closed", "deferred", "closes"),
    [
        (0, None, False, 120),
        (15, None, False, 135),
        (0, None, True, 120),
        (15, 135, False, 135),
        (0, 135, False, 120),
        (15, 121, False, 121),  # closed before its time: for everybody
        (0, 120, True, 120 + 30 * 24 * 60),
        (30, 150, True, 150 + 30 * 24 * 60),
    ],
)
def test_when_a_sitting_is_over_for_one_person(
    extra: int,
    closed: int | None,
    deferred: bool,  # noqa: FBT001 - a column
    closes: int,
) -> None:
    closed_at = None if closed is None else OPENS + minutes(closed)
    assert timing.closes_for(CLOSES, minutes(extra), closed_at, deferred=deferred) == OPENS + minutes(closes)
