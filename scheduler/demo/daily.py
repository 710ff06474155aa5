"""The demo's question a day: the trainee asked for it on the working day before, answered, and has today's."""

from datetime import time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.queries.workdays import work_calendar
from scheduler.core.periods import at
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage
from scheduler.people.models import Person, Unit
from scheduler.people.queries import actor_for
from scheduler.quizzes.actions.daily import answer_daily, ask_everybody, opt_in
from scheduler.quizzes.queries.daily import find_open_question
from scheduler.quizzes.rules.daily import LONGEST_BREAK
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.terms.daily import ASK_AT

_ANSWERS = {ItemKind.TRUE_FALSE: "T", ItemKind.FILL: "两"}


def ask_trainee(session: Session, cast: Cast, stage: Stage) -> None:
    """Ask the trainee who can sign in two questions, and let one be answered."""
    person, path = session.execute(
        select(Person, Unit.path).join(Unit, Unit.id == Person.unit_id).where(Person.id == cast.people["trainee"])
    ).one()
    trainee = actor_for(session, person, path)
    calendar = work_calendar(session, stage.today - LONGEST_BREAK, stage.today)
    day = stage.today - timedelta(days=1)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    began = at(day, time(10), stage.zone)
    opt_in(session, trainee, None, today=day, now=began)
    if asked := find_open_question(session, person.id, day, "zh_CN"):
        sent = _ANSWERS.get(asked.kind, "A")
        answer_daily(session, trainee, day, sent, today=day, now=began + timedelta(minutes=1))
    ask_everybody(session, stage.today, now=min(stage.now, at(stage.today, ASK_AT, stage.zone)))
