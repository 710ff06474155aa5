from datetime import date, timedelta

from scheduler.agenda.rules.slots import is_free, merged, nearest_free
from scheduler.core.periods import Span
from tests.agenda.city import NOW, THURSDAY, ZONE, at


def always(_day: date) -> bool:
    return True


def find(wanted: Span, *busy: Span, usable: object = always, count: int = 3) -> list[str]:
    assert callable(usable)
    spans = nearest_free(wanted, busy, usable=usable, zone=ZONE, now=NOW, count=count)
    return [f"{span.start.astimezone(ZONE):%d %H:%M}" for span in spans]


def test_the_nearest_come_first_and_do_not_overlap_each_other() -> None:
    wanted = at("10:00", "12:00")
    assert find(wanted, wanted) == ["05 12:00", "05 14:00", "05 16:00"]
    assert find(wanted, at("11:00", "13:00")) == ["05 09:00", "05 13:00", "05 15:00"]


def test_the_office_day_ends() -> None:
    wanted = at("19:00", "21:00")
    assert find(wanted, wanted) == ["05 17:00", "05 15:00", "05 13:00"]
    assert find(at("21:00", "23:00"), at("21:00", "23:00")) == ["05 19:00", "05 17:00", "05 15:00"]


def test_only_days_that_can_be_used() -> None:
    wanted = at("19:00", "21:00")
    found = find(wanted, at("08:00", "22:00"), usable=lambda day: day.weekday() == 3, count=9)
    assert {entry[:2] for entry in found} <= {"12", "19"}


def test_nothing_in_the_past_and_nothing_where_all_is_taken() -> None:
    wanted = at("10:00", "12:00", THURSDAY - timedelta(days=3))  # NOW is Monday, 9:00
    assert all(span >= "02 09:30" for span in find(wanted, wanted))
    year = Span(NOW - timedelta(days=100), NOW + timedelta(days=100))
    assert find(wanted, year) == []


def test_what_passes_midnight_moves_by_whole_days() -> None:
    night = Span(at("22:00", "23:00").start, at("22:00", "23:00").start + timedelta(hours=4))
    assert find(night, night) == ["06 22:00", "04 22:00", "07 22:00"]


def test_merging_joins_what_overlaps_or_touches() -> None:
    spans = [at("10:00", "11:00"), at("09:00", "10:00"), at("10:30", "10:45"), at("12:00", "13:00")]
    assert merged(spans) == [at("09:00", "11:00"), at("12:00", "13:00")]
    assert is_free(at("11:00", "12:00"), merged(spans))
    assert not is_free(at("10:50", "12:00"), merged(spans))
    assert is_free(at("10:00", "11:00"), [])
