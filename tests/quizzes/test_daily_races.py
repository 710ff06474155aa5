"""Many workers at once ask everybody one question a day, with the control that asks more; and answers at once."""

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from scheduler.core.errors import Refusal
from scheduler.notices.models import News, Notice
from scheduler.quizzes.actions.daily import answer_daily, ask_everybody, opt_in
from scheduler.quizzes.models import DailyQuestion
from tests.cast import Cast, Persona
from tests.quizzes.daily_bank import NOW, TODAY, crowd, items
from tests.quizzes.rush import WRITERS, at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from scheduler.core.database import Sessions

PEOPLE = 12


def counted(session: "Session", column: "InstrumentedAttribute[int]") -> "Sequence[int]":
    return session.scalars(select(func.count(column)).group_by(column)).all()


def test_sixteen_workers_ask_each_one_question_and_tell_it_once(cast: Cast, database_url: str) -> None:
    with cast.database.write() as session:
        items(session, 40)
        crowd(session, cast, PEOPLE)

    def ask(database: "Sessions", _number: int) -> None:
        with database.write() as session:
            ask_everybody(session, TODAY, now=NOW)

    at_once(database_url, ask)
    with cast.database.read() as session:
        assert session.scalars(select(func.count()).select_from(DailyQuestion)).one() == PEOPLE
        assert counted(session, DailyQuestion.person_id) == [1] * PEOPLE
        assert counted(session, Notice.recipient_id) == [1] * PEOPLE
        assert session.scalars(select(func.count()).select_from(News)).one() == 1


def test_the_control_that_looks_first_asks_more_than_once(cast: Cast, database_url: str) -> None:
    questions = Table("questions_without_key", MetaData(), Column("person_id", Integer), Column("item_id", Integer))
    questions.create(cast.database.engine)
    looked = threading.Barrier(WRITERS)

    def ask(database: "Sessions", number: int) -> None:
        with database.read() as session:
            there = session.scalar(select(func.count()).select_from(questions))
        looked.wait(timeout=60)
        if not there:
            with database.write() as session:
                session.execute(insert(questions).values(person_id=1, item_id=number))

    at_once(database_url, ask)
    with cast.database.read() as session:
        assert session.scalars(select(func.count()).select_from(questions)).one() > 1


def test_of_answers_sent_at_once_one_is_kept(cast: Cast, database_url: str) -> None:
    with cast.database.write() as session:
        items(session, 1)
        trainee = cast.actor(session, Persona.TRAINEE)
        opt_in(session, trainee, None, today=TODAY, now=NOW)
    kept: list[str] = []

    def answer(database: "Sessions", number: int) -> None:
        said = "TF"[number % 2]
        try:
            with database.write() as session:
                answer_daily(session, trainee, TODAY, said, today=TODAY, now=NOW)
        except Refusal:
            return
        kept.append(said)

    at_once(database_url, answer)
    with cast.database.read() as session:
        assert session.scalars(select(DailyQuestion.answer)).all() == kept
        assert len(kept) == 1


def test_a_day_has_one_question_for_whoever_asks(cast: Cast, session: "Session") -> None:
    """The database itself refuses a second one."""
    version_of = items(session, 1)
    assert version_of
    opt_in(session, cast.actor(session, Persona.TRAINEE), None, today=TODAY, now=NOW)
    row = session.scalars(select(DailyQuestion)).one()
    again = {"person_id": row.person_id, "day": date(2026, 3, 5), "item_version_id": row.item_version_id}
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.connection().execute(insert(DailyQuestion), [{**again, "order": "", "asked_at": NOW}])
