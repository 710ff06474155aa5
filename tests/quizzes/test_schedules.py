"""Sittings that their schedules make: in time, once, and after their lessons."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select

from scheduler.agenda.actions import (
    cancel_activity,
    create_activities,
    create_audience,
    enrol,
    move_activity,
    restore_activity,
)
from scheduler.agenda.models import Activity, Attendance, CalendarDay
from scheduler.agenda.terms import ActivityKind, ActivityPlan, ActivityStatus, AudienceKind, Consent, MembershipSource
from scheduler.audit.models import AuditEntry
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.periods import Span
from scheduler.notices.models import Notice
from scheduler.quizzes.actions.making import make_of, make_sittings
from scheduler.quizzes.actions.schedules import (
    change_schedule,
    create_schedule,
    resume_schedule,
    skip,
    stop_schedule,
    unskip,
)
from scheduler.quizzes.actions.sittings import cancel_sitting, move_sitting, plan_sitting
from scheduler.quizzes.models import Item, QuizSchedule, ScheduledSitting, Sitting
from scheduler.quizzes.queries.schedules import coming, get_schedule, plan_of
from scheduler.quizzes.terms.schedules import Beat, Coming, Rhythm, SchedulePlan
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules
from tests.cast import Cast, Persona
from tests.quizzes.rush import WRITERS, at_once
from tests.quizzes.stage import SYSTEM, ZONE, fill_bank
from tests.quizzes.stage_results import paper

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, 2 March 2026, 9:00."""
EDGE: dict[str, Any] = {"installation_id": "test.local", "zone": ZONE}
MONTHLY, WEEKLY, LESSON = Beat(Rhythm.MONTH_DAY, day=5), Beat(Rhythm.WEEK, weekday=3), Beat(Rhythm.LESSON)


def plan(session: "Session", cast: Cast, **changes: Any) -> SchedulePlan:
    """Return the plan of a weekly quiz of the section A1 on a paper of one item."""
    if "paper_id" not in changes:
        items = list(session.scalars(select(Item).order_by(Item.id)))
        if not items:
            fill_bank(session, now=NOW)
            items = list(session.scalars(select(Item).order_by(Item.id)))
        changes["paper_id"] = paper(session, items[:1]).id
    usual = SchedulePlan("每周一测", 0, cast.units["A"], WEEKLY, date(2026, 3, 1), opens=time(15), open_minutes=60)
    return replace(usual, **{"unit_ids": (cast.units["A1"],), **changes})


def scheduled(session: "Session", cast: Cast, **changes: Any) -> QuizSchedule:
    return create_schedule(session, SYSTEM, plan(session, cast, **changes), now=NOW)


def slots(session: "Session") -> list[ScheduledSitting]:
    found = select(ScheduledSitting).order_by(ScheduledSitting.opens_at).execution_options(populate_existing=True)
    return list(session.scalars(found))


def activities(session: "Session") -> list[Activity]:
    """Return the quizzes in the calendars, by start."""
    found = select(Activity).where(Activity.kind == ActivityKind.QUIZ).order_by(Activity.starts_at, Activity.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def lessons(session: "Session", cast: Cast, days: list[int], *, host: str = "A") -> tuple[int, list[Activity]]:
    """Plan evening lectures of a series, at which the trainee and the fellow are expected, so many days from now."""
    series = create_audience(session, SYSTEM, AudienceKind.SERIES, f"S{host}", "周四讲座", cast.units[host], now=NOW)
    people = [cast.people[Persona.TRAINEE], cast.people[Persona.FELLOW]]
    enrol(session, SYSTEM, series.id, people, source=MembershipSource.NAMED, now=NOW)
    evening = NOW.replace(hour=11)
    plans = [
        ActivityPlan(
            ActivityKind.LECTURE,
            f"讲座{day}",
            Span(evening + timedelta(days=day), evening + timedelta(days=day, hours=2)),
            series.id,
            cast.units[host],
        )
        for day in days
    ]
    made = create_activities(session, SYSTEM, plans, consent=Consent(confirmed=True), now=NOW, **EDGE)
    for activity in made:
        activity.status = ActivityStatus.SCHEDULED
    session.flush()
    return series.id, list(made)


def test_what_is_near_is_made_once_and_the_rest_when_its_time_comes(session: "Session", cast: Cast) -> None:
    schedule = scheduled(session, cast, lead_days=14, rules=SittingRules(length_minutes=20, pass_mark=70))
    assert make_sittings(session, now=NOW, **EDGE) == 2  # Thursdays the 5th and the 12th
    assert make_sittings(session, now=NOW, **EDGE) == 0
    made = activities(session)
    assert [each.starts_at.astimezone(ZONE).strftime("%m-%d %H:%M") for each in made] == ["03-05 15:00", "03-12 15:00"]
    assert all(each.ends_at - each.starts_at == timedelta(hours=1) for each in made)
    assert all(each.title == "每周一测" for each in made)
    due = select(Attendance.person_id).where(Attendance.activity_id == made[0].id)
    assert cast.people[Persona.TRAINEE] in set(session.scalars(due))
    sitting = session.get_one(Sitting, slots(session)[0].sitting_id)
    assert (sitting.length_minutes, sitting.pass_mark, sitting.paper_id) == (20, 70, schedule.paper_id)
    third = made[1].starts_at + timedelta(days=7)
    before = third - timedelta(days=14)
    assert make_sittings(session, now=before - timedelta(milliseconds=1), **EDGE) == 0
    assert make_sittings(session, now=before, **EDGE) == 1


def test_a_day_off_moves_it_and_the_row_keeps_the_day(session: "Session", cast: Cast) -> None:
    holiday = (date(2026, 3, 5), date(2026, 3, 6))
    session.execute(delete(CalendarDay).where(CalendarDay.day.in_(holiday)))
    session.execute(
        insert(CalendarDay),
        [{"day": day, "kind": "off", "name_zh": "假", "name_en": "", "source": "test"} for day in holiday],
    )
    scheduled(session, cast, beat=MONTHLY)
    assert make_sittings(session, now=NOW, **EDGE) == 1
    (slot,) = slots(session)
    assert (slot.day, slot.opens_at.astimezone(ZONE).date()) == (date(2026, 3, 5), date(2026, 3, 9))
    # on the day off itself it is still to come
    one = coming(session, plan_of(get_schedule(session, SYSTEM, slot.schedule_id)), zone=ZONE,
                 now=NOW + timedelta(days=4), most=1)  # fmt: skip
    assert [each.day for each in one] == [date(2026, 3, 5)]
    assert make_sittings(session, now=NOW + timedelta(days=4), **EDGE) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"paper_id": 10**6}, "paper"),
        ({"open_minutes": 0}, "open_minutes"),
        ({"open_minutes": 1441}, "open_minutes"),
        ({"lead_days": 0}, "lead_days"),
        ({"lead_days": 61}, "lead_days"),
        ({"delay_minutes": -1}, "delay_minutes"),
        ({"beat": Beat(Rhythm.MONTH_DAY, day=32)}, "day"),
        ({"beat": Beat(Rhythm.MONTH_WEEKDAY, nth=6)}, "nth"),
        ({"beat": Beat(Rhythm.WEEK, weekday=7)}, "weekday"),
        ({"last_day": date(2026, 2, 28)}, "last_day"),
        ({"unit_ids": ()}, "units"),
        ({"unit_ids": (10**6,)}, "units"),
        ({"beat": LESSON}, "audience"),
        ({"rules": SittingRules(pass_mark=0)}, "pass_mark"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
def test_what_no_schedule_can_be(session: "Session", cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        scheduled(session, cast, **changes)
    assert refused.value.field == field


def test_only_who_holds_sittings_of_the_host_reaches_it(session: "Session", cast: Cast) -> None:
    made = scheduled(session, cast)
    kept = plan_of(get_schedule(session, SYSTEM, made.id))
    one = Coming(date(2026, 3, 5), NOW + timedelta(days=3))
    for persona in (Persona.OFFICER, Persona.LECTURER, Persona.TRAINEE):
        actor = cast.actor(session, persona)
        for act in (
            partial(get_schedule, session, actor, made.id),
            partial(create_schedule, session, actor, kept, now=NOW),
            partial(change_schedule, session, actor, made.id, kept, version=1, now=NOW),
            partial(stop_schedule, session, actor, made.id, now=NOW),
            partial(skip, session, actor, made.id, one, now=NOW),
        ):
            with pytest.raises(Missing):
                act()
    admin = cast.actor(session, Persona.ADMIN)
    for wrong in (replace(kept, host_unit_id=10**6), replace(kept, audience_id=10**6)):
        with pytest.raises(Missing):
            create_schedule(session, admin, wrong, now=NOW)
    with pytest.raises(Stale):
        change_schedule(session, admin, made.id, kept, version=made.version + 1, now=NOW)


def test_a_change_is_for_what_is_not_made_yet(session: "Session", cast: Cast) -> None:
    made = scheduled(session, cast, lead_days=7)
    make_sittings(session, now=NOW, **EDGE)
    later = replace(plan_of(get_schedule(session, SYSTEM, made.id)), opens=time(16), unit_ids=(cast.units["B"],))
    change_schedule(session, SYSTEM, made.id, later, version=made.version, now=NOW)
    assert make_sittings(session, now=NOW + timedelta(days=7), **EDGE) == 1
    first, second = activities(session)
    assert [each.starts_at.astimezone(ZONE).hour for each in (first, second)] == [15, 16]
    due = select(Attendance.person_id).where(Attendance.activity_id == second.id)
    assert cast.people[Persona.TRAINEE] not in set(session.scalars(due))


def test_each_act_is_in_the_record(cast: Cast) -> None:
    with cast.database.write() as session:
        made = scheduled(session, cast)
        first = coming(session, plan_of(get_schedule(session, SYSTEM, made.id)), zone=ZONE, now=NOW, most=1)[0]
        later = replace(plan_of(get_schedule(session, SYSTEM, made.id)), opens=time(16), unit_ids=(cast.units["B"],))
        change_schedule(session, SYSTEM, made.id, later, version=made.version, now=NOW)
        skip(session, SYSTEM, made.id, first, now=NOW)
        unskip(session, SYSTEM, made.id, first, now=NOW)
        for act in (stop_schedule, stop_schedule, resume_schedule, resume_schedule):
            act(session, SYSTEM, made.id, now=NOW)
        make_sittings(session, now=NOW, **EDGE)
    with cast.database.read() as session:
        about = select(AuditEntry.verb, AuditEntry.facts).where(AuditEntry.subject_kind == "quiz_schedule")
        rows = session.execute(about.order_by(AuditEntry.id)).all()
        assert [row.verb for row in rows] == ["create", "edit", "skip", "unskip", "stop", "resume"]
        assert rows[1].facts["changed"] == ["opens", "unit_ids"]
        entry = select(AuditEntry.actor_name).where(AuditEntry.verb == "create", AuditEntry.subject_kind == "sitting")
        assert set(session.scalars(entry)) == {"make_sittings"}


def test_stopped_it_makes_nothing_and_resumed_what_is_still_to_come(session: "Session", cast: Cast) -> None:
    made = scheduled(session, cast, lead_days=3)
    stop_schedule(session, SYSTEM, made.id, now=NOW)
    assert make_sittings(session, now=NOW, **EDGE) == make_of(session, made.id, now=NOW, **EDGE) == 0
    resume_schedule(session, SYSTEM, made.id, now=NOW + timedelta(days=7))
    assert make_sittings(session, now=NOW + timedelta(days=7, hours=6), **EDGE) == 1
    assert [slot.day for slot in slots(session)] == [date(2026, 3, 12)]  # the 5th is over and is not made up for


def test_one_is_left_out_and_held_after_all(session: "Session", cast: Cast) -> None:
    made = scheduled(session, cast)
    first, second = coming(session, plan_of(get_schedule(session, SYSTEM, made.id)), zone=ZONE, now=NOW, most=2)
    skip(session, SYSTEM, made.id, first, now=NOW)
    assert make_sittings(session, now=NOW, **EDGE) == 1
    assert [slot.sitting_id is None for slot in slots(session)] == [True, False]
    with pytest.raises(Refusal, match="cancel it on its own page"):
        skip(session, SYSTEM, made.id, second, now=NOW)
    with pytest.raises(Missing):
        unskip(session, SYSTEM, made.id, second, now=NOW)
    unskip(session, SYSTEM, made.id, first, now=NOW)
    assert make_sittings(session, now=NOW, **EDGE) == 1
    assert len(activities(session)) == 2


def test_what_cannot_be_made_is_told_once_tried_again_and_made_when_it_can(session: "Session", cast: Cast) -> None:
    drawing = paper(session)  # draws five of a topic that the bank does not have
    made = scheduled(session, cast, paper_id=drawing.id, lead_days=7)
    for hour in range(3):
        assert make_sittings(session, now=NOW + timedelta(hours=hour), **EDGE) == 0
    (slot,) = slots(session)
    assert slot.refusal is not None
    assert slot.refusal["facts"]["wanted"] == 5
    assert activities(session) == []
    told = session.scalars(select(Notice.recipient_id).where(Notice.kind == "quiz_not_made")).all()
    assert told == [cast.people[Persona.ADMIN]]
    fixed = plan(session, cast)
    mended = replace(plan_of(get_schedule(session, SYSTEM, made.id)), paper_id=fixed.paper_id)
    change_schedule(session, SYSTEM, made.id, mended, version=made.version, now=NOW)
    assert make_sittings(session, now=NOW + timedelta(hours=4), **EDGE) == 1
    assert slots(session)[0].refusal is None


def test_after_each_lesson_and_wherever_the_lesson_goes(session: "Session", cast: Cast) -> None:
    series, (first, second, third, _far) = lessons(session, cast, [1, 3, 5, 40])
    scheduled(session, cast, beat=LESSON, audience_id=series, delay_minutes=15, unit_ids=())
    assert make_sittings(session, now=NOW, **EDGE) == 3
    quarter = timedelta(minutes=15)
    assert [each.starts_at for each in activities(session)] == [
        lesson.ends_at + quarter for lesson in (first, second, third)
    ]
    due = select(Attendance.person_id).where(Attendance.activity_id == activities(session)[0].id)
    assert set(session.scalars(due)) == {cast.people[Persona.TRAINEE], cast.people[Persona.FELLOW]}
    # the office moves one quiz by hand; then two lessons are moved and one is cancelled
    by_hand = slots(session)[1]
    by_hand_id = by_hand.sitting_id or 0
    quiz = session.get_one(Activity, session.get_one(Sitting, by_hand_id).activity_id)
    hour = timedelta(hours=1)
    about: dict[str, Any] = {"reason": "会议室", "consent": Consent(confirmed=True), "zone": ZONE, "now": NOW}
    span = Span(quiz.starts_at, quiz.ends_at).shifted(hour)
    move_sitting(session, SYSTEM, by_hand_id, span, version=quiz.version, **about)
    for lesson in (first, second):
        span = Span(lesson.starts_at, lesson.ends_at).shifted(timedelta(days=14))
        move_activity(session, SYSTEM, lesson.id, version=lesson.version, span=span, **about)
    cancel_activity(session, SYSTEM, third.id, version=third.version, reason="出差", now=NOW)
    last = session.get_one(Sitting, slots(session)[2].sitting_id).activity_id
    for _repeat in range(2):
        assert make_sittings(session, now=NOW, **EDGE) == 0
        ends = [session.get_one(Activity, lesson.id).ends_at for lesson in (first, second)]
        made = [slot.sitting_id for slot in sorted(slots(session), key=lambda slot: slot.id)]
        held = [session.get_one(Activity, session.get_one(Sitting, each).activity_id) for each in made if each]
        assert [each.starts_at for each in held] == [ends[0] + quarter, ends[1] + quarter + hour]
        assert {each.status for each in held} == {ActivityStatus.SCHEDULED}
        assert session.get_one(Activity, last).status is ActivityStatus.CANCELLED
    # a lesson that is held after all has a quiz again
    restore_activity(
        session, SYSTEM, third.id, version=third.version, consent=Consent(confirmed=True), zone=ZONE, now=NOW
    )
    assert make_sittings(session, now=NOW, **EDGE) == 1
    assert [each.status for each in activities(session) if each.starts_at == third.ends_at + quarter] == [
        ActivityStatus.CANCELLED,
        ActivityStatus.SCHEDULED,
    ]


def test_a_quiz_that_the_office_cancelled_is_not_made_again(session: "Session", cast: Cast) -> None:
    scheduled(session, cast, lead_days=7)
    make_sittings(session, now=NOW, **EDGE)
    (quiz,) = activities(session)
    sitting_id = slots(session)[0].sitting_id
    assert sitting_id is not None
    cancel_sitting(session, SYSTEM, sitting_id, version=quiz.version, reason="停电", now=NOW)
    assert make_sittings(session, now=NOW, **EDGE) == 0
    assert len(activities(session)) == 1


def test_sixteen_who_make_at_once_make_one_each(cast: Cast, database_url: str) -> None:
    with cast.database.write() as session:
        scheduled(session, cast)

    def make(database: "Sessions", _number: int) -> None:
        with database.write() as session:
            make_sittings(session, now=NOW, **EDGE)

    at_once(database_url, make)
    with cast.database.read() as session:
        assert [slot.day for slot in slots(session)] == [date(2026, 3, 5), date(2026, 3, 12)]
        assert len(activities(session)) == 2


def test_the_control_that_looks_and_then_makes_makes_several(cast: Cast, database_url: str) -> None:
    with cast.database.write() as session:
        wanted = plan(session, cast)
    opens = NOW + timedelta(days=3)
    quiz = SittingPlan("每周一测", wanted.paper_id, Span(opens, opens + timedelta(hours=1)), wanted.host_unit_id,
                       unit_ids=wanted.unit_ids)  # fmt: skip
    looked, began = threading.Barrier(WRITERS), set[int]()

    def look_then_make(database: "Sessions", number: int) -> None:
        with database.read() as session:
            there = session.scalar(select(Activity.id).where(Activity.starts_at == opens))
        if number not in began:  # who begins again after a deadlock waits for nobody
            began.add(number)
            looked.wait(timeout=60)
        if there is None:
            with database.write() as session:
                plan_sitting(session, SYSTEM, quiz, consent=Consent(confirmed=True), now=NOW, **EDGE)

    at_once(database_url, look_then_make)
    with cast.database.read() as session:
        assert len(activities(session)) > 1
