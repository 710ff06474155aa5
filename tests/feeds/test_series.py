"""A series as one repeating event: the rule, its exceptions, and what Outlook can hold."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.core.periods import Span, local_span
from scheduler.feeds.rules.calendars import joined
from scheduler.feeds.rules.repeating import series_texts, zone_text
from scheduler.feeds.rules.series import lay_out, override_is_legal
from scheduler.feeds.terms import EventFacts, Language
from tests.feeds.reading import events_of, rewritten
from tests.feeds.test_events import CALENDAR, FACTS, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

SHANGHAI = ZoneInfo("Asia/Shanghai")
THURSDAYS = [date(2026, 9, 10) + timedelta(weeks=week) for week in range(8)]
NATIONAL_DAY = date(2026, 10, 1)


def evening(day: date, start: time = time(19), zone: ZoneInfo = SHANGHAI) -> Span:
    return local_span(day, start, time(start.hour + 2, start.minute), zone)


def moved_to(day: date, start: time = time(19)) -> list[Span]:
    """Return the Thursdays with that of National Day held on another day."""
    kept = [evening(thursday) for thursday in THURSDAYS if thursday != NATIONAL_DAY]
    return sorted([*kept, evening(day, start)], key=lambda span: span.start)


@pytest.mark.parametrize(
    ("day", "legal"),
    [
        (date(2026, 9, 24), False),
        (date(2026, 9, 25), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 2), True),
        (date(2026, 10, 7), True),
        (date(2026, 10, 8), False),
        (date(2026, 10, 10), False),
    ],
)
def test_an_override_stays_between_its_neighbours(day: date, legal: bool) -> None:  # noqa: FBT001 - a column of the table
    assert override_is_legal(day, date(2026, 9, 24), date(2026, 10, 8)) is legal


@pytest.mark.parametrize(
    ("day", "start", "legal"),
    [
        (date(2026, 9, 30), time(19), True),
        (date(2026, 10, 8), time(14), False),
        (date(2026, 10, 10), time(19), False),
    ],
)
def test_national_day(day: date, start: time, legal: bool) -> None:  # noqa: FBT001 - as above
    spans = moved_to(day, start)
    layout = lay_out(spans, SHANGHAI)
    number = spans.index(evening(day, start))
    assert layout.rule is not None
    assert (layout.rule.first, layout.rule.last, layout.rule.interval) == (THURSDAYS[0], THURSDAYS[-1], 1)
    if legal:
        assert (layout.held[NATIONAL_DAY], layout.dropped, layout.apart) == (number, (), ())
    else:
        assert (layout.dropped, layout.apart) == ((NATIONAL_DAY,), (number,))


def test_alternating_strands_repeat_every_other_week() -> None:
    layout = lay_out([evening(day) for day in THURSDAYS[::2]], SHANGHAI)
    assert layout.rule is not None
    assert (layout.rule.interval, layout.dropped, layout.apart) == (2, (), ())


@pytest.mark.parametrize("days", [[], [THURSDAYS[0]], [date(2026, 9, 10), date(2026, 9, 15)]])
def test_without_repetition_there_is_no_rule(days: list[date]) -> None:
    layout = lay_out([evening(day) for day in days], SHANGHAI)
    assert (layout.rule, layout.apart) == (None, tuple(range(len(days))))


def test_two_in_one_slot_are_not_one() -> None:
    spans = [evening(THURSDAYS[0]), evening(THURSDAYS[1]), evening(THURSDAYS[1]), evening(THURSDAYS[2])]
    layout = lay_out(spans, SHANGHAI)
    assert sorted([*layout.held.values(), *layout.apart]) == [0, 1, 2, 3]
    assert len(layout.apart) == 1


def members_of(spans: "Sequence[Span]", *, alike: bool = False) -> list[EventFacts]:
    from dataclasses import replace  # noqa: PLC0415 - beside its one use

    return [
        replace(
            FACTS,
            uid=f"activity-{number}@x",
            title="夜校" if alike else f"第{number}讲",
            starts_at=span.start,
            ends_at=span.end,
            sequence=number % 3,
        )
        for number, span in enumerate(spans)
    ]


def calendar_of(members: list[EventFacts]) -> bytes:
    zone = zone_text(SHANGHAI, date(2026, 1, 1), date(2027, 12, 31))
    return joined(CALENDAR, [zone, *series_texts("series-1@x", members, Language.ZH, ORIGIN)])


def test_the_text_of_a_series() -> None:
    body = calendar_of(members_of(moved_to(date(2026, 10, 10))))
    text = body.decode()
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")
    master = text.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    assert "DTSTART;TZID=Asia/Shanghai:20260910T190000\r\n" in master
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261029T110000Z;BYDAY=TH\r\n" in master
    assert "EXDATE;TZID=Asia/Shanghai:20261001T190000\r\n" in master
    assert "RDATE" not in text
    assert "RECURRENCE-ID;TZID=Asia/Shanghai:20260910T190000\r\n" in text
    assert rewritten(body) == body


def test_each_dropped_slot_has_its_own_line() -> None:
    spans = [evening(day) for day in THURSDAYS if day not in THURSDAYS[2:4]]
    master = calendar_of(members_of(spans)).decode().partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    lines = [wire for wire in master.split("\r\n") if wire.startswith("EXDATE")]
    assert lines == [f"EXDATE;TZID=Asia/Shanghai:{day:%Y%m%d}T190000" for day in THURSDAYS[2:4]]


def test_evenings_that_are_as_the_rule_says_need_no_exception() -> None:
    assert calendar_of(members_of([evening(day) for day in THURSDAYS], alike=True)).count(b"BEGIN:VEVENT") == 1


def test_the_parts_of_a_series_share_one_revision() -> None:
    events = events_of(calendar_of(members_of(moved_to(date(2026, 9, 30)))))
    assert len({event["sequence"] for event in events if event["uid"] == "series-1@x"}) == 1


def whats_on(body: bytes) -> list[tuple[datetime, datetime, str]]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(date(2026, 1, 1), date(2028, 1, 1))
    return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC), str(one["summary"])) for one in found)


def starts_by_dateutil(body: bytes) -> list[datetime]:
    """Return what is on by a reader that shares no code with icalendar's own expansion."""
    starts: set[datetime] = set()
    for event in events_of(body):
        if "rrule" in event:
            rule = event["rrule"].to_ical().decode()
            slots = {start.astimezone(UTC) for start in rrulestr(rule, dtstart=event.start)}
            gone = event.get("exdate", [])
            gone = gone if isinstance(gone, list) else [gone]
            starts |= slots - {each.dt.astimezone(UTC) for one in gone for each in one.dts}
        elif "recurrence-id" in event:
            starts.remove(event["recurrence-id"].dt.astimezone(UTC))
            starts.add(event.start.astimezone(UTC))
        else:
            starts.add(event.start.astimezone(UTC))
    return sorted(starts)


@settings(deadline=None)  # the machine may be busy
@given(
    st.sets(st.tuples(st.integers(0, 90), st.sampled_from([time(9), time(19), time(19), time(19)])), max_size=14),
    st.booleans(),
)
def test_readers_agree_on_what_is_on(slots: set[tuple[int, time]], alike: bool) -> None:  # noqa: FBT001 - drawn
    spans = sorted(
        (evening(date(2026, 9, 10) + timedelta(days=days), start) for days, start in slots),
        key=lambda span: span.start,
    )
    members = members_of(spans, alike=alike)
    body = calendar_of(members)
    assert whats_on(body) == [(one.starts_at, one.ends_at, one.title) for one in members]
    assert starts_by_dateutil(body) == [span.start for span in spans]


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 6), st.sets(st.integers(0, 20), min_size=2, max_size=12))
def test_overrides_are_always_legal(weekday: int, weeks: set[int]) -> None:
    first = date(2026, 9, 7) + timedelta(days=weekday)
    days = sorted(first + timedelta(weeks=week, days=week % 3) for week in weeks)
    layout = lay_out([evening(day) for day in days], SHANGHAI)
    if layout.rule is None:
        return
    stands = [days[layout.held[slot]] if slot in layout.held else slot for slot in layout.rule.slots()]
    assert stands == sorted(set(stands))
    assert sorted([*layout.held.values(), *layout.apart]) == list(range(len(days)))


def test_a_zone_with_summer_time_keeps_the_hour_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = [date(2026, 10, 8) + timedelta(weeks=week) for week in range(6)]
    layout = lay_out([evening(day, zone=berlin) for day in days], berlin)
    assert layout.rule is not None
    assert (layout.rule.start, layout.dropped, layout.apart) == (time(19), (), ())
