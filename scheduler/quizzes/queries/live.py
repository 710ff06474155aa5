"""Who is at work at a sitting, who is silent, who has handed in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Attendance
from scheduler.people.models import Person, Unit
from scheduler.quizzes.models import Attempt, Question, Sitting
from scheduler.quizzes.terms.attempts import AttemptState, Doing

_SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One who is due, on the live board: answered questions of all, last sign of life, deadline."""

    person_id: int
    name: str
    unit: str
    state: Doing
    answered: int
    asked: int
    heard_at: datetime | None
    deadline: datetime | None
    attempt_id: int | None


def live_board(session: Session, sitting: Sitting, *, now: datetime) -> tuple[list[LiveRow], Counter[Doing]]:
    """Return everybody who is due, by unit and name, with what they are doing, and the count of each; two statements."""
    answers = (
        select(
            Question.attempt_id,
            func.count().label("asked"),
            func.sum(case((Question.answer != "", 1), else_=0)).label("answered"),
        )
        .join(Attempt, Attempt.id == Question.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
        .group_by(Question.attempt_id)
        .subquery()
    )
    newest = (
        select(Attempt.person_id, func.max(Attempt.number).label("number"))
        .where(Attempt.sitting_id == sitting.id, Attempt.state != AttemptState.ABANDONED)
        .group_by(Attempt.person_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            Unit.name.label("unit"),
            Attempt.id.label("attempt_id"),
            Attempt.ended_at,
            Attempt.heard_at,
            Attempt.deadline,
            answers.c.asked,
            answers.c.answered,
        )
        .select_from(Attendance)
        .join(Person, Person.id == Attendance.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(newest, newest.c.person_id == Person.id)
        .outerjoin(
            Attempt,
            (Attempt.sitting_id == sitting.id) & (Attempt.person_id == Person.id) & (Attempt.number == newest.c.number),
        )
        .outerjoin(answers, answers.c.attempt_id == Attempt.id)
        .where(Attendance.activity_id == sitting.activity_id)
        .order_by(Unit.code, Person.name, Person.id)
    )
    board = [
        LiveRow(
            row.id,
            row.name,
            row.unit,
            _doing(row.attempt_id, row.ended_at, row.heard_at, now),
            row.answered or 0,
            row.asked or 0,
            row.heard_at,
            row.deadline,
            row.attempt_id,
        )
        for row in rows
    ]
    return board, Counter(row.state for row in board)


def _doing(attempt_id: int | None, ended: datetime | None, heard: datetime | None, now: datetime) -> Doing:
    if attempt_id is None:
        return Doing.NOT_STARTED
    if ended is not None:
        return Doing.HANDED_IN
    return Doing.SILENT if heard is None or now - heard > _SILENT_AFTER else Doing.ACTIVE
