"""Schedules made, changed, stopped; single days of them skipped."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.people.models import Unit
from scheduler.quizzes.actions.sittings import check_bounds, check_rules, require_audience, require_host
from scheduler.quizzes.models import Paper, QuizSchedule, ScheduledSitting, ScheduleUnit
from scheduler.quizzes.queries.schedules import get_schedule, plan_of
from scheduler.quizzes.terms.schedules import LAST, Coming, Rhythm, SchedulePlan

_BOUNDS = {"open_minutes": (1, 1440), "delay_minutes": (0, 10_080), "lead_days": (1, 60)}
_BEAT = {"day": (1, 31), "nth": (1, LAST), "weekday": (0, 6)}


def create_schedule(session: Session, actor: Actor, plan: SchedulePlan, *, now: datetime) -> QuizSchedule:
    """Make a schedule; its sittings are made by `make_sittings`.

    Refuses a blank name, numbers out of bounds, an end before the beginning, nobody who would be due, and a rhythm of
    lessons without a class or series; Missing for a host, a paper or an audience that the actor does not plan for.
    """
    plan = _checked(session, actor, plan)
    made = QuizSchedule(**_columns(plan))
    made.units = [ScheduleUnit(unit_id=unit_id) for unit_id in plan.unit_ids]
    session.add(made)
    session.flush()
    record(session, actor, "create", "quiz_schedule", made.id, now=now, rhythm=plan.beat.rhythm, paper_id=plan.paper_id)
    return made


def change_schedule(
    session: Session, actor: Actor, schedule_id: int, plan: SchedulePlan, *, version: int, now: datetime
) -> QuizSchedule:
    """Change a schedule, for the sittings that are not made yet; refuses as `create_schedule`."""
    schedule = get_schedule(session, actor, schedule_id)
    refuse_stale(schedule.version, version)
    plan = _checked(session, actor, plan)
    before = plan_of(schedule)
    for name, value in _columns(plan).items():
        setattr(schedule, name, value)
    if set(before.unit_ids) != set(plan.unit_ids):
        schedule.units = [ScheduleUnit(unit_id=unit_id) for unit_id in plan.unit_ids]
    session.flush()
    changed = sorted(name for name, value in asdict(plan).items() if asdict(before)[name] != value)
    record(session, actor, "edit", "quiz_schedule", schedule.id, now=now, changed=changed)
    return schedule


def stop_schedule(session: Session, actor: Actor, schedule_id: int, *, now: datetime) -> QuizSchedule:
    """Let a schedule make no more sittings; those that stand in the calendars stay."""
    schedule = get_schedule(session, actor, schedule_id)
    if schedule.stopped_at is None:
        schedule.stopped_at = now
        session.flush()
        record(session, actor, "stop", "quiz_schedule", schedule.id, now=now)
    return schedule


def resume_schedule(session: Session, actor: Actor, schedule_id: int, *, now: datetime) -> QuizSchedule:
    """Let a schedule that was stopped make sittings again."""
    schedule = get_schedule(session, actor, schedule_id)
    if schedule.stopped_at is not None:
        schedule.stopped_at = None
        session.flush()
        record(session, actor, "resume", "quiz_schedule", schedule.id, now=now)
    return schedule


def skip(session: Session, actor: Actor, schedule_id: int, one: Coming, *, now: datetime) -> ScheduledSitting:
    """Make no sitting for what is to come. Refuses where it stands in the calendars already."""
    schedule = get_schedule(session, actor, schedule_id, lock=True)
    slot = get_slot(session, schedule.id, one)
    if slot.sitting_id is not None:
        raise Refusal(lazy("This sitting stands in the calendars already: cancel it on its own page."))
    slot.skipped_at, slot.refusal = now, None
    session.flush()
    record(session, actor, "skip", "quiz_schedule", schedule.id, now=now, day=one.day, lesson_id=one.lesson_id)
    return slot


def unskip(session: Session, actor: Actor, schedule_id: int, one: Coming, *, now: datetime) -> None:
    """Take back that something to come is skipped. Refuses with Missing what is not."""
    schedule = get_schedule(session, actor, schedule_id, lock=True)
    slot = get_slot(session, schedule.id, one)
    if slot.skipped_at is None:
        raise Missing
    slot.skipped_at = None
    session.flush()
    record(session, actor, "unskip", "quiz_schedule", schedule.id, now=now, day=one.day, lesson_id=one.lesson_id)


def get_slot(session: Session, schedule_id: int, one: Coming) -> ScheduledSitting:
    """Return the one row of what is to come, made now where there is none."""
    facts = {"day": one.day, "lesson_id": one.lesson_id, "lesson_ends_at": one.lesson_ends_at, "opens_at": one.opens_at}
    session.execute(
        insert_into(session, ScheduledSitting).values(schedule_id=schedule_id, **facts).on_conflict_do_nothing()
    )
    wanted = select(ScheduledSitting).where(ScheduledSitting.schedule_id == schedule_id)
    if one.lesson_id is None:
        wanted = wanted.where(ScheduledSitting.day == one.day, ScheduledSitting.lesson_id.is_(None))
    else:
        wanted = wanted.where(ScheduledSitting.lesson_id == one.lesson_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _checked(session: Session, actor: Actor, plan: SchedulePlan) -> SchedulePlan:
    name = clean_line(plan.name, limit=200, label=lazy_gettext("Title"))
    if not name:
        raise Refusal(lazy("Please fill this in."), field="name")
    require_host(session, actor, plan.host_unit_id)
    if session.get(Paper, plan.paper_id) is None:
        raise Refusal(lazy("Choose a paper."), field="paper")
    check_rules(plan.rules)
    check_bounds(plan, _BOUNDS)
    check_bounds(plan.beat, _BEAT)
    if plan.last_day is not None and plan.last_day < plan.first_day:
        raise Refusal(lazy("It ends before it begins."), field="last_day")
    _check_due(session, actor, plan)
    return replace(plan, name=name, unit_ids=() if plan.audience_id else plan.unit_ids)


def _check_due(session: Session, actor: Actor, plan: SchedulePlan) -> None:
    if plan.audience_id is not None:
        require_audience(session, actor, plan.audience_id)
        return
    if plan.beat.rhythm is Rhythm.LESSON:
        raise Refusal(lazy("Choose the class or series whose lessons it follows."), field="audience")
    known = set(session.scalars(select(Unit.id).where(Unit.id.in_(plan.unit_ids))))
    if not plan.unit_ids or known != set(plan.unit_ids):
        raise Refusal(lazy("Nobody would be due: choose units, people, or a class with a roster."), field="units")


def _columns(plan: SchedulePlan) -> dict[str, Any]:
    rest = {name: value for name, value in asdict(plan).items() if name not in {"beat", "rules", "unit_ids"}}
    return rest | asdict(plan.beat) | asdict(plan.rules)
