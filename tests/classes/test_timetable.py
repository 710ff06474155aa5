from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from scheduler.agenda.models import Activity, Attendance
from scheduler.agenda.terms import ActivityStatus, Consent, DoubleBooking
from scheduler.classes import actions
from scheduler.classes.models import ClassSession, Quota, StudyClass
from scheduler.classes.queries import find_told, sessions_of
from scheduler.classes.terms import ClassStatus, PartOfDay
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.notices.models import Notice
from tests.cast import Persona
from tests.classes.conftest import EDGE, INSTALLATION, NOW, ZONE, Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.classes.terms import SessionPlan


def _publish(session: "Session", stage: Stage, owner: StudyClass) -> int:
    drafts = [row.activity_id for row in sessions_of(session, owner.id, with_drafts=True) if row.is_draft]
    return actions.publish_class(session, stage.admin(session), owner.id, version=owner.version, shown=drafts, now=NOW)


def test_publishing_shows_the_drafts_and_tells_people(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session, quotas=((stage.cast.units["A"], 3),))
    stage.add(session, owner.id, stage.session_plan(lecturer_ids=(stage.cast.lecturer_id,)))
    actions.enrol_people(session, stage.admin(session), owner.id, [stage.cast.people[Persona.TRAINEE]], **EDGE)
    assert _publish(session, stage, owner) == 1
    assert (owner.status, owner.published_at) == (ClassStatus.PUBLISHED, NOW)
    people = stage.cast.people
    told = set(session.scalars(select(Notice.recipient_id)))
    assert told == {people[Persona.TRAINEE], people[Persona.LECTURER], people[Persona.OFFICER]}
    assert told == set(find_told(session, owner).everybody)
    with pytest.raises(Refusal, match="nothing new"):
        _publish(session, stage, owner)


def test_nothing_is_published_that_was_not_shown(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    stage.add(session, owner.id)
    admin = stage.admin(session)
    for version, shown in ((owner.version, []), (owner.version + 1, [1]), (owner.version, [1, 2])):
        with pytest.raises(Stale):
            actions.publish_class(session, admin, owner.id, version=version, shown=shown, now=NOW)


def test_a_session_outside_of_the_dates_stretches_them(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    stage.add(session, owner.id, stage.session_plan(date(2026, 3, 9)))
    stage.add(session, owner.id, stage.session_plan(date(2026, 3, 16)))
    assert (owner.starts_on, owner.ends_on) == (date(2026, 3, 9), date(2026, 3, 16))


def _move(session: "Session", stage: Stage, row: ClassSession, plan: "SessionPlan", version: int) -> None:
    actions.move_session(
        session, stage.admin(session), row.class_id, row.id, plan, version=version, reason="改期", **EDGE
    )


def test_of_two_writers_on_one_session_the_second_is_refused(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    row = stage.add(session, owner.id)
    version = session.get_one(Activity, row.activity_id).version
    afternoon = stage.session_plan(date(2026, 3, 11), part_of_day=PartOfDay.AFTERNOON)
    _move(session, stage, row, afternoon, version)
    assert row.part_of_day is PartOfDay.AFTERNOON
    with pytest.raises(Stale):
        _move(session, stage, row, stage.session_plan(date(2026, 3, 12)), version)
    with pytest.raises(Stale):
        actions.edit_session(
            session, stage.admin(session), owner.id, row.id, replace(afternoon, topic="x"), version=version, **EDGE
        )


def test_what_cannot_be_a_session(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    row = stage.add(session, owner.id)
    with pytest.raises(Refusal) as refused:
        stage.add(session, owner.id, stage.session_plan(ends=time(9)))
    assert refused.value.field == "ends"
    with pytest.raises(DoubleBooking):
        stage.add(session, owner.id)
    with pytest.raises(Missing):
        _move(session, stage, ClassSession(id=99, class_id=row.class_id), stage.session_plan(), 1)


def test_a_draft_is_deleted_and_a_published_session_cancelled(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    row = stage.add(session, owner.id)
    admin = stage.admin(session)
    actions.cancel_session(session, admin, owner.id, row.id, version=1, reason="", now=NOW)
    assert sessions_of(session, owner.id, with_drafts=True) == []
    row = stage.add(session, owner.id)
    _publish(session, stage, owner)
    version = session.get_one(Activity, row.activity_id).version
    actions.cancel_session(session, admin, owner.id, row.id, version=version, reason="停电", now=NOW)
    (shown,) = sessions_of(session, owner.id, with_drafts=False)
    assert (shown.status, shown.change_reason) == (ActivityStatus.CANCELLED, "停电")
    actions.restore_session(session, admin, owner.id, row.id, version=shown.version, **EDGE)
    assert sessions_of(session, owner.id, with_drafts=False)[0].status is ActivityStatus.SCHEDULED


def test_a_cancelled_class_keeps_what_is_over(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session)
    stage.add(session, owner.id)
    stage.add(session, owner.id, stage.session_plan(date(2026, 3, 11)))
    actions.enrol_people(session, stage.admin(session), owner.id, stage.crowd[:1], **EDGE)
    _publish(session, stage, owner)
    stage.add(session, owner.id, stage.session_plan(date(2026, 3, 12)))
    admin = stage.admin(session)
    second_day = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with pytest.raises(Stale):
        actions.cancel_class(session, admin, owner.id, version=99, reason="x", zone=ZONE, now=second_day)
    actions.cancel_class(session, admin, owner.id, version=owner.version, reason="停办", zone=ZONE, now=second_day)
    rows = sessions_of(session, owner.id, with_drafts=True)
    assert [row.status for row in rows] == [ActivityStatus.SCHEDULED, ActivityStatus.CANCELLED]
    kinds = session.scalars(select(Notice.kind).where(Notice.kind.startswith("class")).order_by(Notice.id)).all()
    assert kinds == ["class_published", "class_cancelled"]
    for act in (lambda: stage.add(session, owner.id), lambda: _publish(session, stage, owner)):
        with pytest.raises(Refusal, match="cancelled"):
            act()
    with pytest.raises(Refusal, match="cancelled"):
        actions.edit_class(session, admin, owner.id, stage.class_plan(), version=owner.version, now=NOW)


def test_a_class_that_is_over_is_not_cancelled(session: "Session", stage: Stage) -> None:
    owner = stage.make_class(session, starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 3))
    _publish(session, stage, owner)
    with pytest.raises(Refusal, match="over"):
        actions.cancel_class(
            session, stage.admin(session), owner.id, version=owner.version, reason="x", zone=ZONE, now=NOW
        )


def _bring_in(session: "Session", stage: Stage, classes: int) -> int:
    """Bring in a plan of `classes` classes with two sessions and two people each; return the statements it took."""
    sent = 0

    def count(*_args: object) -> None:
        nonlocal sent
        sent += 1

    bind = session.get_bind()
    admin = stage.admin(session)
    event.listen(bind, "before_cursor_execute", count)
    plans = [stage.class_plan(code=f"I-{n}", quotas=((stage.cast.units["A"], 9),)) for n in range(classes)]
    ids = actions.import_classes(session, admin, plans, now=NOW).ids
    actions.enrol_many(session, admin, [(one, person) for one in ids for person in stage.crowd[:2]], now=NOW)
    sessions = [
        (one, stage.session_plan(date.fromordinal(date(2026, 3, 10).toordinal() + n), part_of_day=part))
        for n, one in enumerate(ids)
        for part in (PartOfDay.MORNING, PartOfDay.AFTERNOON)
    ]
    facts = {"consent": Consent(confirmed=True), "installation_id": INSTALLATION, **EDGE}
    brought = actions.import_sessions(session, admin, sessions, **facts)
    event.remove(bind, "before_cursor_execute", count)
    assert (brought.created, len(set(brought.ids))) == (2 * classes, 2 * classes)
    assert actions.import_sessions(session, admin, sessions, **facts) == replace(brought, created=0)
    assert actions.import_classes(session, admin, plans, now=NOW) == replace(
        actions.import_classes(session, admin, plans, now=NOW), created=0
    )
    return sent


def test_a_plan_comes_in_by_as_many_statements_however_long_it_is(session: "Session", stage: Stage) -> None:
    few = _bring_in(session, stage, 1)
    session.rollback()
    many = _bring_in(session, stage, 30)
    assert many <= few + 2
    assert session.scalar(select(func.count()).select_from(Attendance)) == 120
    assert session.scalar(select(func.count()).select_from(Quota)) == 30
    assert set(session.scalars(select(StudyClass.status))) == {ClassStatus.PUBLISHED}
    assert set(session.scalars(select(Activity.status))) == {ActivityStatus.SCHEDULED}


def test_a_session_that_was_moved_is_not_brought_in_again(session: "Session", stage: Stage) -> None:
    (class_id,) = actions.import_classes(session, stage.admin(session), [stage.class_plan()], now=NOW).ids
    facts = {"installation_id": INSTALLATION, **EDGE}
    plans = [(class_id, stage.session_plan())]
    (row_id,) = actions.import_sessions(session, stage.admin(session), plans, **facts).ids
    row = session.get_one(ClassSession, row_id)
    _move(
        session, stage, row, stage.session_plan(date(2026, 3, 12)), session.get_one(Activity, row.activity_id).version
    )
    assert actions.import_sessions(session, stage.admin(session), plans, **facts).ids == (row_id,)


def test_drafts_come_in_as_drafts_and_only_by_planners(session: "Session", stage: Stage) -> None:
    admin = stage.admin(session)
    plans = [stage.class_plan()]
    (class_id,) = actions.import_classes(session, admin, plans, status=ClassStatus.DRAFT, now=NOW).ids
    actions.import_sessions(session, admin, [(class_id, stage.session_plan())], installation_id=INSTALLATION, **EDGE)
    assert set(session.scalars(select(Activity.status))) == {ActivityStatus.DRAFT}
    officer = stage.cast.actor(session, Persona.OFFICER)
    with pytest.raises(Missing):
        actions.import_classes(session, officer, plans, now=NOW)
    with pytest.raises(Missing):
        actions.enrol_many(session, officer, [(class_id, stage.crowd[0])], now=NOW)
