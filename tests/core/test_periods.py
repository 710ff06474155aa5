from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core import periods
from scheduler.core.periods import Cadence, Span, period_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
SEVEN = datetime(2026, 3, 5, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)

_INSTANTS = st.integers(0, 48).map(lambda hours: SEVEN + hours * HOUR)
_SPANS = st.tuples(_INSTANTS, st.integers(1, 12)).map(lambda pair: Span(pair[0], pair[0] + pair[1] * HOUR))


def test_an_evening_in_shanghai_is_an_instant_in_utc() -> None:
    span = periods.local_span(date(2026, 3, 5), time(19), time(21), SHANGHAI)
    assert (span.start, span.end, span.length) == (SEVEN, SEVEN + 2 * HOUR, 2 * HOUR)


@pytest.mark.parametrize(
    ("start", "end"), [(SEVEN, SEVEN), (SEVEN, SEVEN - HOUR), (SEVEN.replace(tzinfo=None), SEVEN), (SEVEN, datetime(2027, 1, 1))]  # noqa: DTZ001 - that is what is refused
)  # fmt: skip
def test_a_span_that_is_none_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


@given(_SPANS, _SPANS)
def test_spans_overlap_where_they_share_an_hour(one: Span, other: Span) -> None:
    hours = [SEVEN + step * HOUR for step in range(64)]
    share = any(one.start <= hour < one.end and other.start <= hour < other.end for hour in hours)
    assert one.overlaps(other) == other.overlaps(one) == share


def test_spans_that_touch_do_not_overlap() -> None:
    assert not Span(SEVEN, SEVEN + HOUR).overlaps(Span(SEVEN, SEVEN + HOUR).shifted(HOUR))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_is_as_long_as_the_clock_change_makes_it(day: date, hours: int) -> None:
    assert periods.day_span(day, BERLIN).length == timedelta(hours=hours)


def test_a_week_of_days() -> None:
    week = periods.day_span(date(2026, 3, 2), SHANGHAI, days=7)
    assert (week.start, week.length) == (datetime(2026, 3, 1, 16, tzinfo=UTC), timedelta(days=7))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_weeks_begin_on_monday_and_months_on_the_first(day: date) -> None:
    monday, first, following = periods.week_start(day), periods.month_start(day), periods.next_month(day)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)
    assert first.day == following.day == 1
    assert first <= day < following
    assert timedelta(days=28) <= following - first <= timedelta(days=31)


@pytest.mark.parametrize(
    ("cadence", "day", "first", "end"),
    [
        (Cadence.WEEK, date(2026, 11, 26), date(2026, 11, 23), date(2026, 11, 30)),
        (Cadence.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 4)),
        (Cadence.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
        (Cadence.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (Cadence.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 1)),
        (Cadence.QUARTER, date(2026, 10, 1), date(2026, 10, 1), date(2027, 1, 1)),
        (Cadence.YEAR, date(2026, 7, 1), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_holds_its_day(cadence: Cadence, day: date, first: date, end: date) -> None:
    period = period_of(cadence, day)
    assert (period.first, period.end) == (first, end)
    assert period.last_day == end - timedelta(days=1)


@given(st.sampled_from(Cadence), st.dates(date(1999, 1, 1), date(2101, 12, 31)))
def test_each_day_is_in_one_period_and_periods_follow_each_other(cadence: Cadence, day: date) -> None:
    period = period_of(cadence, day)
    assert period.first <= day < period.end
    assert period_of(cadence, period.first) == period_of(cadence, period.last_day) == period
    assert period.before.end == period.first
    assert period.before.after == period.after.before == period
    assert period.days == (period.end - period.first).days


def test_days_left_come_after_today() -> None:
    november = period_of(Cadence.MONTH, date(2026, 11, 1))
    days = (date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 24))
    assert [november.days_left(day) for day in days] == [30, 29, 1, 0, 0]


def test_a_period_begins_and_ends_at_midnight_of_the_zone() -> None:
    span = period_of(Cadence.MONTH, date(2026, 11, 1)).span(ZoneInfo("Asia/Shanghai"))
    assert (span.start, span.end) == (datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC))
