"""A page asks the database as often with three rows as with one."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from scheduler.agenda.terms import Consent
from scheduler.classes import actions
from scheduler.core import clock
from tests.cast import Persona
from tests.classes.conftest import EDGE, NOW, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both

AGREED = Consent(confirmed=True)
CEILINGS = {"/classes": 8, "/classes/1": 12, "/classes/1/roster": 8, "/classes/1/publish": 12, "/classes/1/edit": 10}
"""With the two or three statements that find out who is signed in."""


def _add(stage: Stage, number: int) -> None:
    with stage.cast.database.write() as session:
        day = date(2026, 3, 10 + number)
        plan = stage.class_plan(code=f"C-{number}", capacity=50, starts_on=day, ends_on=day)
        made = actions.create_class(session, stage.admin(session), plan, now=NOW)
        owner_id = 1 if number else made.id
        stage.add(session, owner_id, stage.session_plan(day))
        actions.enrol_people(session, stage.admin(session), owner_id, [stage.crowd[number]], **EDGE)


@contextmanager
def _noted(app: "Flask") -> "Iterator[list[str]]":
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _counted(app: "Flask", browser: "FlaskClient", address: str) -> int:
    with _noted(app) as sent:
        assert browser.get(address).status_code == 200
    return len(sent)


def test_statements_do_not_grow_with_the_rows(app: "Flask", stage: Stage) -> None:
    with clock.fixed(NOW):
        browser = stage.cast.sign_in(app.test_client(), Persona.ADMIN)
        _add(stage, 0)
        browser.get("/classes")
        one = {address: _counted(app, browser, address) for address in CEILINGS}
        _add(stage, 1)
        _add(stage, 2)
        three = {address: _counted(app, browser, address) for address in CEILINGS}
    assert three == one
    assert {address: count for address, count in three.items() if count > CEILINGS[address]} == {}


def test_a_timetable_is_stored_in_ten_statements_however_long(app: "Flask", stage: Stage) -> None:
    counts = []
    for first, sessions in ((date(2026, 3, 10), 3), (date(2026, 4, 10), 30)):
        with stage.cast.database.write() as session:
            made = stage.make_class(session, code=f"L-{sessions}", starts_on=first, ends_on=first, capacity=20)
            actions.enrol_people(session, stage.admin(session), made.id, stage.crowd, **EDGE)
        plans = [(made.id, stage.session_plan(first + timedelta(days=day))) for day in range(sessions)]
        with stage.cast.database.read() as session:
            planner = stage.admin(session)
        with _noted(app) as sent, stage.cast.database.write() as session:
            done = actions.import_sessions(session, planner, plans, consent=AGREED, installation_id="test", **EDGE)
        assert (done.created, len(set(done.ids))) == (sessions, sessions)
        counts.append(len([statement for statement in sent if not statement.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 10
