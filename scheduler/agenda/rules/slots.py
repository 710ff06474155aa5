"""The nearest times that break nothing."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.core.periods import Span

STEP = timedelta(minutes=30)
REACH = timedelta(days=14)
"""How far from the wanted time a proposal may be."""
_OPENS, _CLOSES = time(8, 30), time(21, 30)


def merged(busy: Iterable[Span]) -> list[Span]:
    """Return the spans sorted, with those that overlap or touch joined."""
    joined: list[Span] = []
    for span in sorted(busy, key=lambda span: (span.start, span.end)):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def is_free(span: Span, busy: list[Span]) -> bool:
    """Tell whether `span` shares no instant with `busy` (merged)."""
    after = bisect_left(busy, span.end, key=lambda taken: taken.start)
    return after == 0 or busy[after - 1].end <= span.start


def nearest_free(
    wanted: Span,
    busy: Iterable[Span],
    *,
    usable: Callable[[date], bool],
    zone: ZoneInfo,
    now: datetime,
    count: int = 3,
) -> list[Span]:
    """Return up to `count` free spans of the same length, nearest first, none in the past.

    Steps of half an hour in the office's day (8:30 to 21:30, longer if the wanted time is), on days that are
    `usable`, within 14 days. Proposals do not overlap each other: three real choices.
    """
    taken = merged(busy)
    chosen: list[Span] = []
    for shift in _shifts():
        span = wanted.shifted(shift)
        if (
            span.start > now
            and _in_office_hours(span, wanted, zone)
            and usable(span.start.astimezone(zone).date())
            and is_free(span, taken)
            and not any(span.overlaps(other) for other in chosen)
        ):
            chosen.append(span)
            if len(chosen) == count:
                break
    return chosen


def _shifts() -> Iterator[timedelta]:
    for number in range(1, REACH // STEP + 1):
        yield number * STEP
        yield -number * STEP


def _in_office_hours(span: Span, wanted: Span, zone: ZoneInfo) -> bool:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    opens = min(_OPENS, wanted.start.astimezone(zone).time())
    closes = max(_CLOSES, wanted.end.astimezone(zone).time())
    if wanted.start.astimezone(zone).date() != wanted.end.astimezone(zone).date():
        return start.time() == wanted.start.astimezone(zone).time()  # past midnight: only whole days away
    return start.date() == end.date() and start.time() >= opens and end.time() <= closes
