"""Many at once: an obligation is changed once and a duty waived once, with the controls that do it more than once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from scheduler.core.database import make_engine, retried, sessions
from scheduler.core.errors import Refusal
from scheduler.obligations import actions, queries
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.terms import Metric
from tests.mentoring.conftest import NOW, TODAY, House
from tests.obligations.stage import SYSTEM, moment, owe, plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.core.database import Sessions

WRITERS = 12


def refused_at_once(database_url: str, act: "Callable[[Sessions, int], object]") -> list[str]:
    """Let twelve writers begin at the same moment; return what those who were refused were told."""
    engine = make_engine(database_url, pool_size=WRITERS)
    database, gate = sessions(engine), threading.Barrier(WRITERS)
    refused: list[str] = []

    def rush(number: int) -> None:
        gate.wait(timeout=60)
        try:
            retried(lambda: act(database, number), attempts=9)
        except Refusal as refusal:
            refused.append(type(refusal).__name__)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(rush, range(WRITERS)))
    engine.dispose()
    return refused


def test_of_many_who_change_what_is_owed_one_does(house: House, database_url: str) -> None:
    with house.cast.database.write() as session:
        one = owe(session, house, Metric.GUIDANCE, number=2)
        key, version = one.id, one.version

    def revise(database: "Sessions", number: int) -> None:
        with database.write() as session:
            queries.get_obligation(session, SYSTEM, key)  # as the page does, before it acts
            later = plan(house, Metric.GUIDANCE, number=3 + number, starts_on=TODAY + timedelta(days=31))
            actions.revise(session, SYSTEM, key, later, version=version, now=NOW)

    assert refused_at_once(database_url, revise) == ["Stale"] * (WRITERS - 1)
    with house.cast.database.read() as session:
        rows = session.scalars(select(Obligation).order_by(Obligation.id)).all()
        assert [(row.replaces_id, row.ends_on) for row in rows] == [(None, rows[1].starts_on), (key, None)]


def test_of_many_who_waive_a_duty_one_does(house: House, database_url: str) -> None:
    with house.cast.database.write() as session:
        key = owe(session, house, Metric.GUIDANCE).id

    def waive(database: "Sessions", number: int) -> None:
        with database.write() as session:
            obligation = queries.get_obligation(session, SYSTEM, key)
            at = moment(obligation)
            actions.waive(session, SYSTEM, obligation, house.pairing_id, f"第{number}人", at=at)

    assert refused_at_once(database_url, waive) == ["Refusal"] * (WRITERS - 1)
    with house.cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Waiver)) == 1


def test_of_many_who_take_a_waiver_back_one_does(house: House, database_url: str) -> None:
    with house.cast.database.write() as session:
        obligation = owe(session, house, Metric.GUIDANCE)
        key = obligation.id
        actions.waive(session, SYSTEM, obligation, house.pairing_id, "援疆", at=moment(obligation))

    def lift(database: "Sessions", _number: int) -> None:
        with database.write() as session:
            obligation = queries.get_obligation(session, SYSTEM, key)
            actions.lift(session, SYSTEM, obligation, house.pairing_id, at=moment(obligation))

    assert refused_at_once(database_url, lift) == ["Missing"] * (WRITERS - 1)


def test_the_control_that_looks_first_waives_more_than_once(house: House, database_url: str) -> None:
    waivers = Table("waivers_without_key", MetaData(), Column("subject_id", Integer))
    waivers.create(house.cast.database.engine)
    looked = threading.Barrier(WRITERS)

    def waive(database: "Sessions", _number: int) -> None:
        with database.read() as session:
            there = session.scalar(select(func.count()).select_from(waivers))
        looked.wait(timeout=60)
        if not there:
            with database.write() as session:
                session.execute(insert(waivers).values(subject_id=1))

    assert refused_at_once(database_url, waive) == []
    with house.cast.database.read() as session:
        assert (session.scalar(select(func.count()).select_from(waivers)) or 0) > 1
