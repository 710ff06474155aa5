from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.home.rules import days_of, home_window, window
from scheduler.home.terms import Entry, View

SHANGHAI = ZoneInfo("Asia/Shanghai")


def entry(starts: datetime, ends: datetime) -> Entry:
    return Entry("t", "/", "lecture", "Lecture", starts, ends, "", "")


@pytest.mark.parametrize(
    ("view", "anchor", "first", "days", "previous", "following"),
    [
        (View.WEEK, date(2026, 11, 22), date(2026, 11, 16), 7, date(2026, 11, 15), date(2026, 11, 29)),
        (View.WEEK, date(2026, 1, 1), date(2025, 12, 29), 7, date(2025, 12, 25), date(2026, 1, 8)),
        (View.MONTH, date(2026, 2, 14), date(2026, 1, 26), 35, date(2026, 1, 1), date(2026, 3, 1)),
        (View.MONTH, date(2027, 2, 1), date(2027, 2, 1), 28, date(2027, 1, 1), date(2027, 3, 1)),
        (View.MONTH, date(2026, 8, 31), date(2026, 7, 27), 42, date(2026, 7, 1), date(2026, 9, 1)),
        (View.LIST, date(2026, 12, 20), date(2026, 12, 20), 30, date(2026, 11, 20), date(2027, 1, 19)),
    ],
)
def test_a_view_shows_its_days(
    view: View, anchor: date, first: date, days: int, previous: date, following: date
) -> None:
    shown = window(view, anchor, SHANGHAI)
    assert (shown.first, shown.days, shown.previous, shown.next) == (first, days, previous, following)


@given(st.sampled_from(list(View)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_anchor_is_always_shown_and_neighbours_leave_no_gap(view: View, anchor: date) -> None:
    shown = window(view, anchor, SHANGHAI)
    last = shown.first + timedelta(days=shown.days - 1)
    assert shown.first <= anchor <= last
    following = window(view, shown.next, SHANGHAI)
    assert shown.first < following.first <= last + timedelta(days=1)
    if view is not View.LIST:
        assert shown.first.weekday() == 0


def test_an_entry_stands_on_each_day_it_touches_and_midnight_belongs_to_the_next() -> None:
    shown = window(View.WEEK, date(2026, 11, 18), SHANGHAI)
    late = entry(datetime(2026, 11, 18, 15, tzinfo=UTC), datetime(2026, 11, 18, 17, tzinfo=UTC))
    until_midnight = entry(datetime(2026, 11, 19, 14, tzinfo=UTC), datetime(2026, 11, 19, 16, tzinfo=UTC))
    days = days_of(shown, [late, until_midnight], {}, date(2026, 11, 19), SHANGHAI)
    on = {day.date.day: day.entries for day in days if day.entries}
    assert on == {18: [late], 19: [late, until_midnight]}
    assert [day.date.day for day in days if day.today] == [19]


def test_what_the_work_calendar_says_stands_on_its_day() -> None:
    shown = window(View.MONTH, date(2026, 10, 1), SHANGHAI)
    days = days_of(shown, [], {date(2026, 10, 1): ("National Day", "off")}, date(2026, 11, 19), SHANGHAI)
    noted = [day for day in days if day.note]
    assert [(day.date, day.note, day.tone, day.inside) for day in noted] == [
        (date(2026, 10, 1), "National Day", "off", True)
    ]
    assert not days[0].inside


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_home_shows_this_week_from_monday_and_the_seven_days_from_today(today: date) -> None:
    shown = home_window(today, SHANGHAI)
    assert shown.first.weekday() == 0
    assert shown.first <= today < shown.first + timedelta(days=7)
    assert shown.first + timedelta(days=shown.days) == max(today, shown.first) + timedelta(days=7)
