"""Figures of a sitting and of its items, against figures worked out by hand or by the standard library."""

import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.quizzes.rules.statistics import item_figures, sitting_figures

near = pytest.approx
SAMPLE = (0.3, 0.4, 0.5, 0.2, 0.3, 0.4, 0.5, 0.6, 0.4, 0.7)
"""The example that sheets give for SKEW (0.359543) and KURT (-0.151799), a tenth of it."""
ALPHA = ((2, 3), (4, 4), (3, 1), (5, 5), (1, 2))
"""Variances 2.5 and 2.5 of the two items, 8.5 of their sum: alpha = 2 * (1 - 5 / 8.5) = 14/17."""


def test_worked_example() -> None:
    found = sitting_figures(SAMPLE, [[float(score) for score in row] for row in ALPHA])
    assert found.sat == 10
    assert found.mean == near(43)
    assert found.median == near(40)
    assert found.deviation == near(statistics.stdev(SAMPLE) * 100)
    assert found.skewness == near(0.359543071)
    assert found.kurtosis == near(-0.151799637)
    assert found.consistency == near(1400 / 17)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((), ()),
        ((0.5,), ("mean", "median")),
        ((0.5, 0.7), ("mean", "median", "deviation")),
        ((0.5, 0.7, 0.9), ("mean", "median", "deviation", "skewness")),
        ((0.5, 0.7, 0.9, 0.1), ("mean", "median", "deviation", "skewness", "kurtosis")),
        ((0.7, 0.7, 0.7, 0.7, 0.7), ("mean", "median", "deviation")),  # no spread: no shape
    ],
)
def test_too_few_tell_nothing(shares: tuple[float, ...], told: tuple[str, ...]) -> None:
    found = sitting_figures(shares)
    names = ("mean", "median", "deviation", "skewness", "kurtosis", "consistency")
    assert tuple(name for name in names if getattr(found, name) is not None) == told


@pytest.mark.parametrize(
    "items", [[], [[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 2.0], [1.0]], [[1.0, 2.0], [2.0, 1.0]], [[1.0, 1.0]] * 4]
)
def test_consistency_is_told_only_where_it_means_something(items: list[list[float]]) -> None:
    assert sitting_figures([0.5], items).consistency is None


@given(st.lists(st.integers(0, 100), min_size=2, max_size=40))
def test_consistency_of_one_item_asked_twice_is_perfect(scores: list[int]) -> None:
    found = sitting_figures([0.5], [[float(score)] * 2 for score in scores]).consistency
    assert found is None if len(set(scores)) == 1 else found == near(100)


def rows(table: dict[int, list[tuple[str, int]]], points: int = 2) -> list[tuple[int, int, str, int, int]]:
    """Return the rows of (answer, score) of each item, given by attempt."""
    return [
        (attempt, item, answer, score, points)
        for attempt, answers in table.items()
        for item, (answer, score) in enumerate(answers, start=1)
    ]


WEAK_ITEM: dict[int, list[tuple[str, int]]] = {
    1: [("A", 200), ("C", 0), ("T", 200)],
    2: [("A", 200), ("C", 0), ("T", 200)],
    3: [("B", 0), ("D", 200), ("F", 0)],
    4: [("", 0), ("D", 200), ("T", 200)],
}


def test_items_worked_by_hand() -> None:
    first, second, third = item_figures(rows(WEAK_ITEM))
    assert (first.sat, first.facility, dict(first.answers)) == (4, 50, {"A": 2, "B": 1, "": 1})
    rest = [200, 200, 200, 400]  # of the first item: what the second and the third gave
    assert first.discrimination == near(statistics.correlation([200, 200, 0, 0], rest) * 100)
    most = statistics.covariance([0, 0, 200, 200], [200, 200, 200, 400])  # both in order
    assert first.efficiency == near(statistics.covariance([200, 200, 0, 0], rest) / most * 100)
    assert second.discrimination is not None
    assert second.discrimination < 0  # a wrong key looks like this
    assert third.facility == 75


def test_an_item_that_all_answer_alike_discriminates_nobody() -> None:
    (only,) = item_figures([(1, 7, "A", 200, 2), (2, 7, "A", 200, 2)])
    assert (only.item_version_id, only.facility, only.discrimination, only.efficiency) == (7, 100, None, None)
    (single,) = item_figures([(1, 7, "A", 100, 2)])
    assert (single.sat, single.facility, single.discrimination) == (1, 50, None)
    assert item_figures([]) == []


_TABLE: Any = st.integers(2, 12).flatmap(
    lambda people: st.lists(
        st.lists(st.sampled_from([0, 50, 100, 200]), min_size=3, max_size=3), min_size=people, max_size=people
    )
)


@given(_TABLE)
def test_discrimination_is_the_correlation_with_the_rest(table: list[list[int]]) -> None:
    found = item_figures(rows({number: [("x", score) for score in row] for number, row in enumerate(table)}))
    for column, figures in enumerate(found):
        own = [row[column] for row in table]
        rest = [sum(row) - row[column] for row in table]
        if len(set(own)) == 1 or len(set(rest)) == 1:
            assert figures.discrimination is None
            continue
        assert figures.discrimination == near(statistics.correlation(own, rest) * 100, abs=1e-6)
        assert figures.efficiency is not None
        assert figures.discrimination is not None
        assert abs(figures.efficiency) + 1e-6 >= abs(figures.discrimination)
        assert figures.efficiency <= 100 + 1e-6
