"""Civil dates and half-open spans of time in the organisation's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval of aware instants: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            msg = "a span needs aware instants"
            raise ValueError(msg)
        if self.end <= self.start:
            msg = "a span ends after it starts"
            raise ValueError(msg)

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both share an instant; spans that only touch do not."""
        return self.start < other.end and other.start < self.end

    def shifted(self, by: timedelta) -> "Span":
        return Span(self.start + by, self.end + by)


def local_span(day: date, start: time, end: time, zone: ZoneInfo) -> Span:
    """Return the span on civil `day` in `zone`; an `end` at or before `start` is refused by Span."""
    return Span(at(day, start, zone), at(day, end, zone))


def at(day: date, clock_time: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a civil date and time in `zone`."""
    return datetime.combine(day, clock_time, zone).astimezone(UTC)


def day_span(day: date, zone: ZoneInfo, days: int = 1) -> Span:
    """Return the span of `days` whole civil days from `day` on."""
    return Span(at(day, time.min, zone), at(day + timedelta(days=days), time.min, zone))


def civil_date(text: str) -> date | None:
    """Return the date written as 2026-03-05; None for anything else, and for years that no calendar here can mean."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def week_start(day: date) -> date:
    """Return the Monday of the week of `day` (ISO 8601, and the custom of the offices served)."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


class Cadence(StrEnum):
    """How often something is owed: the period within which it is counted."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month, quarter or year of civil days: `first` belongs to it, `end` does not."""

    cadence: Cadence
    first: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def before(self) -> "Period":
        return period_of(self.cadence, self.first - timedelta(days=1))

    @property
    def after(self) -> "Period":
        return period_of(self.cadence, self.end)

    def span(self, zone: ZoneInfo) -> Span:
        """Return the instants of the period in `zone`."""
        return Span(at(self.first, time.min, zone), at(self.end, time.min, zone))

    def days_left(self, today: date) -> int:
        """Return how many of its days come after `today`; none of a period that is over."""
        return max(0, (self.end - max(today, self.first - timedelta(days=1))).days - 1)


def period_of(cadence: Cadence, day: date) -> Period:
    """Return the week (from Monday), calendar month, quarter or year that holds `day`."""
    if cadence is Cadence.WEEK:
        return Period(cadence, week_start(day), week_start(day) + timedelta(days=7))
    if cadence is Cadence.MONTH:
        return Period(cadence, month_start(day), next_month(day))
    if cadence is Cadence.QUARTER:
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return Period(cadence, first, next_month(first + timedelta(days=62)))
    return Period(cadence, date(day.year, 1, 1), date(day.year + 1, 1, 1))
