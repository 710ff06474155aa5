from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.classes import rules
from scheduler.classes.terms import ClassStatus, PartOfDay

FIRST, LAST = date(2026, 3, 10), date(2026, 3, 12)
DRAFT, PUBLISHED, RUNNING, FINISHED, CANCELLED = ClassStatus


@pytest.mark.parametrize(
    ("stored", "today", "status"),
    [
        (DRAFT, LAST + timedelta(days=9), DRAFT),
        (CANCELLED, FIRST, CANCELLED),
        (PUBLISHED, FIRST - timedelta(days=1), PUBLISHED),
        (PUBLISHED, FIRST, RUNNING),
        (PUBLISHED, LAST, RUNNING),
        (PUBLISHED, LAST + timedelta(days=1), FINISHED),
    ],
)
def test_a_published_class_runs_and_ends_by_its_dates(stored: ClassStatus, today: date, status: ClassStatus) -> None:
    assert rules.status_on(stored, FIRST, LAST, today) is status


def test_what_a_class_may_become() -> None:
    turns = {(old, new) for old in ClassStatus for new in ClassStatus if rules.may_turn(old, new)}
    assert turns == {
        (DRAFT, PUBLISHED),
        (DRAFT, CANCELLED),
        (PUBLISHED, RUNNING),
        (PUBLISHED, CANCELLED),
        (RUNNING, FINISHED),
        (RUNNING, CANCELLED),
    }


@pytest.mark.parametrize("part", PartOfDay)
def test_the_default_hours_of_a_part_of_the_day_belong_to_it(part: PartOfDay) -> None:
    starts, ends = rules.HOURS[part]
    assert starts < ends
    assert rules.part_of(starts) is part


@pytest.mark.parametrize(
    ("starts", "part"),
    [(time(12, 29), PartOfDay.MORNING), (time(12, 30), PartOfDay.AFTERNOON), (time(18), PartOfDay.EVENING)],
)
def test_the_borders_of_the_parts_of_the_day(starts: time, part: PartOfDay) -> None:
    assert rules.part_of(starts) is part


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "2026-01"),
        (["2026-01", "2026-24"], "2026-25"),
        (["2025-31", "2026-7", "2026-x", "X2026-90"], "2026-08"),
        (["2026-99"], "2026-100"),
    ],
)
def test_the_next_code_follows_the_highest_of_the_year(codes: list[str], code: str) -> None:
    assert rules.next_code(2026, codes) == code


def _works(off: set[date]) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and day not in off


def test_a_run_shifts_over_a_holiday_and_a_weekend() -> None:
    holiday = {date(2026, 10, 1) + timedelta(days=number) for number in range(7)}
    days = [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 13)]
    assert rules.shifted(days, date(2026, 9, 29), _works(holiday)) == {
        days[0]: date(2026, 9, 29),
        days[1]: date(2026, 9, 30),
        days[2]: date(2026, 10, 9),
    }


def test_a_run_does_not_start_on_a_day_off_and_forgets_an_old_weekend() -> None:
    days = [date(2026, 3, 13), date(2026, 3, 16)]
    assert list(rules.shifted(days, date(2026, 3, 21), _works(set())).values()) == [
        date(2026, 3, 23),
        date(2026, 3, 24),
    ]


def test_no_days_need_no_shift() -> None:
    assert rules.shifted([], FIRST, _works(set())) == {}


def test_a_calendar_without_working_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="without working days"):
        rules.shifted([FIRST], FIRST, lambda _day: False)


_days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(
    days=st.lists(_days.filter(lambda day: day < date(2025, 3, 1)), max_size=12),
    start=_days,
    off=st.sets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=60),
)
def test_no_session_lands_on_a_day_off_and_the_order_is_kept(days: list[date], start: date, off: set[date]) -> None:
    works = _works(off)
    moved = rules.shifted(days, start, works)
    assert set(moved) == set(days)
    assert all(works(day) for day in moved.values())
    targets = [moved[day] for day in sorted(moved)]
    assert targets == sorted(set(targets))
    assert all(target >= start for target in targets)


@pytest.mark.parametrize(
    ("enrolled", "asked", "beyond"),
    [
        ({}, {"/1/2/": 2}, {}),
        ({}, {"/1/2/9/": 3}, {"/1/2/": (2, 3)}),
        ({"/1/2/": 2}, {"/1/3/": 1}, {}),
        ({"/1/2/": 5}, {"/1/3/": 1}, {}),
        ({"/1/2/": 1, "/1/2/9/": 1}, {"/1/2/": 1}, {"/1/2/": (2, 3)}),
        ({}, {"/1/4/": 1}, {"": (0, 1)}),
    ],
)
def test_what_goes_beyond_the_quotas(
    enrolled: dict[str, int], asked: dict[str, int], beyond: dict[str, tuple[int, int]]
) -> None:
    assert rules.over_quota({"/1/2/": 2, "/1/3/": 1}, enrolled, asked) == beyond


def test_without_quotas_nothing_is_beyond() -> None:
    assert rules.over_quota({}, {"/1/2/": 40}, {"/1/2/": 1}) == {}


def test_the_nearest_unit_with_places_counts() -> None:
    assert rules.quota_home(["/1/", "/1/2/"], "/1/2/9/") == "/1/2/"
