"""Public holidays, adjusted working days, and the windows of years that are not published yet."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.agenda.terms import DayKind, DayMark

SPRING_FESTIVAL = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
DRAGON_BOAT = {
    2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16),
    2030: (6, 5), 2031: (6, 24), 2032: (6, 12), 2033: (6, 1), 2034: (6, 20), 2035: (6, 10),
}  # fmt: skip
MID_AUTUMN = {
    2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22),
    2030: (9, 12), 2031: (10, 1), 2032: (9, 19), 2033: (9, 8), 2034: (9, 27), 2035: (9, 16),
}  # fmt: skip
"""Month and day of the festivals of the lunisolar calendar (GB/T 33661-2017)."""

_FIXED = (((1, 1), (1, 1)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((10, 1), (10, 8)))
# For years beyond the tables: every date on which the festival can fall, with its window.
_LUNAR = (
    (SPRING_FESTIVAL, timedelta(days=3), timedelta(days=9), ((1, 18), (3, 1))),
    (DRAGON_BOAT, timedelta(days=2), timedelta(days=2), ((5, 26), (6, 27))),
    (MID_AUTUMN, timedelta(days=2), timedelta(days=2), ((9, 6), (10, 10))),
)
SATURDAY = 5


def risk_windows(year: int) -> list[tuple[date, date]]:
    """Return first and last day of each window in which a public holiday of `year` may lie."""
    windows = [(date(year, *first), date(year, *last)) for first, last in _FIXED]
    for table, before, after, anywhere in _LUNAR:
        if year in table:
            festival = date(year, *table[year])
            windows.append((festival - before, festival + after))
        else:
            windows.append((date(year, *anywhere[0]), date(year, *anywhere[1])))
    return sorted(windows)


def is_at_risk(day: date, published: Collection[int]) -> bool:
    """Tell whether `day` may turn out to be a holiday, because its year is not published."""
    return day.year not in published and any(first <= day <= last for first, last in risk_windows(day.year))


def is_tentative(starts_at: datetime, published: Collection[int], zone: ZoneInfo) -> bool:
    """Tell whether an activity is to be shown as tentative."""
    return is_at_risk(starts_at.astimezone(zone).date(), published)


def is_workday(day: date, marks: Mapping[date, DayMark]) -> bool:
    """Tell whether people work on `day`: Monday to Friday, unless the work calendar says otherwise."""
    mark = marks.get(day)
    return mark.kind is DayKind.WORK if mark else day.weekday() < SATURDAY


def holiday_on(day: date, marks: Mapping[date, DayMark]) -> DayMark | None:
    """Return the mark of a day off."""
    mark = marks.get(day)
    return mark if mark and mark.kind is DayKind.OFF else None


def holiday_after(day: date, marks: Mapping[date, DayMark]) -> DayMark | None:
    """Return the holiday whose eve `day` is: a day that is none itself, with one on the next day."""
    return None if holiday_on(day, marks) else holiday_on(day + timedelta(days=1), marks)
