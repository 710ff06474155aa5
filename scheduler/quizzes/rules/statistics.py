"""Figures of a sitting and of its items, as classical test theory defines them; None where too few sat to say."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

_ENOUGH = 2
_FOR_SKEWNESS, _FOR_KURTOSIS = 3, 4


@dataclass(frozen=True, slots=True)
class SittingFigures:
    """Of all who sat, in per cent of the points. `consistency` is Cronbach's alpha, in per cent (CIC)."""

    sat: int
    mean: float | None
    median: float | None
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Of one item. `facility` is its mean score, in per cent of its points.

    `discrimination` is the correlation of its scores with those of the rest of the paper, in per cent; `efficiency`
    is that of the most that scores so spread could reach. `answers` counts what was answered.
    """

    item_version_id: int
    sat: int
    facility: float
    discrimination: float | None
    efficiency: float | None
    answers: Mapping[str, int]


def sitting_figures(shares: Sequence[float], items: Sequence[Sequence[float]] = ()) -> SittingFigures:
    """Return the figures of `shares` (each person's score, 0 to 1); `items` holds each person's score of each item.

    Consistency is told only where all were asked the same items: then every row of `items` is as long.
    """
    number = len(shares)
    if not number:
        return SittingFigures(0, None, None, None, None, None, None)
    mean = fmean(shares)
    spread = stdev(shares) if number >= _ENOUGH else None
    return SittingFigures(
        number,
        mean * 100,
        median(shares) * 100,
        spread * 100 if spread is not None else None,
        _skewness(shares, mean, spread),
        _kurtosis(shares, mean, spread),
        _alpha(items),
    )


def _skewness(values: Sequence[float], mean: float, spread: float | None) -> float | None:
    """Return the adjusted Fisher-Pearson coefficient, as sheets compute SKEW."""
    number = len(values)
    if number < _FOR_SKEWNESS or not spread:
        return None
    third = sum(((value - mean) / spread) ** 3 for value in values)
    return number / ((number - 1) * (number - 2)) * third


def _kurtosis(values: Sequence[float], mean: float, spread: float | None) -> float | None:
    """Return the excess kurtosis, as sheets compute KURT."""
    number = len(values)
    if number < _FOR_KURTOSIS or not spread:
        return None
    fourth = sum(((value - mean) / spread) ** 4 for value in values)
    weight = number * (number + 1) / ((number - 1) * (number - 2) * (number - 3))
    return weight * fourth - 3 * (number - 1) ** 2 / ((number - 2) * (number - 3))


def _alpha(items: Sequence[Sequence[float]]) -> float | None:
    lengths = {len(row) for row in items}
    if len(items) < _ENOUGH or len(lengths) != 1 or (width := lengths.pop()) < _ENOUGH:
        return None
    whole = stdev([sum(row) for row in items]) ** 2
    if not whole:
        return None
    parts = sum(stdev([row[column] for row in items]) ** 2 for column in range(width))
    return width / (width - 1) * (1 - parts / whole) * 100


def item_figures(rows: Iterable[tuple[int, int, str, int, int]]) -> list[ItemFigures]:
    """Return the figures of each item from (attempt, item version, answer, score in hundredths, points), by version."""
    by_attempt: dict[int, int] = defaultdict(int)
    by_item: dict[int, list[tuple[int, str, int, int]]] = defaultdict(list)
    for attempt, item, answer, score, points in rows:
        by_attempt[attempt] += score
        by_item[item].append((attempt, answer, score, points))
    return [_figures(item, sat, by_attempt) for item, sat in sorted(by_item.items())]


def _figures(item: int, sat: list[tuple[int, str, int, int]], totals: Mapping[int, int]) -> ItemFigures:
    scores = [float(score) for _attempt, _answer, score, _points in sat]
    rests = [float(totals[attempt] - score) for attempt, _answer, score, _points in sat]
    most = sum(points * 100 for _attempt, _answer, _score, points in sat)
    together = _covariance(scores, rests)
    best = _covariance(sorted(scores), sorted(rests))
    spread = math.sqrt(_covariance(scores, scores) * _covariance(rests, rests))
    return ItemFigures(
        item,
        len(sat),
        sum(scores) / most * 100,
        together / spread * 100 if spread else None,
        together / best * 100 if best else None,
        Counter(answer for _attempt, answer, _score, _points in sat),
    )


def _covariance(left: Sequence[float], right: Sequence[float]) -> float:
    if len(left) < _ENOUGH:
        return 0.0
    middle_left, middle_right = fmean(left), fmean(right)
    pairs = zip(left, right, strict=True)
    return sum((one - middle_left) * (other - middle_right) for one, other in pairs) / (len(left) - 1)
