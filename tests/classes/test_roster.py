from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.agenda.models import Activity, Attendance, Membership
from scheduler.agenda.queries import coming_audiences
from scheduler.agenda.terms import Consent
from scheduler.classes import actions
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.queries import quotas_of, roster_of, times_for_all
from scheduler.classes.terms import ClassFull, Engaged, QuotaExceeded
from scheduler.core.errors import Missing, Refusal
from tests.cast import Persona
from tests.classes.conftest import EDGE, NOW, ZONE, Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.agenda.terms import SlotProposal


def times_of(session: "Session", class_id: int, newcomers: tuple[int, ...]) -> "list[SlotProposal]":
    held = session.scalars(select(ClassSession.id).where(ClassSession.class_id == class_id)).one()
    return times_for_all(session, held, newcomers, **EDGE)


def _publish(session: "Session", stage: Stage, made: StudyClass) -> None:
    actions.publish_class(session, stage.admin(session), made.id, version=made.version, shown=(), now=NOW)


def test_enrolment_fills_places_and_expects_people(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    stage.add(session, made.id)
    added = actions.enrol_people(session, stage.admin(session), made.id, stage.crowd[:3], **EDGE)
    assert (added, made.taken) == (3, 3)
    assert session.scalar(select(func.count()).select_from(Attendance)) == 3
    again = actions.enrol_people(session, stage.admin(session), made.id, stage.crowd[:3], **EDGE)
    assert (again, made.taken) == (0, 3)
    assert len(roster_of(session, made.audience_id)) == 3


def test_a_class_is_never_oversold(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    with pytest.raises(ClassFull, match="5 places; 6 more"):
        actions.enrol_people(session, stage.admin(session), made.id, stage.crowd[:6], **EDGE)


def test_leaving_frees_the_place(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    admin = stage.admin(session)
    stage.add(session, made.id)
    actions.enrol_people(session, admin, made.id, stage.crowd[:5], **EDGE)
    assert actions.remove_people(session, admin, made.id, stage.crowd[:2], reason="公务", **EDGE) == 2
    assert made.taken == 3
    assert session.scalar(select(func.count()).select_from(Attendance)) == 3
    assert actions.remove_people(session, admin, made.id, stage.crowd[:2], **EDGE) == 0
    assert actions.enrol_people(session, admin, made.id, stage.crowd[1:3], **EDGE) == 1
    assert made.taken == 4


def test_who_leaves_the_staff_frees_the_places_in_what_is_to_come(session: "Session", stage: Stage) -> None:
    admin, (leaver, stayer, *_rest) = stage.admin(session), stage.crowd
    over = stage.make_class(session, code="2026-00", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 2))
    stage.add(session, over.id, stage.session_plan(date(2026, 2, 2)))
    coming, bare = stage.make_class(session), stage.make_class(session, code="2026-02")
    stage.add(session, coming.id)
    actions.enrol_many(
        session, admin, [(one.id, person) for one in (over, coming, bare) for person in (leaver, stayer)], now=NOW
    )
    assert coming_audiences(session, leaver, now=NOW) == [coming.title] * 2

    assert actions.end_enrolments(session, admin, leaver, now=NOW) == 2
    session.expire_all()
    assert (over.taken, coming.taken, bare.taken) == (2, 1, 1)
    assert [row.person_id for row in roster_of(session, coming.audience_id)] == [stayer]
    expected = select(Attendance.person_id, Attendance.activity_id).where(Attendance.person_id == leaver)
    assert len(session.execute(expected).all()) == 1  # who was there stays in the record
    assert actions.end_enrolments(session, admin, leaver, now=NOW) == 0
    with pytest.raises(Missing):
        actions.end_enrolments(session, stage.cast.actor(session, Persona.LEADER), stayer, now=NOW)


def test_a_quota_is_exceeded_with_a_reason_only(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 2),))
    admin = stage.admin(session)
    actions.enrol_people(session, admin, made.id, stage.crowd[:2], **EDGE)
    with pytest.raises(QuotaExceeded) as refused:
        actions.enrol_people(session, admin, made.id, stage.crowd[2:3], **EDGE)
    assert refused.value.lines == (("财政局", 2, 3),)
    session.rollback()


def test_a_planner_goes_beyond_a_quota_with_a_reason(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 2),))
    consent = Consent(override_reason="市里点名")
    assert actions.enrol_people(session, stage.admin(session), made.id, stage.crowd[:3], consent=consent, **EDGE) == 3
    (quota,) = quotas_of(session, made.id, made.audience_id)
    assert (quota.places, quota.taken) == (2, 3)


def test_people_of_units_without_places_are_beyond_the_quotas(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 2),))
    stranger = stage.cast.people[Persona.STRANGER]
    with pytest.raises(QuotaExceeded) as refused:
        actions.enrol_people(session, stage.admin(session), made.id, [stranger], **EDGE)
    assert refused.value.lines == (("", 0, 1),)


def test_an_officer_sends_the_own_people_within_the_quota(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 2),))
    officer = stage.cast.actor(session, Persona.OFFICER)
    with pytest.raises(Missing):  # a draft
        actions.enrol_people(session, officer, made.id, stage.crowd[:1], **EDGE)
    _publish(session, stage, made)
    assert actions.enrol_people(session, officer, made.id, stage.crowd[:2], **EDGE) == 2
    with pytest.raises(Missing):
        actions.enrol_people(session, officer, made.id, [stage.cast.people[Persona.STRANGER]], **EDGE)
    with pytest.raises(Missing):
        actions.remove_people(session, officer, made.id, [stage.cast.people[Persona.STRANGER]], **EDGE)
    with pytest.raises(QuotaExceeded):
        actions.enrol_people(
            session, officer, made.id, stage.crowd[2:3], consent=Consent(override_reason="想去"), **EDGE
        )


def test_trainees_do_not_enrol(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    trainee = stage.cast.people[Persona.TRAINEE]
    actions.enrol_people(session, stage.admin(session), made.id, [trainee], **EDGE)
    _publish(session, stage, made)
    with pytest.raises(Missing):
        actions.enrol_people(session, stage.cast.actor(session, Persona.TRAINEE), made.id, [trainee], **EDGE)


def test_engagements_elsewhere_are_asked_about(session: "Session", stage: Stage) -> None:
    one = stage.make_class(session)
    stage.add(session, one.id)
    other = stage.make_class(session, code="X")
    stage.add(session, other.id, stage.session_plan(venue_id=stage.venues["V2"], lecturer_ids=(stage.lecturers["L2"],)))
    admin = stage.admin(session)
    actions.enrol_people(session, admin, one.id, stage.crowd[:1], **EDGE)
    with pytest.raises(Engaged) as refused:
        actions.enrol_people(session, admin, other.id, stage.crowd[:2], **EDGE)
    (overlap,) = refused.value.overlaps
    assert (overlap.person, overlap.title) == ("学员0", "形势与政策")
    assert len(refused.value.proposals) == 3
    taken = session.scalars(select(Activity)).all()
    for slot in refused.value.proposals:
        assert not any(slot.span.start < one.ends_at and slot.span.end > one.starts_at for one in taken)


def test_the_times_proposed_suit_the_new_ones_too(session: "Session", stage: Stage) -> None:
    one, other = stage.make_class(session), stage.make_class(session, code="X")
    stage.add(session, one.id)
    elsewhere = stage.session_plan(venue_id=stage.venues["V2"], lecturer_ids=(stage.lecturers["L2"],))
    stage.add(session, other.id, elsewhere)
    admin = stage.admin(session)
    free = times_of(session, other.id, ())
    blocked = free[0].span
    busy = stage.make_class(session, code="Y")
    local = blocked.start.astimezone(ZONE), blocked.end.astimezone(ZONE)
    plan = stage.session_plan(
        local[0].date(), starts=local[0].time(), ends=local[1].time(), venue_id=None, lecturer_ids=()
    )
    stage.add(session, busy.id, plan)
    actions.enrol_people(session, admin, busy.id, stage.crowd[:1], **EDGE)
    assert blocked in [slot.span for slot in times_of(session, other.id, ())]
    assert blocked not in [slot.span for slot in times_of(session, other.id, stage.crowd[:1])]


def test_engagements_elsewhere_may_be_accepted(session: "Session", stage: Stage) -> None:
    one = stage.make_class(session)
    stage.add(session, one.id)
    other = stage.make_class(session, code="X")
    stage.add(session, other.id, stage.session_plan(venue_id=stage.venues["V2"], lecturer_ids=(stage.lecturers["L2"],)))
    admin = stage.admin(session)
    actions.enrol_people(session, admin, one.id, stage.crowd[:1], **EDGE)
    assert actions.enrol_people(session, admin, other.id, stage.crowd[:2], consent=Consent(confirmed=True), **EDGE) == 2


def test_the_roster_of_a_class_that_is_over_is_closed(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 3))
    _publish(session, stage, made)
    with pytest.raises(Refusal, match="over"):
        actions.enrol_people(session, stage.admin(session), made.id, stage.crowd[:1], **EDGE)


def test_many_enrolments_at_once(session: "Session", stage: Stage) -> None:
    one, other = stage.make_class(session), stage.make_class(session, code="X")
    stage.add(session, one.id)
    pairs = [(one.id, person) for person in stage.crowd[:5]] + [(other.id, person) for person in stage.crowd[:2]]
    admin = stage.admin(session)
    assert actions.enrol_many(session, admin, [*pairs, pairs[0]], now=NOW) == 7
    assert actions.enrol_many(session, admin, pairs, now=NOW) == 0
    assert (one.taken, other.taken) == (5, 2)
    assert session.scalar(select(func.count()).select_from(Attendance)) == 5
    assert session.scalar(select(func.count()).select_from(Membership)) == 7
    with pytest.raises(ClassFull, match="2026-01"):
        actions.enrol_many(session, admin, [(one.id, stage.crowd[8]), (other.id, stage.crowd[8])], now=NOW)
    with pytest.raises(Missing):
        actions.enrol_many(session, admin, [(99, stage.crowd[0])], now=NOW)
