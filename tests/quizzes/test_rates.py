"""The pass rate of a unit in whole numbers, and when a retraining may be held."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.periods import Span
from scheduler.quizzes.rules import rates, retraining
from scheduler.quizzes.terms.results import OrderState, Standing, Tally
from scheduler.quizzes.terms.sittings import Denominator

if TYPE_CHECKING:
    from collections.abc import Sequence

DUE, SAT = Denominator.DUE, Denominator.SAT
ZONE = ZoneInfo("Asia/Shanghai")

TABLE = (
    # passed, failed, absent, exempt, deferred, pending; threshold, denominator; standing, counted, words
    ((39, 11, 0, 0, 0, 0), 80, DUE, Standing.BELOW, 50, "78.0%"),
    ((40, 10, 0, 0, 0, 0), 80, DUE, Standing.MET, 50, "80.0%"),
    ((799, 201, 0, 0, 0, 0), 80, DUE, Standing.BELOW, 1000, "79.9%"),
    ((7996, 2004, 0, 0, 0, 0), 80, DUE, Standing.BELOW, 10000, "79.9%"),
    ((40, 8, 2, 0, 0, 0), 80, DUE, Standing.MET, 50, "80.0%"),
    ((39, 8, 3, 0, 0, 0), 80, DUE, Standing.BELOW, 50, "78.0%"),
    ((39, 8, 3, 0, 0, 0), 80, SAT, Standing.MET, 47, "82.9%"),
    ((39, 9, 0, 2, 0, 0), 80, DUE, Standing.MET, 48, "81.2%"),
    ((4, 0, 0, 0, 0, 0), 80, DUE, Standing.TOO_SMALL, 4, "100.0%"),
    ((4, 1, 0, 0, 0, 0), 80, DUE, Standing.MET, 5, "80.0%"),
    ((0, 0, 0, 9, 0, 0), 80, DUE, Standing.UNDEFINED, 0, "—"),
    ((0, 0, 9, 0, 0, 0), 80, SAT, Standing.UNDEFINED, 0, "—"),
    ((0, 0, 9, 0, 0, 0), 80, DUE, Standing.BELOW, 9, "0.0%"),
    ((2, 1, 0, 0, 0, 0), 1, DUE, Standing.TOO_SMALL, 3, "66.6%"),
    ((9, 0, 0, 0, 0, 0), 100, DUE, Standing.MET, 9, "100.0%"),
    ((7, 0, 0, 0, 1, 1), 80, DUE, Standing.BELOW, 9, "77.7%"),
)


@pytest.mark.parametrize(("counts", "threshold", "denominator", "standing", "counted", "words"), TABLE)
def test_standing_of_a_unit(
    counts: "Sequence[int]", threshold: int, denominator: Denominator, standing: Standing, counted: int, words: str
) -> None:
    tally = Tally(*counts)
    assert rates.counted_of(tally, denominator) == counted
    assert rates.standing_of(tally, threshold, denominator, 5) is standing
    assert rates.rate_in_words(tally.passed, counted) == words
    assert rates.is_provisional(tally) is bool(tally.deferred or tally.pending)


_TALLIES = st.builds(Tally, *[st.integers(0, 300)] * 6)


@given(_TALLIES, st.integers(1, 100), st.sampled_from(Denominator), st.integers(0, 10))
def test_the_standing_is_that_of_exact_fractions(
    tally: Tally, threshold: int, denominator: Denominator, smallest: int
) -> None:
    counted = rates.counted_of(tally, denominator)
    standing = rates.standing_of(tally, threshold, denominator, smallest)
    if counted == 0:
        assert standing is Standing.UNDEFINED
    elif counted < smallest:
        assert standing is Standing.TOO_SMALL
    else:
        below = Fraction(tally.passed, counted) < Fraction(threshold, 100)
        assert standing is (Standing.BELOW if below else Standing.MET)
        shown = Fraction(rates.rate_in_words(tally.passed, counted).removesuffix("%"))
        assert shown <= Fraction(tally.passed * 100, counted) < shown + Fraction(1, 10)
        if below:
            assert shown < threshold, "what is below never reads as if it met the threshold"
        more = rates.missing_passes(tally.passed, counted, threshold)
        assert (more > 0) == below
        assert not rates.is_below(tally.passed + more, counted, threshold)
        assert more == 0 or rates.is_below(tally.passed + more - 1, counted, threshold)


@given(st.lists(_TALLIES, max_size=6))
def test_parents_pool_people_and_never_average_rates(tallies: list[Tally]) -> None:
    found = rates.pooled(tallies)
    assert found.passed == sum(one.passed for one in tallies)
    assert found.due == sum(one.due for one in tallies)
    assert rates.pooled([Tally(1, 0), Tally(0, 3)]) == Tally(1, 3)


ENDED = (OrderState.WITHDRAWN, OrderState.NOT_REQUIRED)
FOLLOWS = (
    (OrderState.CONFIRMED, 1, Standing.MET, OrderState.CLOSED),
    (OrderState.CONFIRMED, 1, Standing.BELOW, OrderState.NEXT_ROUND),
    (OrderState.CONFIRMED, 3, Standing.BELOW, OrderState.ESCALATED),
    (OrderState.CONFIRMED, 3, Standing.TOO_SMALL, OrderState.CONFIRMED),
    (OrderState.CONFIRMED, 1, Standing.UNDEFINED, OrderState.NOT_REQUIRED),
    (OrderState.ESCALATED, 3, Standing.MET, OrderState.CLOSED),
    (OrderState.CLOSED, 2, Standing.BELOW, OrderState.NEXT_ROUND),
    *((state, 1, standing, state) for state in ENDED for standing in Standing),
)


@pytest.mark.parametrize(("state", "number", "standing", "after"), FOLLOWS)
def test_what_the_next_sitting_makes_of_an_order(
    state: OrderState, number: int, standing: Standing, after: OrderState
) -> None:
    assert retraining.after_next_sitting(state, number, standing) is after


def test_what_a_regrade_makes_of_an_order() -> None:
    assert retraining.without_ground(OrderState.PROPOSED, begun=False) is OrderState.WITHDRAWN
    assert retraining.without_ground(OrderState.CONFIRMED, begun=False) is OrderState.WITHDRAWN
    assert retraining.without_ground(OrderState.CONFIRMED, begun=True) is OrderState.NOT_REQUIRED
    for state in set(OrderState) - {OrderState.PROPOSED, OrderState.CONFIRMED}:
        assert retraining.without_ground(state, begun=True) is state


MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
_BUSY = st.lists(
    st.builds(
        lambda start, length: Span(MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length)),
        st.integers(0, 14 * 24 * 60),
        st.integers(30, 24 * 60),
    ),
    max_size=40,
)


def _workday(day: date) -> bool:
    return day.weekday() < 5


@given(_BUSY, st.integers(10, 700))
def test_proposed_times_break_nothing(busy: list[Span], minutes: int) -> None:
    test = timedelta(minutes=minutes)
    times = retraining.proposed_times(busy, test, usable=_workday, zone=ZONE, now=MONDAY)
    assert times == sorted(times, key=lambda block: block.start)
    assert len(times) <= 3
    for number, block in enumerate(times):
        lesson, after = retraining.parted(block)
        assert (lesson.end, after.end - after.start) == (after.start, test)
        assert not any(block.overlaps(taken) for taken in [*busy, *times[number + 1 :]])
        assert MONDAY + timedelta(days=1) <= block.start < block.end <= MONDAY + timedelta(days=14)
        begins, ends = block.start.astimezone(ZONE), block.end.astimezone(ZONE)
        assert _workday(begins.date())
        assert begins.date() == ends.date()
        assert begins.hour >= 9
        assert (ends.hour, ends.minute) <= (21, 30)


def test_with_nothing_else_on_three_mornings_are_proposed() -> None:
    times = retraining.proposed_times([], timedelta(hours=1), usable=_workday, zone=ZONE, now=MONDAY)
    assert [block.start.astimezone(ZONE).strftime("%a %H") for block in times] == ["Tue 09", "Wed 09", "Thu 09"]
    full = [Span(MONDAY, MONDAY + timedelta(days=14))]
    assert retraining.proposed_times(full, timedelta(hours=1), usable=_workday, zone=ZONE, now=MONDAY) == []
