import itertools
from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from scheduler.agenda.terms import DayKind, DayMark
from scheduler.lectures import rules
from scheduler.lectures.terms import MoveGround, Reach, Trouble

THURSDAY = 3
MARKS = {
    day: DayMark(day, kind, name, name)
    for kind, days in ((DayKind.OFF, holidays), (DayKind.WORK, workdays))
    for day, name in days.items()
}


def _thursdays(year: int, trouble: Trouble) -> list[str]:
    year_slots = rules.slots(date(year, 1, 1), date(year, 12, 31), THURSDAY, 2)
    return [f"{slot.day:%m-%d}" for slot in year_slots if rules.trouble(slot.day, MARKS) is trouble]


@pytest.mark.parametrize(("year", "lost"), [(2025, ["01-30", "05-01", "10-02"]), (2026, ["01-01", "02-19", "10-01"])])
def test_thursdays_lost_to_holidays(year: int, lost: list[str]) -> None:
    assert _thursdays(year, Trouble.OFF) == lost


def test_eves_worth_a_warning() -> None:
    assert _thursdays(2026, Trouble.EVE) == ["04-30", "06-18", "09-24"]


def test_strands_alternate_and_a_holiday_uses_up_its_turn() -> None:
    found = rules.slots(date(2026, 2, 10), date(2026, 3, 5), THURSDAY, 2)
    assert [(f"{slot.day:%m-%d}", slot.number, slot.turn) for slot in found] == [
        ("02-12", 1, 0),
        ("02-19", 2, 1),
        ("02-26", 3, 0),
        ("03-05", 4, 1),
    ]


def test_for_national_day_the_make_up_saturday_ranks_first_and_the_eve_last() -> None:
    taken = [date(2026, 9, 24), date(2026, 10, 1), date(2026, 10, 8)]
    ranked = rules.ranked_dates(date(2026, 10, 1), MARKS, taken)
    assert [(f"{one.day:%m-%d}", one.ground) for one in ranked] == [
        ("10-10", MoveGround.MAKE_UP),
        ("09-29", MoveGround.WORKDAY),
        ("09-28", MoveGround.WORKDAY),
        ("10-09", MoveGround.WORKDAY),
        ("09-23", MoveGround.WORKDAY),
        ("09-22", MoveGround.WORKDAY),
        ("09-21", MoveGround.WORKDAY),
        ("09-30", MoveGround.EVE),
    ]


@pytest.mark.parametrize(("reach", "days"), [(Reach.THIS, [8]), (Reach.FOLLOWING, [8, 15]), (Reach.ALL, [1, 8, 15])])
def test_how_far_a_change_goes(reach: Reach, days: list[int]) -> None:
    evenings = [date(2026, 1, day) for day in (15, 1, 8)]
    assert rules.reached(date(2026, 1, 8), evenings, reach) == [date(2026, 1, day) for day in days]


def test_a_title_pattern() -> None:
    assert rules.title_of("{series} {number}: {topic} {x}", series="S", number=4, topic="T") == "S 4: T {x}"


_days = st.dates(date(2025, 1, 1), date(2026, 12, 1))


@given(begins=_days, length=st.integers(0, 400), weekday=st.integers(0, 6), strands=st.integers(1, 4))
def test_the_rule_gives_every_week_once_in_turn(begins: date, length: int, weekday: int, strands: int) -> None:
    ends = begins + timedelta(days=length)
    found = rules.slots(begins, ends, weekday, strands)
    assert all(begins <= slot.day <= ends and slot.day.weekday() == weekday for slot in found)
    assert all(later.day - slot.day == timedelta(days=7) for slot, later in itertools.pairwise(found))
    assert [slot.turn for slot in found] == [number % strands for number in range(len(found))]
    assert len(found) >= (length + 1) // 7


@given(lost=_days, taken=st.sets(_days, max_size=20))
def test_no_proposal_is_a_day_off_or_taken(lost: date, taken: set[date]) -> None:
    ranked = rules.ranked_dates(lost, MARKS, taken)
    days = [one.day for one in ranked]
    assert lost not in days
    assert len(set(days)) == len(days)
    assert not taken.intersection(days)
    assert all(chinese_calendar.is_workday(day) for day in days if day.year < 2027 and day >= date(2025, 1, 1))
