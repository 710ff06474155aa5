from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from scheduler.agenda.actions import create_audience, enrol, enrol_pairs, enrol_unit, leave
from scheduler.agenda.models import Activity, Attendance, Audience, Membership
from scheduler.agenda.tasks import sync_memberships
from scheduler.agenda.terms import AttendanceState, AudienceKind, MembershipSource
from scheduler.core.access import Actor, Role
from scheduler.core.errors import Missing
from scheduler.people.models import Person
from tests.agenda.city import NOW, SYSTEM, THURSDAY, City, at, evening

LATER = NOW + timedelta(days=10)


def expected(city: City, activity: Activity) -> set[str]:
    rows = city.session.scalars(
        select(Person.name)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.activity_id == activity.id)
    )
    return set(rows)


def join(
    city: City, actor: Actor, audience: Audience, *names: str, source: MembershipSource = MembershipSource.NAMED
) -> int:
    return enrol(city.session, actor, audience.id, [city.people[name].id for name in names], source=source, now=NOW)


def test_who_comes_is_expected_at_what_is_not_over_and_who_goes_no_more(city: City) -> None:
    past = city.book(evening(date(2026, 2, 26)))
    coming = city.book()
    assert join(city, SYSTEM, city.class_a, "sun", "li") == 1  # li is in already
    assert expected(city, coming) == {"li", "wang", "zhao", "sun"}
    assert expected(city, past) == {"li", "wang", "zhao"}
    assert join(city, SYSTEM, city.class_a, "sun") == 0
    assert join(city, SYSTEM, city.class_a) == 0

    assert leave(city.session, SYSTEM, city.class_a.id, [city.people["li"].id, city.people["admin"].id], now=NOW) == 1
    assert expected(city, coming) == {"wang", "zhao", "sun"}
    assert expected(city, past) == {"li", "wang", "zhao"}
    assert leave(city.session, SYSTEM, city.class_a.id, [], now=NOW) == 0
    assert join(city, SYSTEM, city.class_a, "li") == 1
    assert expected(city, coming) == {"li", "wang", "zhao", "sun"}


def test_what_was_noted_of_a_person_stays(city: City) -> None:
    coming = city.book()
    city.session.execute(
        update(Attendance).where(Attendance.person_id == city.people["li"].id).values(state=AttendanceState.ON_LEAVE)
    )
    leave(city.session, SYSTEM, city.class_a.id, [city.people["li"].id], now=NOW)
    assert "li" in expected(city, coming)


def test_many_pairs_at_once(city: City) -> None:
    one, two = city.book(), city.book(at("08:00", "09:00"), audience=city.class_b)
    pairs = [
        (city.class_a.id, city.people["sun"].id),
        (city.class_b.id, city.people["li"].id),
        (city.class_b.id, city.people["li"].id),
        (city.class_b.id, city.people["sun"].id),
    ]
    assert enrol_pairs(city.session, SYSTEM, pairs, source=MembershipSource.NAMED, now=NOW) == 2
    assert expected(city, one) == {"li", "wang", "zhao", "sun"}
    assert expected(city, two) == {"li", "zhao", "sun"}
    assert enrol_pairs(city.session, SYSTEM, [], source=MembershipSource.NAMED, now=NOW) == 0


def test_who_may_put_whom_into_an_audience(city: City) -> None:
    other_officer = city.actor("sun", (Role.UNIT_OFFICER, city.other))
    trainee = city.actor("sun", (Role.TRAINEE, city.other))
    assert join(city, city.officer, city.class_a, "sun") == 1  # plans for the host unit
    assert join(city, other_officer, city.class_a, "chen") == 1  # looks after the person
    with pytest.raises(Missing):
        join(city, other_officer, city.class_a, "officer")
    with pytest.raises(Missing):
        join(city, trainee, city.class_b, "sun")
    leave(city.session, trainee, city.series.id, [city.people["sun"].id], now=NOW)
    assert join(city, trainee, city.series, "sun", source=MembershipSource.SELF) == 1
    with pytest.raises(Missing):
        join(city, trainee, city.series, "li")
    with pytest.raises(Missing):
        enrol(city.session, city.officer, 999, [city.people["li"].id], source=MembershipSource.NAMED, now=NOW)


def test_an_audience_is_made_once_and_by_its_planners(city: City) -> None:
    made = create_audience(city.session, city.officer, AudienceKind.UNIT, "B1", "全局", city.bureau.id, now=NOW)
    assert (made.kind, made.open) == (AudienceKind.UNIT, False)
    with pytest.raises(Missing):
        create_audience(city.session, city.officer, AudienceKind.UNIT, "B2", "全局", city.other.id, now=NOW)
    with pytest.raises(IntegrityError):
        create_audience(city.session, SYSTEM, AudienceKind.UNIT, "B1", "又", city.bureau.id, now=NOW)


def test_a_whole_unit_with_all_below_and_who_joins_it_later(city: City) -> None:
    audience = create_audience(city.session, SYSTEM, AudienceKind.UNIT, "B1", "全局", city.bureau.id, now=NOW)
    coming = city.book(evening(THURSDAY + timedelta(days=30)), audience=audience)
    assert enrol_unit(city.session, city.officer, audience.id, city.bureau.id, now=NOW) == 4
    assert expected(city, coming) == {"officer", "leader", "li", "wang"}
    assert enrol_unit(city.session, city.officer, audience.id, city.bureau.id, now=NOW) == 0
    assert sync_memberships(city.session, now=LATER) == 0

    city.people["zhao"].unit_id = city.section.id
    city.people["li"].unit_id = city.other.id
    city.people["wang"].left_at = LATER
    leave(city.session, city.officer, audience.id, [city.people["leader"].id], now=LATER)
    assert sync_memberships(city.session, now=LATER) == 3
    assert expected(city, coming) == {"officer", "zhao"}
    city.people["li"].unit_id = city.bureau.id
    assert sync_memberships(city.session, now=LATER) == 1  # back; the leader, who was let go, is not
    assert expected(city, coming) == {"officer", "zhao", "li"}
    others = city.session.scalars(select(Membership.left_at).where(Membership.audience_id == city.class_a.id)).all()
    assert others == [None, None, None]

    stranger = city.actor("chen", (Role.UNIT_OFFICER, city.other))
    with pytest.raises(Missing):
        enrol_unit(city.session, stranger, audience.id, city.bureau.id, now=NOW)
    assert enrol_unit(city.session, stranger, audience.id, city.other.id, now=LATER) == 3
