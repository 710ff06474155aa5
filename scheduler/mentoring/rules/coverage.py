"""Which content areas were covered in which month, laid out as a picture."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.core.periods import month_start, next_month

MOST_MONTHS = 12
"""Columns of the picture at most: the latest months."""
CELL = 26
LEVELS = 3


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """An area in a month: how many records, shaded from 0 to 3; `x` is its column's place in the drawing."""

    month: date
    x: int
    count: int
    level: int


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """An area with its cells; `total` counts all months, also those before the picture."""

    name: str
    total: int
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The picture: rows of areas, columns of months, and how many of the areas were covered at all."""

    months: tuple[date, ...]
    rows: tuple[CoverageRow, ...]
    covered: int
    width: int


def least_covered(counts: Sequence[tuple[int, int]]) -> int | None:
    """Return the area with the fewest records, the first of the list among equals; None without areas."""
    return min(counts, key=lambda item: item[1])[0] if counts else None


def draw_coverage(
    areas: Sequence[tuple[int, str]],
    days: Iterable[tuple[int, date]],
    starts_on: date,
    last_day: date,
    today: date,
) -> Coverage:
    """Return the picture of a pairing: up to its latest twelve months, from its first to the present or last one."""
    months = _months(starts_on, max(starts_on, min(last_day, today)))
    found = Counter((area_id, month_start(day)) for area_id, day in days)
    totals = Counter[int]()
    for (area_id, _month), count in found.items():
        totals[area_id] += count
    rows = tuple(
        CoverageRow(
            name,
            totals[area_id],
            tuple(
                CoverageCell(month, place * CELL, found[area_id, month], min(LEVELS, found[area_id, month]))
                for place, month in enumerate(months)
            ),
        )
        for area_id, name in areas
    )
    covered = sum(1 for area_id, _name in areas if totals[area_id])
    return Coverage(months, rows, covered, len(months) * CELL)


def _months(first: date, last: date) -> tuple[date, ...]:
    month, found = month_start(first), []
    while month <= last:
        found.append(month)
        month = next_month(month)
    return tuple(found[-MOST_MONTHS:])
