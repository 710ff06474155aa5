from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.jobs.rules import MOST_AT_ONCE, due_slots, retry_after
from scheduler.jobs.terms import CatchUp, Daily, Every, Job, Weekday

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
THURSDAYS = Daily(time(19), (Weekday.THURSDAY,))


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def _due(cadence: Daily | Every, last: datetime | None, now: datetime, zone: ZoneInfo = SHANGHAI,
         catch_up: CatchUp = CatchUp.ALL) -> list[datetime]:  # fmt: skip
    return due_slots(Job("j", cadence, catch_up), last, now, zone)


def test_a_weekday_is_the_one_that_is_written() -> None:
    """Nineteen o'clock on Thursdays: crontab's 4 would be a Friday to some schedulers."""
    slots = _due(THURSDAYS, _utc(2026, 3, 1), _utc(2026, 3, 31))
    assert [slot.astimezone(SHANGHAI).strftime("%a %d %H:%M") for slot in slots] == [
        "Thu 05 19:00", "Thu 12 19:00", "Thu 19 19:00", "Thu 26 19:00",
    ]  # fmt: skip


def test_a_slot_is_due_from_its_very_instant_and_only_once() -> None:
    seven = _utc(2026, 3, 5, 11)
    second = timedelta(seconds=1)
    assert _due(THURSDAYS, _utc(2026, 3, 1), seven - second) == []
    assert _due(THURSDAYS, _utc(2026, 3, 1), seven) == [seven]
    assert _due(THURSDAYS, seven, seven + second) == []


@pytest.mark.parametrize("catch_up", list(CatchUp))
def test_a_job_that_never_ran_owes_its_latest_slot(catch_up: CatchUp) -> None:
    assert _due(THURSDAYS, None, _utc(2026, 3, 11), catch_up=catch_up) == [_utc(2026, 3, 5, 11)]


def test_after_an_outage_all_or_only_the_latest_are_owed() -> None:
    nightly, last, now = Daily(time(2)), _utc(2026, 3, 1), _utc(2026, 3, 5)
    all_of_them = _due(nightly, last, now)
    assert len(all_of_them) == 4
    assert _due(nightly, last, now, catch_up=CatchUp.LATEST) == all_of_them[-1:]
    assert _due(nightly, all_of_them[-1], now, catch_up=CatchUp.LATEST) == []


def test_a_clock_that_went_back_owes_nothing() -> None:
    for catch_up in CatchUp:
        assert _due(Daily(time(2)), _utc(2026, 3, 5), _utc(2026, 3, 1), catch_up=catch_up) == []
        assert _due(Every(timedelta(minutes=5)), _utc(2026, 3, 5), _utc(2026, 3, 1), catch_up=catch_up) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(1, 30), [_utc(2026, 3, 28, 0, 30), _utc(2026, 3, 29, 0, 30), _utc(2026, 3, 29, 23, 30)]),
        (time(2, 30), [_utc(2026, 3, 28, 1, 30), _utc(2026, 3, 29, 1, 30), _utc(2026, 3, 30, 0, 30)]),  # skipped on 29
    ],
)
def test_when_clocks_go_forward_each_day_still_has_its_slot(at: time, expected: list[datetime]) -> None:
    assert _due(Daily(at), _utc(2026, 3, 27, 12), _utc(2026, 3, 30, 12), BERLIN) == expected


def test_when_clocks_go_back_the_repeated_hour_counts_once() -> None:
    slots = _due(Daily(time(2, 30)), _utc(2026, 10, 24, 12), _utc(2026, 10, 26, 12), BERLIN)
    assert slots == [_utc(2026, 10, 25, 0, 30), _utc(2026, 10, 26, 1, 30)]


def test_an_interval_keeps_step_with_utc() -> None:
    quarter = Every(timedelta(minutes=15))
    assert _due(quarter, _utc(2026, 3, 5, 11, 7), _utc(2026, 3, 5, 11, 45)) == [
        _utc(2026, 3, 5, 11, 15), _utc(2026, 3, 5, 11, 30), _utc(2026, 3, 5, 11, 45),
    ]  # fmt: skip
    assert _due(quarter, None, _utc(2026, 3, 5, 11, 44)) == [_utc(2026, 3, 5, 11, 30)]


def test_a_very_long_outage_is_taken_up_in_portions_from_the_oldest_on() -> None:
    minute = Every(timedelta(minutes=1))
    first = _due(minute, _utc(2026, 1, 1), _utc(2026, 3, 1))
    assert len(first) == MOST_AT_ONCE
    assert _due(minute, first[-1], _utc(2026, 3, 1))[0] == first[-1] + timedelta(minutes=1)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=20), st.sampled_from([SHANGHAI, BERLIN]))
def test_however_often_one_looks_no_slot_is_missed_or_repeated(steps: list[int], zone: ZoneInfo) -> None:
    start = last = now = _utc(2026, 3, 20)
    job = Job("j", Daily(time(2, 30)), CatchUp.ALL)
    found: list[datetime] = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        found += due_slots(job, last, now, zone)
        last = found[-1] if found else last
    assert found == due_slots(job, start, now, zone)


def test_failures_are_left_alone_for_longer_and_longer_but_never_for_good() -> None:
    assert [retry_after(attempt).total_seconds() / 60 for attempt in (1, 2, 3, 7, 99)] == [1, 2, 4, 60, 60]
