"""The text of events: any text goes in, and two readers that share no code get it out again."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.agenda.terms import ActivityKind, AudienceKind
from scheduler.feeds.rules.calendars import empty_calendar, joined
from scheduler.feeds.rules.events import alarm_text, banner_text, event_text, with_alarm
from scheduler.feeds.rules.text import line, plain
from scheduler.feeds.terms import BannerFacts, CalendarFacts, EventFacts, EventState, Language, Origin
from tests.feeds.reading import by_vobject, event_of, events_of, rewritten

NOW = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
ORIGIN = Origin("https://training.example", "training.example", "市委组织部", ZoneInfo("Asia/Shanghai"))
FACTS = EventFacts(
    uid="activity-1@training.example",
    kind=ActivityKind.LECTURE,
    title="产业升级与城市更新",
    description="带好笔记本。",
    starts_at=datetime(2026, 3, 5, 11, tzinfo=UTC),
    ends_at=datetime(2026, 3, 5, 13, tzinfo=UTC),
    state=EventState.CONFIRMED,
    venue_name="大礼堂",
    venue_address="中山路1号",
    lecturers="陆江、吴敏",
    audience_kind=AudienceKind.SERIES,
    audience_name="产业大讲堂",
    sequence=2,
    revised_at=NOW,
    moved_from=None,
    change_reason="",
    url="https://training.example/activities/1",
)
CALENDAR = CalendarFacts("我的日历", "Asia/Shanghai", "https://training.example/", Language.ZH)
ANYTHING = st.text(st.characters(codec=None), max_size=200) | st.text('培训👩‍👩‍👧é;,\\nN:\r\n\t"x', max_size=300)
LANGUAGES = st.sampled_from(list(Language))


def lines_of(body: bytes) -> list[bytes]:
    assert body.endswith(b"\r\n")
    return body[:-2].split(b"\r\n")


@settings(deadline=None)  # the machine may be busy
@given(ANYTHING, ANYTHING, ANYTHING, LANGUAGES)
def test_any_text_comes_out_as_it_went_in(title: str, note: str, name: str, language: Language) -> None:
    facts = replace(
        FACTS, title=title, description=note, venue_name=name, lecturers=name, audience_name=title, change_reason=note,
        moved_from=NOW,
    )  # fmt: skip
    body = event_text(facts, language, ORIGIN)
    for wire in lines_of(body):
        assert len(wire) <= 75
        wire.decode()  # folded between characters, never within one
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", wire)
    calendar = joined(replace(CALENDAR, name=title), [body])
    (read,) = events_of(calendar)
    prefix = {Language.ZH: "【改期】", Language.EN: "[Moved] "}[language]
    assert str(read["summary"]) == prefix + line(title)
    if language is Language.ZH and line(note):
        assert f"原因：{line(note)}" in str(read["description"])
    assert str(read["description"]).endswith(plain(note).strip())
    other = by_vobject(calendar).vevent
    assert other.summary.value == str(read["summary"])
    assert other.description.value == str(read["description"])
    assert [one.name for one in other.getChildren()].count("UID") == 1


@settings(deadline=None)  # the machine may be busy
@given(ANYTHING, LANGUAGES)
def test_a_text_cannot_become_a_property(text: str, language: Language) -> None:
    evil = text + "\r\nATTENDEE:mailto:x@example.com\r\n BEGIN:VALARM\nSTATUS:CANCELLED\u2028METHOD:REQUEST"
    facts = replace(FACTS, title=evil, description=evil, venue_name=evil, audience_name=evil, lecturers=evil)
    body = joined(replace(CALENDAR, name=evil, language=language), [event_text(facts, language, ORIGIN)])
    names = {wire.partition(b":")[0].partition(b";")[0] for wire in lines_of(body) if not wire.startswith(b" ")}
    assert names.isdisjoint({b"ATTENDEE", b"METHOD"})
    assert body.count(b"\r\nBEGIN:VALARM") == 0
    assert rewritten(body) == body
    alarm = alarm_text(30, language)
    assert with_alarm(event_text(facts, language, ORIGIN), alarm).count(b"\r\nBEGIN:VALARM\r\n") == 1


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.integers(0, 3), max_size=6), LANGUAGES)
def test_joining_is_what_the_library_writes(kinds: list[int], language: Language) -> None:
    facts = [replace(FACTS, uid=f"{number}@x", title="讲" * 40 * kind) for number, kind in enumerate(kinds)]
    calendar = empty_calendar(CALENDAR)
    for one in facts:
        calendar.add_component(event_of(event_text(one, language, ORIGIN)))
    assert joined(CALENDAR, [event_text(one, language, ORIGIN) for one in facts]) == calendar.to_ical()


def test_an_alarm_is_where_the_library_would_put_it() -> None:
    event = event_of(event_text(FACTS, Language.ZH, ORIGIN))
    alarm = alarm_text(1440, Language.ZH)
    event.add_component(icalendar.Alarm.from_ical(alarm))
    assert with_alarm(event_text(FACTS, Language.ZH, ORIGIN), alarm) == event.to_ical()
    (read,) = event.walk("VALARM")
    assert read["trigger"].dt == -timedelta(days=1)
    assert read["description"]


def test_what_is_cancelled_rings_for_nobody() -> None:
    cancelled = event_text(replace(FACTS, state=EventState.CANCELLED), Language.ZH, ORIGIN)
    assert with_alarm(cancelled, alarm_text(30, Language.ZH)) == cancelled


def test_the_stamp_is_that_of_the_revision() -> None:
    event = event_of(event_text(FACTS, Language.ZH, ORIGIN))
    assert event["dtstamp"].dt == event["last-modified"].dt == NOW.replace(microsecond=0)
    assert event["sequence"] == 2


@pytest.mark.parametrize(
    ("language", "state", "moved", "summary", "status", "transp"),
    [
        (Language.ZH, EventState.CONFIRMED, False, "产业升级与城市更新", "CONFIRMED", "OPAQUE"),
        (Language.ZH, EventState.TENTATIVE, False, "产业升级与城市更新", "TENTATIVE", "OPAQUE"),
        (Language.ZH, EventState.CONFIRMED, True, "【改期】产业升级与城市更新", "CONFIRMED", "OPAQUE"),
        (Language.ZH, EventState.CANCELLED, True, "【已取消】产业升级与城市更新", "CANCELLED", "TRANSPARENT"),
        (Language.EN, EventState.CONFIRMED, True, "[Moved] 产业升级与城市更新", "CONFIRMED", "OPAQUE"),
        (Language.EN, EventState.CANCELLED, False, "[Cancelled] 产业升级与城市更新", "CANCELLED", "TRANSPARENT"),
    ],
)
def test_what_happened_shows_in_the_title(
    language: Language,
    state: EventState,
    moved: bool,  # noqa: FBT001 - a column of the table
    summary: str,
    status: str,
    transp: str,
) -> None:
    facts = replace(FACTS, state=state, moved_from=NOW if moved else None)
    event = event_of(event_text(facts, language, ORIGIN))
    assert (event["summary"], event["status"], event["transp"]) == (summary, status, transp)


def test_the_description_says_who_and_for_whom_in_the_readers_language() -> None:
    def described(language: Language, **changes: Any) -> str:
        return str(event_of(event_text(replace(FACTS, **changes), language, ORIGIN))["description"])

    assert described(Language.ZH) == "授课人：陆江、吴敏\n参加对象：产业大讲堂\n\n带好笔记本。"
    assert described(Language.EN) == "Lecturer: 陆江, 吴敏\nFor: 产业大讲堂\n\n带好笔记本。"
    assert described(Language.EN, state=EventState.TENTATIVE).startswith("The public holidays of this year")
    assert "带好笔记本" not in described(Language.ZH, kind=ActivityKind.GUIDANCE)  # stays in the house


def test_a_category_is_the_series_or_the_kind() -> None:
    def category(language: Language, **changes: Any) -> list[str]:
        event = event_of(event_text(replace(FACTS, **changes), language, ORIGIN))
        return [str(name) for name in event["categories"].cats]

    assert category(Language.ZH) == ["产业大讲堂"]
    study_class: dict[str, Any] = {"audience_kind": AudienceKind.STUDY_CLASS, "kind": ActivityKind.SESSION}
    assert category(Language.ZH, **study_class) == ["专题研修班"]
    assert category(Language.EN, **study_class) == ["Special study class"]


@pytest.mark.parametrize(
    ("venue", "address", "place"),
    [("大礼堂", "中山路1号", "大礼堂, 中山路1号"), ("大礼堂", "", "大礼堂"), ("", "", None)],
)
def test_a_place_is_as_much_as_is_known(venue: str, address: str, place: str | None) -> None:
    facts = replace(FACTS, venue_name=venue, venue_address=address)
    assert event_of(event_text(facts, Language.ZH, ORIGIN)).get("location") == place


def test_a_banner_takes_whole_days_and_blocks_nothing() -> None:
    facts = BannerFacts("audience-1@x", "数字治理班", date(2026, 3, 5), date(2026, 3, 7), False, 4, NOW)  # noqa: FBT003 - not cancelled
    event = event_of(banner_text(facts, Language.ZH, ORIGIN))
    assert (event.start, event.end, event["transp"]) == (date(2026, 3, 5), date(2026, 3, 8), "TRANSPARENT")
    off = event_of(banner_text(replace(facts, cancelled=True), Language.EN, ORIGIN))
    assert (off["summary"], off["status"]) == ("[Cancelled] 数字治理班", "CANCELLED")
