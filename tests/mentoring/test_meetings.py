"""Planned guidance sessions stand in both calendars and become records."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from scheduler.agenda.models import Activity, Attendance, Venue
from scheduler.agenda.terms import ActivityKind, ActivityStatus, Consent, DoubleBooking, NeedsConfirmation, VenueKind
from scheduler.audit.models import AuditEntry
from scheduler.core.errors import Missing, Refusal
from scheduler.core.periods import local_span
from scheduler.mentoring import actions, queries
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, SYSTEM, TODAY, ZONE, House

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor


def _plan(session: "Session", actor: "Actor", pairing_id: int, day: date = TODAY, **changes: Any) -> Activity:
    facts: dict[str, Any] = {"consent": Consent(), "title": "公文写作", **changes}
    span = local_span(day, time(9), time(10), ZONE)
    return actions.plan_meeting(session, actor, pairing_id, span=span, installation_id="tests", **facts, **EDGE)


def test_it_stands_in_both_calendars(session: "Session", house: House) -> None:
    made = _plan(session, house.actor(session, Persona.MENTOR), house.pairing_id)
    _plan(session, house.actor(session, Persona.OFFICER), house.pairing_id, TODAY + timedelta(days=1))
    people = session.scalars(select(Attendance.person_id).where(Attendance.activity_id == made.id))
    assert set(people) == {house.cast.people[Persona.MENTOR], house.cast.people[Persona.TRAINEE]}
    assert made.kind is ActivityKind.GUIDANCE
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "activity")).all()
    assert entries[0].actor_id == house.cast.people[Persona.MENTOR]


def test_one_tap_makes_it_a_record_once(session: "Session", house: House) -> None:
    made = _plan(session, house.actor(session, Persona.MENTOR), house.pairing_id)
    mentor = house.actor(session, Persona.MENTOR)
    assert [one.is_over for one in queries.own_meetings(session, mentor, now=NOW + timedelta(hours=1))] == [True]
    house.file(session, key="one", activity_id=made.id)
    assert queries.meetings_of(session, house.pairing_id, now=NOW) == []
    with pytest.raises(Refusal, match="has its record already"):
        house.file(session, key="two", text="另一条", activity_id=made.id)


def test_a_meeting_of_others_makes_no_record_here(session: "Session", house: House) -> None:
    other = house.begin(session, Persona.LECTURER, Persona.FELLOW)
    made = _plan(session, house.actor(session, Persona.LECTURER), other.id)
    with pytest.raises(Missing):
        house.file(session, activity_id=made.id)


def test_a_clash_asks_and_tells_no_more_than_the_mentor_may_see(session: "Session", house: House) -> None:
    other = house.begin(session, Persona.TRAINEE, Persona.FELLOW)
    _plan(session, SYSTEM, other.id, title="与方路的谈话")
    mentor = house.actor(session, Persona.MENTOR)
    with pytest.raises(NeedsConfirmation) as asked:
        _plan(session, mentor, house.pairing_id)
    assert [(clash.resource, clash.title) for clash in asked.value.clashes] == [("田瑞", "")]
    assert len(asked.value.proposals) == 3
    made = _plan(session, mentor, house.pairing_id, consent=Consent(confirmed=True))
    assert made.holds


def test_it_is_called_off_with_a_reason(session: "Session", house: House) -> None:
    mentor = house.actor(session, Persona.MENTOR)
    made = _plan(session, mentor, house.pairing_id, TODAY + timedelta(days=1))
    facts: dict[str, Any] = {"version": made.version, "reason": "出差", "now": NOW}
    with pytest.raises(Missing):
        actions.cancel_meeting(session, house.actor(session, Persona.TRAINEE), house.pairing_id, made.id, **facts)
    actions.cancel_meeting(session, mentor, house.pairing_id, made.id, **facts)
    assert made.status is ActivityStatus.CANCELLED
    with pytest.raises(Missing):
        actions.cancel_meeting(session, mentor, house.pairing_id, made.id, **facts)


def test_outside_of_the_pairing_nothing_is_planned(session: "Session", house: House) -> None:
    mentor = house.actor(session, Persona.MENTOR)
    with pytest.raises(Refusal, match="not in force on that day"):
        _plan(session, mentor, house.pairing_id, date(2027, 3, 1))
    with pytest.raises(Missing):
        _plan(session, house.actor(session, Persona.TRAINEE), house.pairing_id)


def test_the_borrowed_rights_book_no_venue_twice(session: "Session", house: House) -> None:
    hall = Venue(code="V1", name="会议室", kind=VenueKind.SEMINAR_ROOM, capacity=9)
    session.add(hall)
    session.flush()
    other = house.begin(session, Persona.LECTURER, Persona.FELLOW)
    _plan(session, house.actor(session, Persona.LECTURER), other.id, venue_id=hall.id)
    forced = Consent(override_reason="就要这间", confirmed=True)
    with pytest.raises(DoubleBooking):
        _plan(session, house.actor(session, Persona.MENTOR), house.pairing_id, venue_id=hall.id, consent=forced)
