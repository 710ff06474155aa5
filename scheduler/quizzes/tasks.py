"""What runs by itself, any number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity
from scheduler.agenda.queries.workdays import work_calendar
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.errors import lazy
from scheduler.notices.terms.mail import Enclosure, Outgoing
from scheduler.quizzes.actions import making, results, retraining
from scheduler.quizzes.actions.attempts import sweep
from scheduler.quizzes.actions.daily import ask_everybody
from scheduler.quizzes.actions.grading import grade, ungraded
from scheduler.quizzes.models import Attempt, Sitting
from scheduler.quizzes.queries.attempts import people_of
from scheduler.quizzes.queries.daily import find_open_question
from scheduler.quizzes.queries.grants import allowances
from scheduler.quizzes.terms.attempts import GRACE
from scheduler.quizzes.terms.bank import KIND_NAMES


def sweep_attempts(session: Session, *, now: datetime) -> int:
    """Hand in the attempts that have run out, and grade what was handed in and could not be graded then."""
    swept = sweep(session, now=now)
    waiting = sorted({*swept, *ungraded(session)})
    grade(session, waiting, now=now)
    for sitting_id, people in people_of(session, waiting).items():
        results.follow(session, sitting_id, people, now=now)
    return len(swept)


def close_due(session: Session, *, now: datetime) -> int:
    """Freeze the rosters of the sittings that are over for the last of their people. Returns how many.

    Somebody may have been granted more time, and what is made in the last second may arrive a minute later.
    """
    over = (
        select(Sitting, Activity.ends_at)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(
            Sitting.closed_at.is_(None),
            Activity.ends_at <= now - GRACE,
            Activity.status == ActivityStatus.SCHEDULED,
            ~exists().where(Attempt.sitting_id == Sitting.id, Attempt.ended_at.is_(None)),
        )
        .order_by(Sitting.id)
    )
    found = session.execute(over).all()
    granted = allowances(session, [sitting.id for sitting, _ends in found])
    ready = [sitting for sitting, ends in found if ends + granted.longest(sitting.id) <= now - GRACE]
    return sum(results.close_sitting(session, sitting, now=now) for sitting in ready)


def settle_due(session: Session, *, now: datetime) -> int:
    """Make final what may become so, and propose retraining. Returns how many units became final."""
    closed = select(Sitting).where(Sitting.settled_at.is_(None), Sitting.closed_at <= now).order_by(Sitting.id)
    return sum(results.settle_sitting(session, sitting, now=now) for sitting in session.scalars(closed).all())


def confirm_due(session: Session, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Confirm the orders whose day for it has come. Returns how many."""
    return retraining.confirm_due(session, installation_id=installation_id, zone=zone, now=now)


def make_sittings(session: Session, *, installation_id: str, zone: ZoneInfo, now: datetime) -> int:
    """Make the sittings of the schedules whose time to stand in the calendars has come. Returns how many."""
    return making.make_sittings(session, installation_id=installation_id, zone=zone, now=now)


def ask_daily(session: Session, due_at: datetime, *, zone: ZoneInfo, now: datetime) -> int:
    """Ask the question of a working day; one that is over is not made up for. Returns how many people were asked."""
    today = now.astimezone(zone).date()
    if due_at.astimezone(zone).date() != today or not work_calendar(session, today, today).is_workday(today):
        return 0
    return ask_everybody(session, today, now=now)


def enclose_question(
    session: Session, letter: Outgoing, language: str, now: datetime, *, zone: ZoneInfo
) -> Enclosure | None:
    """Give the mail about a day's question the question and its choices, never the key.

    None where it was answered already, cannot be any more, or no question is wanted any more.
    """
    asked = find_open_question(session, letter.recipient_id, now.astimezone(zone).date(), language)
    if asked is None or asked.day.isoformat() != letter.slot:
        return None
    choices = tuple(f"{letter}. {text}" for letter, text in asked.choices)
    return Enclosure(((KIND_NAMES[asked.kind], asked.stem),), lazy("Answer it"), lines=choices)
