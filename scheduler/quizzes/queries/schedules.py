"""Schedules, what is to come of them, and what came."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.agenda.models import Activity, Audience
from scheduler.agenda.queries import unit_ids_within
from scheduler.agenda.queries.workdays import work_calendar
from scheduler.agenda.terms import ActivityKind, ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.core.periods import at
from scheduler.people.models import Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Paper, QuizSchedule, ScheduledSitting, ScheduleUnit, Sitting
from scheduler.quizzes.queries.sittings import rules_held
from scheduler.quizzes.rules.rhythm import falls
from scheduler.quizzes.terms.schedules import Beat, Coming, Rhythm, SchedulePlan

_AHEAD = timedelta(days=400)
"""How far to look for what is to come: a year and a holiday."""
_PERIOD = timedelta(days=31)
"""No rhythm rests longer, and no holiday."""
_LESSONS = (ActivityKind.SESSION, ActivityKind.LECTURE, ActivityKind.FIELD)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule as lists show it; `audience` is the class or series, or nothing where units are due."""

    id: int
    name: str
    paper: str
    audience: str | None
    units: int
    beat: Beat
    stopped: bool
    made: int


def list_schedules(session: Session, actor: Actor) -> list[ScheduleRow]:
    """Return the schedules of the units for which `actor` holds sittings, those that run first; one statement."""
    made = select(func.count()).where(
        ScheduledSitting.schedule_id == QuizSchedule.id, ScheduledSitting.sitting_id.is_not(None)
    )
    units = select(func.count()).where(ScheduleUnit.schedule_id == QuizSchedule.id)
    rows = session.execute(
        select(
            QuizSchedule.id,
            QuizSchedule.name,
            Paper.name.label("paper"),
            Audience.name.label("audience"),
            units.correlate(QuizSchedule).scalar_subquery().label("units"),
            QuizSchedule.rhythm,
            QuizSchedule.day,
            QuizSchedule.nth,
            QuizSchedule.weekday,
            QuizSchedule.stopped_at.is_not(None).label("stopped"),
            made.correlate(QuizSchedule).scalar_subquery().label("made"),
        )
        .join(Paper, Paper.id == QuizSchedule.paper_id)
        .outerjoin(Audience, Audience.id == QuizSchedule.audience_id)
        .where(QuizSchedule.host_unit_id.in_(unit_ids_within(actor.scopes(QuizPermission.HOLD))))
        .order_by(QuizSchedule.stopped_at.is_not(None), QuizSchedule.name, QuizSchedule.id)
    )
    return [
        ScheduleRow(
            row.id,
            row.name,
            row.paper,
            row.audience,
            row.units,
            Beat(row.rhythm, row.day, row.nth, row.weekday),
            row.stopped,
            row.made,
        )
        for row in rows
    ]


def get_schedule(session: Session, actor: Actor, schedule_id: int, *, lock: bool = False) -> QuizSchedule:
    """Return a schedule with paper, host and units loaded; refuses with Missing who does not hold sittings of its host."""
    wanted = select(QuizSchedule).options(
        joinedload(QuizSchedule.paper, innerjoin=True),
        joinedload(QuizSchedule.host_unit, innerjoin=True),
        selectinload(QuizSchedule.units),
    )
    wanted = wanted.where(QuizSchedule.id == schedule_id).execution_options(populate_existing=True)
    found = session.scalars(wanted.with_for_update(of=QuizSchedule) if lock else wanted).one_or_none()
    if found is None:
        raise Missing
    actor.require(QuizPermission.HOLD, found.host_unit.path)
    return found


def plan_of(schedule: QuizSchedule) -> SchedulePlan:
    """Return what a schedule is, as it could be planned again."""
    return SchedulePlan(
        schedule.name,
        schedule.paper_id,
        schedule.host_unit_id,
        Beat(schedule.rhythm, schedule.day, schedule.nth, schedule.weekday),
        schedule.first_day,
        schedule.last_day,
        schedule.opens,
        schedule.delay_minutes,
        schedule.open_minutes,
        schedule.lead_days,
        schedule.audience_id,
        tuple(unit.unit_id for unit in schedule.units),
        rules_held(schedule),
    )


def coming(
    session: Session,
    plan: SchedulePlan,
    *,
    zone: ZoneInfo,
    now: datetime,
    until: datetime | None = None,
    most: int | None = None,
) -> list[Coming]:
    """Return what of `plan` opens after `now`, in order: until an instant, and at most so many; one statement."""
    end = min(until or now + _AHEAD, now + _AHEAD)
    if plan.beat.rhythm is Rhythm.LESSON:
        found = _after_lessons(session, plan, zone, now, end)
    else:
        # what falls on a holiday before today may be held today or later; and what comes after the end may meet it there
        begin = max(plan.first_day, now.astimezone(zone).date() - _PERIOD)
        last = end.astimezone(zone).date() + _PERIOD
        workdays = work_calendar(session, begin, last + _PERIOD)
        days = falls(plan.beat, begin, min(last, plan.last_day or last), workdays.is_workday)
        found = [Coming(one.day, at(one.held_on, plan.opens, zone)) for one in days]
    return list(islice((one for one in found if now < one.opens_at <= end), most))


def _after_lessons(session: Session, plan: SchedulePlan, zone: ZoneInfo, now: datetime, end: datetime) -> list[Coming]:
    delay = timedelta(minutes=plan.delay_minutes)
    rows = session.execute(
        select(Activity.id, Activity.title, Activity.ends_at)
        .where(
            Activity.audience_id == plan.audience_id,
            Activity.kind.in_(_LESSONS),
            Activity.status == ActivityStatus.SCHEDULED,
            Activity.ends_at > now - delay,
            Activity.ends_at <= end - delay,
        )
        .order_by(Activity.ends_at, Activity.id)
    )
    ends = [(row, row.ends_at.astimezone(zone).date()) for row in rows]
    last = plan.last_day or date.max
    return [
        Coming(day, row.ends_at + delay, row.id, row.title, row.ends_at)
        for row, day in ends
        if plan.first_day <= day <= last
    ]


def slots_of(session: Session, schedule_id: int, *, since: date) -> list[ScheduledSitting]:
    """Return what came of the days of a schedule since one, in order, with sitting, activity and lesson loaded."""
    return list(
        session.scalars(
            select(ScheduledSitting)
            .where(ScheduledSitting.schedule_id == schedule_id, ScheduledSitting.day >= since)
            .options(
                joinedload(ScheduledSitting.sitting).joinedload(Sitting.activity), joinedload(ScheduledSitting.lesson)
            )
            .order_by(ScheduledSitting.opens_at, ScheduledSitting.id)
        )
    )


def unit_names(session: Session, schedule: QuizSchedule) -> list[str]:
    """Return the names of the units that are due."""
    ids = [unit.unit_id for unit in schedule.units]
    return list(session.scalars(select(Unit.name).where(Unit.id.in_(ids)).order_by(Unit.path)))


@dataclass(frozen=True, slots=True)
class Origin:
    """Which schedule made a sitting, and the lesson that it follows."""

    schedule_id: int
    schedule: str
    lesson_id: int | None
    lesson: str | None


def find_origin(session: Session, sitting_id: int) -> Origin | None:
    """Return where a sitting comes from; None for one that was planned by hand."""
    row = session.execute(
        select(QuizSchedule.id, QuizSchedule.name, Activity.id, Activity.title)
        .join(ScheduledSitting, ScheduledSitting.schedule_id == QuizSchedule.id)
        .outerjoin(Activity, Activity.id == ScheduledSitting.lesson_id)
        .where(ScheduledSitting.sitting_id == sitting_id)
    ).one_or_none()
    return Origin(*row) if row else None
