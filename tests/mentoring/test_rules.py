from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.periods import next_month
from scheduler.mentoring.rules.coverage import draw_coverage, least_covered
from scheduler.mentoring.rules.duty import days_in_force, days_left, is_late, owed
from scheduler.mentoring.rules.filing import DayFacts, refuse_day
from scheduler.mentoring.rules.life import may_take, open_steps
from scheduler.mentoring.terms import PairingStatus, Step

NOVEMBER = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("duty", "days", "expected"),
    [
        (2, 0, 0), (2, 9, 0), (2, 10, 1), (2, 19, 1), (2, 20, 2), (2, 30, 2),
        (1, 9, 0), (1, 10, 1), (1, 20, 1), (3, 10, 2), (3, 20, 3), (4, 19, 2), (0, 30, 0),
    ],
)  # fmt: skip
def test_a_month_with_few_days_in_force_owes_less(duty: int, days: int, expected: int) -> None:
    assert owed(duty, days) == expected


@pytest.mark.parametrize(
    ("first", "last", "pauses", "days"),
    [
        (date(2026, 3, 1), date(2027, 2, 28), [], 30),
        (date(2026, 11, 21), date(2027, 2, 28), [], 10),
        (date(2026, 11, 22), date(2027, 2, 28), [], 9),
        (date(2026, 3, 1), date(2026, 11, 19), [], 19),
        (date(2026, 12, 1), date(2027, 2, 28), [], 0),
        (date(2026, 3, 1), date(2026, 10, 31), [], 0),
        (date(2026, 3, 1), date(2027, 2, 28), [(date(2026, 11, 11), None)], 10),
        (date(2026, 3, 1), date(2027, 2, 28), [(date(2026, 10, 5), date(2026, 11, 11))], 20),
        (date(2026, 3, 1), date(2027, 2, 28), [(date(2026, 11, 5), date(2026, 11, 5))], 30),
        (date(2026, 3, 1), date(2027, 2, 28), [(date(2026, 11, 1), date(2026, 12, 1))], 0),
        (
            date(2026, 3, 1),
            date(2027, 2, 28),
            [(date(2026, 11, 5), date(2026, 11, 15)), (date(2026, 11, 10), date(2026, 11, 20))],
            15,
        ),
    ],
)
def test_days_in_force_of_a_month(first: date, last: date, pauses: list[tuple[date, date | None]], days: int) -> None:
    assert days_in_force(first, last, pauses, NOVEMBER) == days


_DAYS = st.dates(date(2026, 9, 1), date(2027, 1, 31))


def _is_in_force(first: date, last: date, pauses: list[tuple[date, date | None]], day: date) -> bool:
    paused = any(begins <= day and (ends is None or day < ends) for begins, ends in pauses)
    return first <= day <= last and not paused


@given(_DAYS, _DAYS, st.lists(st.tuples(_DAYS, st.none() | _DAYS), max_size=4), st.sampled_from([9, 10, 11, 12]))
def test_days_in_force_are_those_on_which_it_is_in_force(
    first: date, last: date, pauses: list[tuple[date, date | None]], month: int
) -> None:
    begin = date(2026, month, 1)
    days = [begin + timedelta(days=number) for number in range((next_month(begin) - begin).days)]
    expected = sum(_is_in_force(first, last, pauses, day) for day in days)
    assert days_in_force(first, last, pauses, begin) == expected


@pytest.mark.parametrize(
    ("filed_on", "late"),
    [(date(2026, 11, 30), False), (date(2026, 12, 5), False), (date(2026, 12, 6), True), (date(2027, 1, 1), True)],
)
def test_a_record_is_late_after_the_days_of_grace(filed_on: date, *, late: bool) -> None:
    assert is_late(date(2026, 11, 30), filed_on, 5) is late
    assert is_late(date(2026, 11, 1), filed_on, 5) is late


@pytest.mark.parametrize(("day", "left"), [(18, 12), (29, 1), (30, 0)])
def test_days_that_are_left_of_the_month(day: int, left: int) -> None:
    assert days_left(date(2026, 11, day)) == left


def _facts(**changes: object) -> DayFacts:
    facts = {
        "mentee": "田瑞",
        "status": PairingStatus.ACTIVE,
        "starts_on": date(2026, 3, 1),
        "last_day": date(2027, 2, 28),
        "is_paused": False,
        "is_locked": False,
    }
    return DayFacts(**{**facts, **changes})  # type: ignore[arg-type]  # the table above has the types


@pytest.mark.parametrize(
    ("facts", "day", "said"),
    [
        (_facts(), date(2026, 11, 18), None),
        (_facts(), date(2026, 3, 1), None),
        (_facts(status=PairingStatus.COMPLETED, last_day=date(2026, 11, 18)), date(2026, 11, 18), None),
        (_facts(status=PairingStatus.SUSPENDED), date(2026, 11, 18), None),
        (_facts(), date(2026, 11, 19), "still to come"),
        (_facts(), date(2026, 2, 28), "began on"),
        (_facts(last_day=date(2026, 11, 10)), date(2026, 11, 11), "ended on"),
        (_facts(status=PairingStatus.PROPOSED), date(2026, 11, 18), "not in force yet"),
        (_facts(status=PairingStatus.AGREED), date(2026, 11, 18), "not in force yet"),
        (_facts(is_paused=True), date(2026, 11, 18), "suspended"),
        (_facts(is_locked=True), date(2026, 11, 18), "locked"),
    ],
)
def test_which_days_can_be_recorded(facts: DayFacts, day: date, said: str | None) -> None:
    refusal = refuse_day(facts, day, date(2026, 11, 18))
    assert (refusal is None) is (said is None)
    if refusal is not None:
        assert said is not None
        assert said in str(refusal)
        assert refusal.field == "day"


def test_the_steps_of_a_life() -> None:
    assert open_steps(PairingStatus.COMPLETED) == [Step.NEXT_TERM]
    assert not may_take(Step.SUSPEND, PairingStatus.SUSPENDED)
    assert may_take(Step.RESUME, PairingStatus.SUSPENDED)
    assert not may_take(Step.EDIT, PairingStatus.ENDED_EARLY)


def test_the_least_covered_area_is_the_first_among_equals() -> None:
    assert least_covered([(4, 2), (5, 1), (6, 1)]) == 5
    assert least_covered([]) is None


def test_the_picture_of_coverage() -> None:
    days = [(1, date(2026, 9, 3)), (1, date(2026, 9, 20)), (1, date(2026, 11, 2)), (2, date(2025, 1, 1))]
    drawn = draw_coverage(
        [(1, "A"), (2, "B"), (3, "C")], days, date(2025, 1, 1), date(2027, 12, 31), date(2026, 11, 18)
    )
    assert (len(drawn.months), drawn.months[0], drawn.months[-1]) == (12, date(2025, 12, 1), date(2026, 11, 1))
    assert [row.total for row in drawn.rows] == [3, 1, 0]
    assert [(cell.month.month, cell.count, cell.level) for cell in drawn.rows[0].cells if cell.count] == [
        (9, 2, 2),
        (11, 1, 1),
    ]
    assert drawn.covered == 2
