from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from scheduler.agenda.models import Activity, Attendance, Membership, Teaching
from scheduler.agenda.terms import (
    ActivityStatus,
    ClashKind,
    Consent,
    DoubleBooking,
    MembershipSource,
    NeedsConfirmation,
    Severity,
)
from scheduler.core.access import Role
from scheduler.core.errors import Missing, Refusal
from scheduler.core.text import UnfitText
from scheduler.people.models import Person
from tests.agenda.city import NOW, City, at, evening

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions


def test_an_activity_comes_with_its_people_and_lecturers(city: City) -> None:
    activity = city.book(venue=city.hall, lecturers=(city.chen, city.wu))

    attending = city.session.execute(
        select(Person.name, Attendance.starts_at, Attendance.ends_at)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.activity_id == activity.id)
        .order_by(Person.name)
    ).all()
    assert [tuple(row) for row in attending] == [
        (name, activity.starts_at, activity.ends_at) for name in ("li", "wang", "zhao")
    ]
    teaching = city.session.scalars(select(Teaching.lecturer_id).where(Teaching.activity_id == activity.id)).all()
    assert set(teaching) == {city.chen.id, city.wu.id}
    assert activity.sequence == 0
    assert activity.revised_at == NOW
    assert activity.uid.startswith("activity-")
    assert activity.uid.endswith("@test.example")


def test_who_left_the_audience_is_not_expected(city: City) -> None:
    city.session.query(Membership).filter_by(person_id=city.people["li"].id).update({"left_at": NOW})
    activity = city.book()
    assert city.session.scalar(select(func.count()).where(Attendance.activity_id == activity.id)) == 2


def test_a_taken_venue_is_refused_and_the_other_activity_named(city: City) -> None:
    first = city.book(venue=city.hall)
    with pytest.raises(DoubleBooking) as refused:
        city.create(city.plan(at("20:00", "22:00"), audience=city.series, venue=city.hall, title="讲座"))
    (clash,) = refused.value.clashes
    assert (clash.kind, clash.severity, clash.resource) == (ClashKind.VENUE, Severity.BLOCK, "大礼堂")
    assert (clash.title, clash.activity_id, clash.span) == (first.title, first.id, evening())
    assert len(refused.value.proposals) == 3
    for proposal in refused.value.proposals:
        assert not proposal.span.overlaps(evening())
        assert proposal.venue_name == "大礼堂"


def test_who_may_not_see_the_other_activity_learns_only_that_it_is_taken(city: City) -> None:
    city.book(venue=city.hall, host=city.other, audience=city.class_b, title="秘密会议")
    officer = city.officer
    with pytest.raises(DoubleBooking) as refused:
        city.create(city.plan(venue=city.hall, audience=city.series), actor=officer)
    clashes = [clash for clash in refused.value.clashes if clash.kind is ClashKind.VENUE]
    assert [(clash.title, clash.activity_id, clash.visible) for clash in clashes] == [("", None, False)]
    assert "秘密" not in str(refused.value.clashes)


def test_a_taken_lecturer_is_refused(city: City) -> None:
    city.book(lecturers=(city.wu,))
    with pytest.raises(DoubleBooking) as refused:
        city.create(city.plan(audience=city.class_b, lecturers=(city.wu,)), consent=Consent(confirmed=True))
    assert ClashKind.LECTURER in {clash.kind for clash in refused.value.clashes}


def test_a_participant_elsewhere_asks_for_confirmation(city: City) -> None:
    city.book(title="甲")
    plan = city.plan(audience=city.class_b, title="乙")
    with pytest.raises(NeedsConfirmation) as refused:
        city.create(plan)
    (clash,) = refused.value.clashes
    assert (clash.kind, clash.resource, clash.people, clash.title) == (ClashKind.PERSON, "zhao", 1, "甲")
    assert city.create(plan, consent=Consent(confirmed=True))[0].holds


def test_a_lecturer_of_the_staff_who_learns_elsewhere_is_noticed_both_ways(city: City) -> None:
    city.session.add(
        Membership(
            audience_id=city.class_b.id,
            person_id=city.people["chen"].id,
            source=MembershipSource.NAMED,
            joined_at=NOW,
        )
    )
    city.session.flush()
    city.book(audience=city.class_b)
    with pytest.raises(NeedsConfirmation) as refused:
        city.create(city.plan(audience=city.series, lecturers=(city.chen,)))
    assert {clash.resource for clash in refused.value.clashes} == {"chen", "sun"} or refused.value.clashes[
        0
    ].people == 2

    teaching = at("09:00", "11:00")
    city.book(teaching, audience=city.series, lecturers=(city.chen,))
    with pytest.raises(NeedsConfirmation) as refused:
        city.create(city.plan(teaching, audience=city.class_b))
    assert {clash.kind for clash in refused.value.clashes} == {ClashKind.PERSON}


def test_touching_spans_do_not_clash(city: City) -> None:
    city.book(at("09:00", "11:00"), venue=city.hall, lecturers=(city.chen,))
    assert city.book(at("11:00", "12:00"), venue=city.hall, lecturers=(city.chen,)).holds


def test_plans_of_one_call_clash_with_each_other(city: City) -> None:
    with pytest.raises(DoubleBooking) as refused:
        city.create(
            city.plan(venue=city.hall, title="一"),
            city.plan(venue=city.hall, title="二", audience=city.series),
        )
    (clash,) = refused.value.clashes
    assert (clash.plan, clash.other_plan, clash.title, clash.resource) == (1, 0, "一", "大礼堂")


def test_people_shared_by_two_plans_of_one_call_ask_for_confirmation(city: City) -> None:
    with pytest.raises(NeedsConfirmation) as refused:
        city.create(city.plan(title="一"), city.plan(title="二", audience=city.class_b))
    (clash,) = refused.value.clashes
    assert (clash.plan, clash.other_plan, clash.title, clash.resource) == (1, 0, "一", "zhao")


def test_who_may_override_elsewhere_may_not_override_here(city: City) -> None:
    city.book(venue=city.hall)
    both = city.actor("officer", (Role.UNIT_OFFICER, city.bureau), (Role.ADMIN, city.other))
    plan = city.plan(at("08:30", "09:30"), venue=city.hall, audience=city.series)
    with pytest.raises(Refusal, match="Only the training office"):
        city.create(plan, actor=both, consent=Consent(override_reason="急"))


def test_an_override_needs_a_reason_and_the_right_and_does_not_hold(city: City) -> None:
    city.book(venue=city.hall)
    plan = city.plan(venue=city.hall, audience=city.series)
    with pytest.raises(DoubleBooking):
        city.create(plan, consent=Consent(override_reason="  ", confirmed=True))
    with pytest.raises(Refusal, match="Only the training office"):
        city.create(city.plan(venue=city.hall), actor=city.officer, consent=Consent(override_reason="书记指示"))
    (second,) = city.create(plan, actor=city.admin, consent=Consent(override_reason="书记指示"))
    assert (second.holds, second.override_reason) == (False, "书记指示")
    third = city.book(at("08:30", "09:30"), venue=city.hall, consent=Consent(override_reason="无用"))
    assert third.holds
    assert third.override_reason is None


def test_an_overridden_activity_still_clashes(city: City) -> None:
    city.book(venue=city.hall)
    city.book(at("20:00", "22:00"), venue=city.hall, audience=city.series, consent=Consent(override_reason="急"))
    with pytest.raises(DoubleBooking):
        city.create(city.plan(at("21:00", "22:00"), venue=city.hall, audience=city.series))


def test_a_draft_holds_its_venue(city: City) -> None:
    city.book(venue=city.hall, status=ActivityStatus.DRAFT)
    with pytest.raises(DoubleBooking):
        city.create(city.plan(venue=city.hall, audience=city.series))


@pytest.mark.parametrize(
    ("title", "refusal"),
    [
        ("多" * 201, UnfitText),
        ("第一行\r\n第二行", UnfitText),
        ("铃\x07声", UnfitText),
        ("一\u2028行", UnfitText),
        ("   ", Refusal),
    ],
)
def test_unfit_titles_are_refused(city: City, title: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        city.create(city.plan(title=title))


def test_more_than_a_day_and_a_foreign_unit_are_refused(city: City) -> None:
    span = evening()
    with pytest.raises(Refusal, match="24 hours"):
        city.create(city.plan(type(span)(span.start, span.start + timedelta(hours=24, microseconds=1))))
    with pytest.raises(Missing):
        city.create(city.plan(host=city.other), actor=city.officer)
    with pytest.raises(Refusal, match="cancelled"):
        city.create(city.plan(status=ActivityStatus.CANCELLED))
    assert city.create() == []


def test_a_small_room_is_noted_but_not_refused(city: City) -> None:
    assert city.book(venue=city.room).holds


def _statements(session: "Session", count: int, city: City) -> int:
    seen: list[str] = []
    engine = session.get_bind()
    listener = lambda *given: seen.append(given[2])  # noqa: E731 - removed below by name
    event.listen(engine, "before_cursor_execute", listener)
    try:
        city.create(
            *(
                city.plan(evening(date(2026, 3, 9) + timedelta(days=day)), venue=city.hall, lecturers=(city.chen,))
                for day in range(count)
            ),
            actor=city.admin,
            consent=Consent(confirmed=True),
        )
        session.commit()
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return len(seen)


def test_forty_sessions_of_fifty_people_take_nine_statements(city: City, database: "Sessions") -> None:
    session = city.session
    people = [Person(staff_no=f"M{number}", name=f"学员{number}", unit_id=city.bureau.id) for number in range(47)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Membership(audience_id=city.class_a.id, person_id=person.id, source=MembershipSource.NAMED, joined_at=NOW)
        for person in people
    )
    session.commit()

    admin = city.admin  # loads what the commit expired
    assert admin.name
    assert _statements(session, 40, city) <= 9  # BEGIN and the audit record included: a class has one for itself
    with database.read() as reading:
        assert reading.scalar(select(func.count(Activity.id))) == 40
        assert reading.scalar(select(func.count(Attendance.person_id))) == 40 * 50
