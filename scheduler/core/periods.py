"""Civil dates and half-open spans of time in the organisation's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
