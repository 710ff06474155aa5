"""The pass rate of a unit, in whole numbers: nothing is rounded before it is compared."""

from collections.abc import Iterable

from scheduler.quizzes.terms.results import Standing, Tally
from scheduler.quizzes.terms.sittings import Denominator

NO_RATE = "—"
"""What is shown where nobody counts."""


def counted_of(tally: Tally, denominator: Denominator) -> int:
    """Return how many people the passes are compared with."""
    return tally.due if denominator is Denominator.DUE else tally.sat


def is_provisional(tally: Tally) -> bool:
    """Tell whether somebody still has to be marked or to sit, so that the rate may change by itself."""
    return tally.pending + tally.deferred > 0


def standing_of(tally: Tally, threshold: int, denominator: Denominator, smallest_unit: int) -> Standing:
    """Return how a unit stands; `threshold` is per cent of those counted. Exactly the threshold is met.

    Nobody counted: undefined. Fewer than `smallest_unit` counted: too small, whatever their rate.
    """
    counted = counted_of(tally, denominator)
    if counted == 0:
        return Standing.UNDEFINED
    if counted < smallest_unit:
        return Standing.TOO_SMALL
    return Standing.BELOW if is_below(tally.passed, counted, threshold) else Standing.MET


def is_below(passed: int, counted: int, threshold: int) -> bool:
    """Tell whether `passed` of `counted` is strictly below `threshold` per cent."""
    return passed * 100 < threshold * counted


def rate_in_words(passed: int, counted: int) -> str:
    """Return the rate as 79.9%, rounded down to a tenth: what is below a threshold never reads as if it met it."""
    if counted == 0:
        return NO_RATE
    tenths = passed * 1000 // counted
    return f"{tenths // 10}.{tenths % 10}%"


def missing_passes(passed: int, counted: int, threshold: int) -> int:
    """Return how many more of the `counted` would have to pass."""
    return max(0, -(-threshold * counted // 100) - passed)


def pooled(tallies: Iterable[Tally]) -> Tally:
    """Return the tally of all the people of several units together: never a mean of their rates."""
    return sum(tallies, Tally())
