"""Where everything of a year stands in its picture: twelve rows of days, classes as bars, evenings as dots."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.agenda.terms import DayKind, DayMark
from scheduler.core.periods import next_month
from scheduler.office.terms.picture import Bar, DayCell, Dot, Heat, Month, YearClass, YearLecture

DAY = 24
HEAD = 20
LANE = 22
DOTS = 20
HEAT = 8
LEVELS = 4
_LETTER = 13
"""The width of a Chinese letter of a bar's label."""
_SATURDAY = 5


def draw_year(
    year: int,
    classes: Iterable[YearClass],
    lectures: Iterable[YearLecture],
    marks: Mapping[date, DayMark],
    load: Mapping[date, int],
    *,
    today: date,
    language: str,
    zone: ZoneInfo,
) -> list[Month]:
    """Return the twelve months; `load` says how many venues are in use on each day."""
    ordered = sorted(classes, key=lambda one: (one.starts_on, one.ends_on, one.code))
    evenings = [(one.starts_at.astimezone(zone).date(), one) for one in lectures]
    busiest = max(load.values(), default=0)
    return [
        _month(date(year, number, 1), ordered, evenings, marks, load, busiest, today, language)
        for number in range(1, 13)
    ]


def lanes(classes: Sequence[YearClass]) -> list[int]:
    """Return the lane of each class (ordered by first day): the lowest in which nothing of an earlier one is left."""
    free_from: list[date] = []
    chosen = []
    for one in classes:
        lane = next((number for number, day in enumerate(free_from) if day < one.starts_on), len(free_from))
        if lane == len(free_from):
            free_from.append(one.ends_on)
        else:
            free_from[lane] = one.ends_on
        chosen.append(lane)
    return chosen


def tone_of(day: date, marks: Mapping[date, DayMark]) -> str:
    """Return what a day is: off, adjusted, rest or work."""
    mark = marks.get(day)
    if mark:
        return "off" if mark.kind is DayKind.OFF else "adjusted"
    return "rest" if day.weekday() >= _SATURDAY else "work"


def heat_level(count: int, busiest: int) -> int:
    """Return 0 for no venue in use, else a quarter of the way to the busiest day, rounded up."""
    return -(-LEVELS * count // busiest) if count else 0


def _month(
    first: date,
    classes: Sequence[YearClass],
    evenings: Sequence[tuple[date, YearLecture]],
    marks: Mapping[date, DayMark],
    load: Mapping[date, int],
    busiest: int,
    today: date,
    language: str,
) -> Month:
    end = next_month(first)
    days = [first + timedelta(days=number) for number in range((end - first).days)]
    inside = [one for one in classes if one.starts_on < end and one.ends_on >= first]
    places = lanes(inside)
    deep = max(places, default=-1) + 1
    dots_y = HEAD + deep * LANE
    heat_y = dots_y + DOTS
    cells = tuple(
        DayCell(
            day,
            (day.day - 1) * DAY,
            tone_of(day, marks),
            marks[day].name(language) if day in marks else "",
            day == today,
        )
        for day in days
    )
    bars = []
    for one, lane in zip(inside, places, strict=True):
        begins, ends = max(one.starts_on, first), min(one.ends_on, end - timedelta(days=1))
        x, width = (begins.day - 1) * DAY, (ends.day - begins.day + 1) * DAY
        bars.append(Bar(one, x + 1, HEAD + lane * LANE + 1, width - 2, label_of(one, width - 8)))
    dots = tuple(Dot(one, day, (day.day - 1) * DAY + DAY // 2) for day, one in evenings if first <= day < end)
    heat = tuple(
        Heat(day, (day.day - 1) * DAY, heat_level(load.get(day, 0), busiest), load.get(day, 0)) for day in days
    )
    return Month(first, 31 * DAY, heat_y + HEAT, dots_y, heat_y, cells, tuple(bars), dots, heat)


def label_of(one: YearClass, width: int) -> str:
    """Return what the bar can hold of the title, or all of the theme where that fits; Chinese letters are wide."""
    title = _fitting(one.title, width)
    if title != one.title and one.theme and _fitting(one.theme, width) == one.theme:
        return one.theme
    return title


def _fitting(title: str, width: int) -> str:
    """Return as much of the title as the bar can hold; letters outside of Chinese take about half the room."""
    room = width
    for place, letter in enumerate(title):
        room -= _LETTER if ord(letter) > 0x2E7F else _LETTER * 3 // 5  # noqa: PLR2004 - where CJK begins
        if room < 0:
            return title[: max(0, place - 1)] + "…" if place > 1 else ""
    return title
