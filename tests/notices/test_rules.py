"""Quiet hours, another try, and what becomes a mail, as tables and properties."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.notices.rules.mail import one_line
from scheduler.notices.rules.quiet import QuietHours, quiet_until, read_quiet
from scheduler.notices.rules.retrying import next_try
from scheduler.notices.rules.sending import Wishes, is_address, waits_until, why_not
from scheduler.notices.rules.words import in_language
from scheduler.notices.terms.mail import Addressee, Outgoing

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(7, 30))
NOON = QuietHours(time(12), time(14))
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "instant", "until"),
    [
        (NIGHT, "2026-11-18T20:59:59.999999", None),
        (NIGHT, "2026-11-18T21:00", "2026-11-19T07:30"),
        (NIGHT, "2026-11-18T23:59:59", "2026-11-19T07:30"),
        (NIGHT, "2026-11-19T00:00", "2026-11-19T07:30"),
        (NIGHT, "2026-11-19T07:29:59", "2026-11-19T07:30"),
        (NIGHT, "2026-11-19T07:30", None),
        (NIGHT, "2026-12-31T22:00", "2027-01-01T07:30"),
        (NOON, "2026-11-18T11:59", None),
        (NOON, "2026-11-18T12:00", "2026-11-18T14:00"),
        (NOON, "2026-11-18T14:00", None),
        (None, "2026-11-18T23:00", None),
    ],
)
def test_quiet_hours_by_the_clock(hours: QuietHours | None, instant: str, until: str | None) -> None:
    assert quiet_until(hours, SHANGHAI, shanghai(instant)) == (shanghai(until) if until else None)


def test_quiet_hours_go_by_the_readers_zone() -> None:
    evening = shanghai("2026-11-18T22:00")  # 15:00 in Berlin
    assert quiet_until(NIGHT, BERLIN, evening) is None
    to = Addressee("田瑞", "a@b.example", "en", BERLIN)
    wishes = Wishes(frozenset(), frozenset(), NIGHT)
    assert waits_until(to, wishes, SHANGHAI, evening) is None
    assert waits_until(replace(to, zone=None), wishes, SHANGHAI, evening) == shanghai("2026-11-19T07:30")


@pytest.mark.parametrize("hours", [QuietHours(time(1), time(2, 30)), QuietHours(time(2, 30), time(4))])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_change_of_the_clock_ends_no_night_before_it_began(hours: QuietHours, day: str) -> None:
    midnight = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=BERLIN).astimezone(UTC)
    for minutes in range(0, 6 * 60, 5):
        instant = midnight + timedelta(minutes=minutes)
        until = quiet_until(hours, BERLIN, instant)
        assert until is None or instant < until <= instant + timedelta(hours=4)


@given(
    starts=st.times(),
    ends=st.times(),
    instant=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
)
def test_what_is_quiet_now_is_not_quiet_when_it_ends(starts: time, ends: time, instant: datetime) -> None:
    hours = QuietHours(starts, ends)
    until = quiet_until(hours, SHANGHAI, instant)
    if until is not None:
        assert instant < until <= instant + timedelta(days=1)
        assert starts == ends or quiet_until(hours, SHANGHAI, until) is None


@pytest.mark.parametrize("text", ["", "21:00", "21:00-24:00", "9:00-10:00", "21:00-21:00", "21:00–07:30", "x"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no hours"):
        read_quiet(text)


def test_hours_are_read_and_said() -> None:
    assert read_quiet("21:00-07:30") == NIGHT
    assert str(NIGHT) == "21:00–07:30"
    assert read_quiet("none") is None


@given(failures=st.integers(1, 30), waited=st.floats(0, 4 * 86400))
def test_another_try_is_never_later_than_three_days_after_posting(failures: int, waited: float) -> None:
    now = NOW + timedelta(seconds=waited)
    again = next_try(failures, NOW, now)
    assert again is None or now + timedelta(minutes=1) <= again <= NOW + timedelta(days=3)


LETTER = Outgoing(1, 1, "class_published", "class:1", 7, "1", "m", {}, "/", NOW, 0, was_read=False)
TO = Addressee("田瑞", "tian@city.example", "zh_CN")
ALL = Wishes(frozenset(), frozenset(), NIGHT)


@pytest.mark.parametrize(
    ("letter", "to", "wishes", "reason"),
    [
        ({}, TO, ALL, None),
        ({"posted_at": NOW - timedelta(hours=2)}, TO, ALL, "Mail was off."),
        ({"was_read": True}, TO, ALL, "Read already."),
        ({}, None, ALL, "The office keeps no address."),
        ({}, replace(TO, email=""), ALL, "The office keeps no address."),
        ({}, replace(TO, email="x"), ALL, "The address is none."),
        ({}, TO, replace(ALL, muted=frozenset({"classes"})), "Muted."),
        ({}, TO, replace(ALL, no_mail=frozenset({"classes"})), "Not wanted by mail."),
        ({}, TO, replace(ALL, no_mail=frozenset({"schedule"})), None),
        ({"kind": "something_new"}, TO, replace(ALL, no_mail=frozenset({"other"})), "Not wanted by mail."),
    ],
)
def test_why_a_notice_is_not_mailed(
    letter: dict[str, object], to: Addressee | None, wishes: Wishes, reason: str | None
) -> None:
    changed = replace(LETTER, **letter)  # type: ignore[arg-type]  # a table of changes
    assert why_not(changed, to, wishes, since=NOW - timedelta(hours=1), now=NOW) == reason


@given(st.text())
def test_a_header_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 120
    assert line.isprintable()


@given(st.text(alphabet='ab1.-_+@<>,;:" \r\né城', max_size=12) | st.from_regex(r"[a-z]+@[a-z.]+\n?", fullmatch=True))
def test_an_address_holds_nothing_that_ends_a_header(text: str) -> None:
    if is_address(text):
        assert text.isascii()
        assert not set(text) & set('\r\n <>,;:"')


@pytest.mark.parametrize(("language", "said"), [("zh_CN", {"a": "甲", "b": "乙"}), ("en", {"a": "first", "b": "乙"})])
def test_an_english_reader_gets_the_english_twin_of_a_fact(language: str, said: dict[str, str]) -> None:
    facts = {"a": "甲", "a_en": "first", "b": "乙"}
    assert in_language(facts, language) == {**facts, **said}
