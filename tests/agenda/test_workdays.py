from datetime import date, timedelta

import pytest

from scheduler.agenda.actions import load_known_years, replace_days
from scheduler.agenda.actions.workdays import marks_by_year
from scheduler.agenda.models import Activity
from scheduler.agenda.queries import is_published, work_calendar
from scheduler.agenda.terms import ClashKind, Consent, DayKind, DayMark, NeedsConfirmation
from scheduler.core.access import Role
from scheduler.core.errors import Missing, Refusal
from tests.agenda.city import NOW, SYSTEM, ZONE, City, at, evening

LATER = NOW + timedelta(hours=1)
NATIONAL_DAY = [DayMark(date(2027, 10, day), DayKind.OFF, "国庆节", "National Day") for day in range(1, 8)]


def test_known_years_are_loaded_once(city: City) -> None:
    assert load_known_years(city.session, SYSTEM, zone=ZONE, now=NOW) == [2024, 2025, 2026]
    assert load_known_years(city.session, SYSTEM, zone=ZONE, now=NOW) == []
    assert is_published(city.session, 2026)
    assert not is_published(city.session, 2027)
    calendar = work_calendar(city.session, date(2026, 5, 1), date(2026, 5, 1))
    assert calendar.published == {2026}
    assert set(calendar.marks) == {mark.day for mark in marks_by_year()[2026]}


def test_a_holiday_asks_and_its_eve_is_only_noted(city: City) -> None:
    load_known_years(city.session, SYSTEM, zone=ZONE, now=NOW)
    with pytest.raises(NeedsConfirmation) as refused:
        city.book(evening(date(2026, 10, 1)))
    assert [clash.kind for clash in refused.value.clashes] == [ClashKind.HOLIDAY]
    assert all(
        work_calendar(city.session, date(2026, 1, 1), date(2026, 1, 1)).is_workday(
            proposal.span.start.astimezone(ZONE).date()
        )
        for proposal in refused.value.proposals
    )
    assert city.book(evening(date(2026, 10, 1)), consent=Consent(confirmed=True)).holds
    assert city.book(evening(date(2026, 9, 24))).holds


def test_publishing_a_year_settles_what_was_tentative(city: City) -> None:
    hit, free, kept = city.create(
        city.plan(evening(date(2027, 10, 7))),
        city.plan(evening(date(2027, 10, 8))),
        city.plan(evening(date(2027, 11, 4))),
    )
    assert (hit.tentative, free.tentative, kept.tentative) == (True, True, False)

    assert replace_days(city.session, SYSTEM, 2027, NATIONAL_DAY, source="通知", zone=ZONE, now=LATER) == 2
    assert (hit.tentative, free.tentative, kept.tentative) == (False, False, False)
    assert hit.revised_at == LATER
    assert hit.sequence == 0
    assert kept.revised_at == NOW

    assert replace_days(city.session, SYSTEM, 2027, [], source="", zone=ZONE, now=LATER) == 2
    assert hit.tentative
    assert hit.revised_at == LATER + timedelta(microseconds=1)
    assert not is_published(city.session, 2027)
    city.session.flush()
    assert city.session.get(Activity, hit.id) is hit


def test_a_new_version_replaces_the_old_one(city: City) -> None:
    replace_days(city.session, SYSTEM, 2027, NATIONAL_DAY, source="通知", zone=ZONE, now=NOW)
    wanted = [*NATIONAL_DAY[:3], DayMark(date(2027, 10, 9), DayKind.WORK, "国庆节调休上班", "Working day")]
    replace_days(city.session, SYSTEM, 2027, wanted, source="更正", zone=ZONE, now=LATER)
    assert list(work_calendar(city.session, date(2027, 1, 1), date(2027, 1, 1)).marks.values()) == wanted


def test_days_of_other_years(city: City) -> None:
    spill = [*NATIONAL_DAY, DayMark(date(2026, 12, 31), DayKind.OFF, "元旦", "New Year's Day")]
    with pytest.raises(Refusal, match="not known yet"):
        replace_days(city.session, SYSTEM, 2027, spill, source="", zone=ZONE, now=NOW)
    load_known_years(city.session, SYSTEM, zone=ZONE, now=NOW)
    replace_days(city.session, SYSTEM, 2027, spill, source="", zone=ZONE, now=NOW)
    calendar = work_calendar(city.session, date(2026, 1, 1), date(2026, 1, 1))
    assert calendar.holiday_on(date(2026, 12, 31))
    assert calendar.holiday_on(date(2026, 10, 1))
    with pytest.raises(Refusal, match="does not belong"):
        replace_days(city.session, SYSTEM, 2028, NATIONAL_DAY, source="", zone=ZONE, now=NOW)
    nameless = [DayMark(date(2027, 1, 1), DayKind.OFF, " ", "")]
    with pytest.raises(Refusal, match="no name"):
        replace_days(city.session, SYSTEM, 2027, nameless, source="", zone=ZONE, now=NOW)


def test_only_the_office_changes_the_calendar(city: City) -> None:
    leader = city.actor("leader", (Role.LEADER, city.root))
    with pytest.raises(Missing):
        replace_days(city.session, leader, 2027, NATIONAL_DAY, source="", zone=ZONE, now=NOW)


def test_a_published_day_does_not_make_a_session_tentative(city: City) -> None:
    load_known_years(city.session, SYSTEM, zone=ZONE, now=NOW)
    assert not city.book(at("09:00", "11:00", date(2026, 4, 7))).tentative
