from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.agenda.rules.revisions import move_mark, news_ends, next_sequence, next_stamp
from scheduler.agenda.terms import ActivityStatus
from tests.agenda.city import NOW

TICK = timedelta(microseconds=1)
A, B, C = (NOW + timedelta(days=number) for number in range(3))


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, NOW), (NOW - TICK, NOW), (NOW, NOW + TICK), (NOW + timedelta(hours=1), NOW + timedelta(hours=1) + TICK)],
)
def test_the_stamp_is_now_yet_later_than_the_one_before(before: datetime | None, after: datetime) -> None:
    assert next_stamp(before, NOW) == after


@given(st.lists(st.datetimes(max_value=datetime(2200, 1, 1), timezones=st.just(UTC))))  # noqa: DTZ001 - the bound is naive by design
def test_stamps_rise_however_the_clock_jumps(clock: list[datetime]) -> None:
    stamps = [NOW]
    for instant in clock:
        stamps.append(next_stamp(stamps[-1], instant))
    assert all(one < two for one, two in pairwise(stamps))


def test_the_sequence_rises_by_one_when_rescheduled_only() -> None:
    assert next_sequence(3, rescheduled=True) == 4
    assert next_sequence(3, rescheduled=False) == 3


@pytest.mark.parametrize(
    ("status", "old", "new", "former", "mark"),
    [
        (ActivityStatus.SCHEDULED, A, B, None, A),
        (ActivityStatus.SCHEDULED, B, C, A, A),
        (ActivityStatus.SCHEDULED, B, A, A, None),
        (ActivityStatus.SCHEDULED, A, A, None, None),  # only the end moved
        (ActivityStatus.DRAFT, A, B, None, None),
    ],
)
def test_the_first_start_is_what_people_remember(
    status: ActivityStatus, old: datetime, new: datetime, former: datetime | None, mark: datetime | None
) -> None:
    assert move_mark(status, old, new, former) == mark


def test_a_move_is_news_for_a_fortnight() -> None:
    assert news_ends(NOW) == NOW - timedelta(days=14)
