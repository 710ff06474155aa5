"""The month: standings of a unit, what came late, and the lock."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from scheduler.core.errors import Missing, Refusal
from scheduler.mentoring import actions, queries
from scheduler.mentoring.models import MonthLock, Programme
from scheduler.people.models import Unit
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, ZONE, House

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def _path(session: "Session", house: House, code: str) -> str:
    return session.get_one(Unit, house.cast.units[code]).path


def test_units_add_up(session: "Session", house: House) -> None:
    house.begin(session, Persona.LECTURER, Persona.STRANGER)  # a mentee of another bureau
    house.file(session, date(2026, 10, 8), key="one")
    house.file(session, date(2026, 10, 9), key="two")

    def found(code: str) -> list[tuple[str, int, int]]:
        standings = queries.unit_standings(session, (_path(session, house, code),), OCTOBER)
        return [(one.mentee, one.counted, one.outstanding) for one in standings]

    assert found("A") == [("田瑞", 2, 0)]
    assert found("B") == [("石川", 0, 2)]
    assert found("CITY") == found("A") + found("B")


def test_the_month_is_read_in_one_statement_whatever_the_pairings(
    session: "Session", house: House, engine: "Engine"
) -> None:
    sent = []
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    paths = (_path(session, house, "CITY"),)
    counts = []
    for mentee in (Persona.FELLOW, Persona.STRANGER, Persona.CHARLIE):
        sent.clear()
        assert queries.unit_standings(session, paths, NOVEMBER)
        counts.append(len(sent))
        session.execute(update(Programme).values(capacity=9))
        session.expire_all()
        house.begin(session, Persona.LECTURER, mentee)
        session.flush()
        paths = (_path(session, house, "CITY"),)
    assert set(counts) == {1}


def test_what_was_filed_after_the_days_of_grace_is_late_and_counts(session: "Session", house: House) -> None:
    in_time = NOW.replace(day=5)
    house.file(session, date(2026, 10, 30), key="one", now=in_time)
    house.file(session, date(2026, 10, 31), key="two", now=in_time + timedelta(days=1))
    paths = (_path(session, house, "A"),)
    assert queries.late_records(session, paths, OCTOBER, ZONE) == {house.pairing_id: 1}
    assert queries.late_records(session, paths, NOVEMBER, ZONE) == {}
    assert queries.unit_standings(session, paths, OCTOBER)[0].counted == 2


def test_a_correction_of_what_was_in_time_is_not_late(session: "Session", house: House) -> None:
    first = house.file(session, date(2026, 10, 30), key="one", now=NOW.replace(day=2))
    mentor = house.actor(session, Persona.MENTOR)
    actions.correct_guidance(session, mentor, first, house.given(date(2026, 10, 30), "更正"), key="two", **EDGE)
    assert queries.late_records(session, (_path(session, house, "A"),), OCTOBER, ZONE) == {}


def test_a_locked_month_takes_nothing_until_it_is_opened(session: "Session", house: House) -> None:
    officer, mentor = house.actor(session, Persona.OFFICER), house.actor(session, Persona.MENTOR)
    record_id = house.file(session, date(2026, 10, 30), key="one")
    lock = actions.lock_month(session, officer, house.cast.units["A"], date(2026, 10, 15), **EDGE)
    assert lock.month == OCTOBER
    with pytest.raises(Refusal, match="month is locked"):
        house.file(session, date(2026, 10, 31), key="two")
    with pytest.raises(Refusal, match="month is locked"):
        actions.withdraw_guidance(session, mentor, record_id, now=NOW)
    with pytest.raises(Refusal, match="month is locked"):
        actions.correct_guidance(session, mentor, record_id, house.given(TODAY, "x"), key="three", **EDGE)
    november = house.file(session, TODAY, key="four")
    with pytest.raises(Refusal, match="month is locked"):
        actions.correct_guidance(session, mentor, november, house.given(date(2026, 10, 20), "x"), key="five", **EDGE)
    with pytest.raises(Refusal, match="Say why"):
        actions.reopen_month(session, officer, lock.id, " ", now=NOW)
    actions.reopen_month(session, officer, lock.id, "补录住院期间的指导", now=NOW)
    session.flush()
    assert house.file(session, date(2026, 10, 31), key="two")
    again = actions.lock_month(session, officer, house.cast.units["A"], OCTOBER, **EDGE)
    assert again.id != lock.id


def test_the_lock_of_the_whole_tree_reaches_every_unit_and_that_of_another_none(
    session: "Session", house: House
) -> None:
    admin = house.actor(session, Persona.ADMIN)
    actions.lock_month(session, admin, house.cast.units["B"], OCTOBER, **EDGE)
    assert house.file(session, date(2026, 10, 30), key="one")
    actions.lock_month(session, admin, house.cast.units["CITY"], OCTOBER, **EDGE)
    with pytest.raises(Refusal, match="month is locked"):
        house.file(session, date(2026, 10, 31), key="two")


def test_what_cannot_be_locked(session: "Session", house: House) -> None:
    officer = house.actor(session, Persona.OFFICER)
    with pytest.raises(Refusal, match="when it is over"):
        actions.lock_month(session, officer, house.cast.units["A"], NOVEMBER, **EDGE)
    with pytest.raises(Missing):
        actions.lock_month(session, officer, house.cast.units["B"], OCTOBER, **EDGE)
    first = actions.lock_month(session, officer, house.cast.units["A"], OCTOBER, **EDGE)
    assert actions.lock_month(session, officer, house.cast.units["A"], OCTOBER, **EDGE) is first


def test_an_officer_does_not_open_the_lock_of_the_office(session: "Session", house: House) -> None:
    admin, officer = house.actor(session, Persona.ADMIN), house.actor(session, Persona.OFFICER)
    lock = actions.lock_month(session, admin, house.cast.units["CITY"], OCTOBER, **EDGE)
    with pytest.raises(Missing):
        actions.reopen_month(session, officer, lock.id, "x", now=NOW)
    assert session.get_one(MonthLock, lock.id).reopened_at is None
