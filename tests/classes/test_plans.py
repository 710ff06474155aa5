from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityKind, ActivityStatus
from scheduler.classes import actions
from scheduler.classes.models import Quota
from scheduler.classes.queries import sessions_of
from scheduler.classes.terms import ClassStatus, GapKind, PartOfDay, TeachingMode
from scheduler.core.errors import Missing, Refusal, Stale
from tests.cast import Persona
from tests.classes.conftest import EDGE, INSTALLATION, NOW, ZONE, Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_new_class_is_a_draft_with_quotas(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 3),))
    assert made.status is ClassStatus.DRAFT
    assert made.taken == 0
    assert session.execute(select(Quota.unit_id, Quota.places)).all() == [(stage.cast.units["A"], 3)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"code": ""}, "code"),
        ({"ends_on": date(2026, 3, 9)}, "ends_on"),
        ({"capacity": 0}, "capacity"),
        ({"hours": -1}, "hours"),
        ({"run_number": 0}, "run_number"),
        ({"budget": -0.5}, "budget"),
        ({"quotas": ((1, -1),)}, "quotas"),
        ({"quotas": ((1, 6),)}, "quotas"),
    ],
)
def test_what_cannot_be_a_class(session: "Session", stage: Stage, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        stage.make_class(session, **changes)
    assert refused.value.field == field


def test_a_code_is_given_once(session: "Session", stage: Stage) -> None:
    stage.make_class(session)
    with pytest.raises(Refusal, match="There is a class 2026-01 already"):
        stage.make_class(session)


def test_only_planners_of_the_host_create_classes(session: "Session", stage: Stage) -> None:
    for persona in (Persona.OFFICER, Persona.LEADER, Persona.TRAINEE, Persona.CHARLIE):
        actor = stage.cast.actor(session, persona)
        with pytest.raises(Missing):
            actions.create_class(session, actor, stage.class_plan(host_unit_id=stage.cast.units["A"]), now=NOW)
    with pytest.raises(Missing):
        stage.make_class(session, host_unit_id=999)


def test_an_edit_needs_the_version_it_was_opened_with(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    plan = stage.class_plan(title="改名", quotas=((stage.cast.units["B"], 2),))
    version = made.version
    edited = actions.edit_class(session, stage.admin(session), made.id, plan, version=version, now=NOW)
    assert (edited.title, edited.audience.name) == ("改名", "改名")
    with pytest.raises(Stale):
        actions.edit_class(session, stage.admin(session), made.id, plan, version=version, now=NOW)


def test_a_class_keeps_its_host_and_room_for_those_enrolled(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    admin = stage.admin(session)
    actions.enrol_people(session, admin, made.id, stage.crowd[:3], **EDGE)
    other = stage.class_plan(host_unit_id=stage.cast.units["A"])
    with pytest.raises(Refusal, match="host"):
        actions.edit_class(session, admin, made.id, other, version=made.version, now=NOW)
    with pytest.raises(Refusal) as refused:
        actions.edit_class(session, admin, made.id, stage.class_plan(capacity=2), version=made.version, now=NOW)
    assert refused.value.field == "capacity"


def test_a_copy_jumps_over_days_off_and_keeps_the_order_of_half_days(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session, quotas=((stage.cast.units["A"], 3),), ends_on=date(2026, 3, 13))
    for day, part in ((10, PartOfDay.MORNING), (10, PartOfDay.EVENING), (13, PartOfDay.AFTERNOON)):
        plan = stage.session_plan(date(2026, 3, day), part_of_day=part, topic=f"{day}-{part}")
        stage.add(session, made.id, replace(plan, teaching_mode=TeachingMode.FIELD))
    copied = actions.copy_class(
        session,
        stage.admin(session),
        made.id,
        code="2026-02",
        title="第二期",
        starts_on=date(2026, 4, 4),
        installation_id=INSTALLATION,
        **EDGE,
    )
    created = copied.created
    assert (created.run_number, created.copied_from_id, created.status) == (2, made.id, ClassStatus.DRAFT)
    assert (created.starts_on, created.ends_on) == (date(2026, 4, 7), date(2026, 4, 10))
    rows = sessions_of(session, created.id, with_drafts=True)
    assert [(row.starts_at.astimezone(ZONE).date().day, row.title) for row in rows] == [
        (7, "10-morning"),
        (7, "10-evening"),
        (10, "13-afternoon"),
    ]
    assert {row.status for row in rows} == {ActivityStatus.DRAFT}
    assert {row.teaching_mode for row in rows} == {TeachingMode.FIELD}
    assert [row.lecturers for row in rows] == ["讲师L1"] * 3
    assert copied.gaps == ()
    assert session.scalars(select(Quota.places).where(Quota.class_id == created.id)).all() == [3]
    kinds = session.scalars(select(Activity.kind).where(Activity.audience_id == created.audience_id))
    assert set(kinds) == {ActivityKind.FIELD}


def test_a_copy_leaves_open_what_is_taken_and_says_so(session: "Session", stage: Stage) -> None:
    made = stage.make_class(session)
    stage.add(session, made.id)
    other = stage.make_class(session, code="X", starts_on=date(2026, 4, 8), ends_on=date(2026, 4, 8))
    stage.add(session, other.id, stage.session_plan(date(2026, 4, 8)))
    copied = actions.copy_class(
        session,
        stage.admin(session),
        made.id,
        code="2026-02",
        title="第二期",
        starts_on=date(2026, 4, 8),
        installation_id=INSTALLATION,
        **EDGE,
    )
    (row,) = sessions_of(session, copied.created.id, with_drafts=True)
    assert (row.venue_id, row.lecturers) == (None, "")
    assert {(gap.kind, gap.name) for gap in copied.gaps} == {
        (GapKind.VENUE, "教室V1"),
        (GapKind.LECTURER, "讲师L1"),
    }
