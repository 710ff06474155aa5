"""Sittings made by their schedules, each once, ahead of their time; those that follow a lesson keep following it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from scheduler.agenda.actions import cancel_activity, move_activity
from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus, Consent
from scheduler.core.access import Actor, system_actor
from scheduler.core.errors import Refusal, lazy
from scheduler.core.periods import Span
from scheduler.quizzes.actions.schedules import get_slot
from scheduler.quizzes.actions.sittings import plan_sitting
from scheduler.quizzes.actions.telling import tell_not_made
from scheduler.quizzes.models import QuizSchedule, ScheduledSitting, Sitting
from scheduler.quizzes.queries.schedules import coming, get_schedule, plan_of
from scheduler.quizzes.terms.schedules import Coming, Rhythm, SchedulePlan
from scheduler.quizzes.terms.sittings import SittingPlan

_AGREED = Consent(confirmed=True)
_MOVED = lazy("The lesson that it follows was moved.")
_CANCELLED = lazy("The lesson that it follows was cancelled.")


def make_sittings(session: Session, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Make the sittings of all schedules that run and whose time to stand in the calendars has come. Returns how many."""
    running = select(QuizSchedule.id).where(QuizSchedule.stopped_at.is_(None)).order_by(QuizSchedule.id)
    return sum(
        make_of(session, schedule_id, installation_id=installation_id, zone=zone, now=now)
        for schedule_id in session.scalars(running).all()
    )


def make_of(session: Session, schedule_id: int, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Make the sittings of one schedule that are due to be made; whoever else does so at the same time waits.

    A sitting that is refused (the bank has too few items, nobody is due) is tried again until its opening; the admins
    above the host are told once.
    """
    actor = system_actor("make_sittings")
    edge: dict[str, Any] = {"installation_id": installation_id, "zone": zone, "now": now}
    schedule = get_schedule(session, actor, schedule_id, lock=True)
    if schedule.stopped_at is not None:
        return 0
    plan = plan_of(schedule)
    if plan.beat.rhythm is Rhythm.LESSON:
        _follow_lessons(session, actor, schedule, edge)
    made = 0
    for one in coming(session, plan, zone=zone, now=now, until=now + timedelta(days=plan.lead_days)):
        slot = get_slot(session, schedule.id, one)
        if slot.sitting_id is None and slot.skipped_at is None:
            made += _make(session, actor, schedule, slot, plan, one, edge)
    return made


def _make(
    session: Session,
    actor: Actor,
    schedule: QuizSchedule,
    slot: ScheduledSitting,
    plan: SchedulePlan,
    one: Coming,
    edge: dict[str, Any],
) -> int:
    wanted = SittingPlan(
        plan.name,
        plan.paper_id,
        Span(one.opens_at, one.opens_at + timedelta(minutes=plan.open_minutes)),
        plan.host_unit_id,
        audience_id=plan.audience_id,
        unit_ids=plan.unit_ids,
        rules=plan.rules,
    )
    slot.opens_at, slot.lesson_ends_at = one.opens_at, one.lesson_ends_at
    try:
        with session.begin_nested():
            sitting = plan_sitting(session, actor, wanted, consent=_AGREED, **edge)
    except Refusal as refusal:
        _note(session, schedule, slot, refusal, edge["now"])
        return 0
    slot.sitting_id, slot.refusal = sitting.id, None
    session.flush()
    return 1


def _note(session: Session, schedule: QuizSchedule, slot: ScheduledSitting, refusal: Refusal, now: datetime) -> None:
    facts = {name: fact if isinstance(fact, int) else str(fact) for name, fact in refusal.facts.items()}
    slot.refusal = {"message_id": refusal.message_id, "facts": facts}
    session.flush()
    tell_not_made(session, schedule, slot, now=now)


def _follow_lessons(session: Session, actor: Actor, schedule: QuizSchedule, edge: dict[str, Any]) -> None:
    """Move and cancel what has not opened as its lessons were; what the office moved by hand keeps its distance."""
    ahead = (
        select(ScheduledSitting)
        .join(Sitting, Sitting.id == ScheduledSitting.sitting_id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(
            ScheduledSitting.schedule_id == schedule.id,
            Activity.starts_at > edge["now"],
            Activity.status == ActivityStatus.SCHEDULED,
        )
        .options(joinedload(ScheduledSitting.lesson), joinedload(ScheduledSitting.sitting).joinedload(Sitting.activity))
        .order_by(ScheduledSitting.id)
    )
    for slot in session.scalars(ahead).all():
        if slot.lesson is None or slot.sitting is None or slot.lesson_ends_at is None:
            continue
        activity, later = slot.sitting.activity, slot.lesson.ends_at - slot.lesson_ends_at
        about: dict[str, Any] = {"version": activity.version, "now": edge["now"]}
        if slot.lesson.status is ActivityStatus.CANCELLED:
            cancel_activity(session, actor, activity.id, reason=_CANCELLED, **about)
            slot.sitting_id = None  # a lesson that is restored gets another one
        elif later and activity.starts_at + later > edge["now"]:
            span = Span(activity.starts_at, activity.ends_at).shifted(later)
            about |= {"span": span, "consent": _AGREED, "zone": edge["zone"]}
            move_activity(session, actor, activity.id, reason=_MOVED, **about)
            slot.opens_at, slot.lesson_ends_at = slot.opens_at + later, slot.lesson.ends_at
    session.flush()
