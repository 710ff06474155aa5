"""Which days a view shows, and which entry stands on which day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.core.periods import day_span, month_start, next_month, week_start
from scheduler.home.terms import Day, Entry, View, Window

WEEK = 7
LIST_DAYS = 30


def home_window(today: date, zone: ZoneInfo) -> Window:
    """Return what home shows: the week of `today`, and at least the seven days from it, so that no Sunday looks empty."""
    first = week_start(today)
    days = max(WEEK, (today - first).days + WEEK)
    following = first + timedelta(days=days)
    return Window(View.WEEK, today, first, days, first - timedelta(days=WEEK), following, day_span(first, zone, days))


def window(view: View, anchor: date, zone: ZoneInfo) -> Window:
    """Return the days that `view` shows around `anchor`: its week, the whole weeks of its month, or 30 days from it."""
    if view is View.WEEK:
        first, days = week_start(anchor), WEEK
        previous, following = anchor - timedelta(days=WEEK), anchor + timedelta(days=WEEK)
    elif view is View.MONTH:
        first = week_start(month_start(anchor))
        end = next_month(anchor)
        days = -(-(end - first).days // WEEK) * WEEK
        previous, following = month_start(month_start(anchor) - timedelta(days=1)), end
    else:
        first, days = anchor, LIST_DAYS
        previous, following = anchor - timedelta(days=LIST_DAYS), anchor + timedelta(days=LIST_DAYS)
    return Window(view, anchor, first, days, previous, following, day_span(first, zone, days))


def days_of(
    shown: Window, entries: Iterable[Entry], notes: Mapping[date, tuple[str, str]], today: date, zone: ZoneInfo
) -> list[Day]:
    """Lay `entries` on the days of the window; one that passes midnight stands on each day it touches.

    `notes` says for a date what the work calendar knows: a name, and the tone "off" or "work".
    """
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        day = entry.starts.astimezone(zone).date()
        last = (entry.ends - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            by_day[day].append(entry)
            day += timedelta(days=1)
    return [
        Day(
            date=day,
            entries=by_day.get(day, []),
            today=day == today,
            note=notes.get(day, ("", ""))[0],
            tone=notes.get(day, ("", ""))[1],
            inside=shown.view is not View.MONTH or day.month == shown.anchor.month,
        )
        for day in (shown.first + timedelta(days=offset) for offset in range(shown.days))
    ]
