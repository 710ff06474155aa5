"""The demo's classes: three over, one running, three to come, one a draft; one session moved yesterday."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.agenda.queries import WorkCalendar, work_calendar
from scheduler.agenda.terms import Consent
from scheduler.classes.actions import add_session, create_class, enrol_people, move_session, publish_class
from scheduler.classes.models import StudyClass
from scheduler.classes.queries import sessions_of
from scheduler.classes.rules import HOURS
from scheduler.classes.terms import ClassMode, ClassPlan, PartOfDay, SessionPlan, TeachingMode
from scheduler.core.access import Actor
from scheduler.demo import words
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage, days_in_week

_AGREED = Consent(confirmed=True)
_PLACES = 40
_ROSTER = 30
_RUNNING = 3
_MOVED = 4
_FRESH = 5
_HALF_DAY_HOURS = 4
_VENUES = ("XV02", "XV03", "XV04")
_COURSE = (
    ("{theme}：形势与政策", TeachingMode.LECTURE),
    ("{theme}：政策工具与案例", TeachingMode.LECTURE),
    ("{theme}案例研讨", TeachingMode.SEMINAR),
    ("{theme}现场教学", TeachingMode.FIELD),
    ("{theme}：经验交流", TeachingMode.SEMINAR),
    ("{theme}结业测试", TeachingMode.TEST),
)


def plan_classes(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    """Plan, fill and publish the classes; the fresh one was published two days ago, the last is still a draft."""
    calendar = work_calendar(session, stage.monday(-14), stage.monday(14))
    for number, (theme, week) in enumerate(words.CLASSES):
        slots = _running_slots(stage, calendar) if number == _RUNNING else _block_slots(stage.monday(week), calendar)
        created = _create(session, actor, cast, stage, number, theme, slots)
        if number + 1 == len(words.CLASSES):
            continue
        roster = [*cast.trainees[number * 9 : number * 9 + _ROSTER - 1], cast.people["trainee"]]
        if number == _RUNNING:
            roster.append(cast.people["mentor"])
        enrol_people(
            session,
            actor,
            created.id,
            list(dict.fromkeys(roster)),
            consent=_AGREED,
            zone=stage.zone,
            now=stage.then,
        )
        published_at = stage.now - timedelta(days=2) if number == _FRESH else stage.then
        _publish(session, actor, created, now=published_at)
        if number == _MOVED:
            _move_last(session, actor, created, stage, calendar)


def _running_slots(stage: Stage, calendar: WorkCalendar) -> list[tuple[date, PartOfDay]]:
    """Return half days of last week, this week and next week: always something this week, whatever the date."""
    return [
        (day, PartOfDay.AFTERNOON)
        for week in (-1, 0, 1)
        for day in days_in_week(stage.monday(week), 5, calendar.is_workday)[::2]
    ]


def _block_slots(monday: date, calendar: WorkCalendar) -> list[tuple[date, PartOfDay]]:
    """Return mornings and afternoons of three days."""
    days = days_in_week(monday, 3, calendar.is_workday)
    return [(day, part) for day in days for part in (PartOfDay.MORNING, PartOfDay.AFTERNOON)]


def _create(
    session: Session,
    actor: Actor,
    cast: Cast,
    stage: Stage,
    number: int,
    theme: str,
    slots: list[tuple[date, PartOfDay]],
) -> StudyClass:
    plan = ClassPlan(
        f"{slots[0][0].year}-D{number + 1:02d}",
        f"{theme}专题研修班",
        cast.units["X"],
        slots[0][0],
        slots[-1][0],
        _PLACES,
        theme,
        cast.units["X01"],
        1,
        len(slots) * _HALF_DAY_HOURS,
        ClassMode.PART_TIME if number == _RUNNING else ClassMode.FULL_TIME,
        48000.0,
    )
    created = create_class(session, actor, plan, now=stage.then)
    for place, (day, part) in enumerate(slots):
        add_session(
            session,
            actor,
            created.id,
            _session(cast, number, place, theme, day, part),
            consent=_AGREED,
            installation_id=stage.installation_id,
            zone=stage.zone,
            now=stage.then,
        )
    return created


def _session(cast: Cast, number: int, place: int, theme: str, day: date, part: PartOfDay) -> SessionPlan:
    topic, mode = _COURSE[place % len(_COURSE)]
    venue = "XV07" if mode is TeachingMode.FIELD else _VENUES[number % len(_VENUES)]
    # the lecturer who can sign in teaches in every week of the running class
    own = number == _RUNNING
    lecturer = cast.lecturers[0] if own else cast.lecturers[1 + (number * 5 + place) % (len(cast.lecturers) - 1)]
    starts, ends = HOURS[part]
    return SessionPlan(day, part, starts, ends, topic.format(theme=theme), (lecturer,), cast.venues[venue], mode)


def _publish(session: Session, actor: Actor, created: StudyClass, *, now: datetime) -> None:
    session.refresh(created)
    drafts = [row.activity_id for row in sessions_of(session, created.id, with_drafts=True) if row.is_draft]
    publish_class(session, actor, created.id, version=created.version, shown=drafts, now=now)


def _move_last(session: Session, actor: Actor, created: StudyClass, stage: Stage, calendar: WorkCalendar) -> None:
    """Move the last session to the next working day; that is news."""
    last = sessions_of(session, created.id, with_drafts=True)[-1]
    day = last.starts_at.astimezone(stage.zone).date() + timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    starts, ends = HOURS[last.part_of_day]
    plan = SessionPlan(day, last.part_of_day, starts, ends, last.title, (), last.venue_id, last.teaching_mode)
    move_session(
        session,
        actor,
        created.id,
        last.id,
        plan,
        version=last.version,
        reason="场地设备检修",
        consent=_AGREED,
        zone=stage.zone,
        now=stage.now - timedelta(days=1),
    )
