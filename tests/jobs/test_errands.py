"""Errands: no transaction is open while they run, and a slot whose errand failed is tried again."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from scheduler.core import clock
from scheduler.jobs.models import JobSlot
from scheduler.jobs.tasks.deliveries import deliveries, postman
from scheduler.jobs.tasks.runner import Errand, Report, Runner
from scheduler.jobs.tasks.works import works
from scheduler.jobs.terms import CatchUp, Every, Job
from scheduler.notices.actions import post
from scheduler.notices.models import Notice, SwitchedOn

if TYPE_CHECKING:
    from flask import Flask

    from scheduler.core.database import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINUTELY = Job("errand", Every(MINUTE), CatchUp.LATEST)


def _run(runner: Runner, now: datetime = NOW) -> Report:
    with clock.fixed(now):
        return runner.run_due()


def _told(database: "Sessions", slot: str = "1", now: datetime = NOW) -> None:
    with database.write() as session:
        post(session, [1], kind="k", subject="s", slot=slot, message_id="m", address="/", now=now)


def test_an_errand_has_transactions_of_its_own(database: "Sessions") -> None:
    seen: list[datetime] = []

    def run(sessions: "Sessions", now: datetime) -> None:
        _told(sessions)  # would wait for the slot's own transaction, were one open
        seen.append(now)

    assert _run(Runner(database, [Errand(MINUTELY, run)], ZONE)) == Report(1, 0)
    assert seen == [NOW]
    with database.read() as session:
        assert session.scalars(select(JobSlot.outcome)).all() == ["done"]


def test_an_errand_that_failed_is_tried_again_and_keeps_what_it_did(
    database: "Sessions", caplog: pytest.LogCaptureFixture
) -> None:
    fails = [True]

    def run(sessions: "Sessions", _now: datetime) -> None:
        _told(sessions)
        if fails.pop():
            raise ConnectionError
        fails.append(False)

    fails.insert(0, False)
    runner = Runner(database, [Errand(MINUTELY, run)], ZONE)
    assert _run(runner) == Report(0, 1)
    assert "ConnectionError" in caplog.text
    with database.write() as session:
        session.execute(update(JobSlot).values(leased_until=datetime(2020, 1, 1, tzinfo=UTC)))
    assert _run(runner) == Report(1, 0)
    with database.read() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


def test_who_lost_the_slot_does_not_finish_it(database: "Sessions", caplog: pytest.LogCaptureFixture) -> None:
    def run(sessions: "Sessions", _now: datetime) -> None:
        with sessions.write() as session:
            session.execute(update(JobSlot).values(attempt=JobSlot.attempt + 1))

    assert _run(Runner(database, [Errand(MINUTELY, run)], ZONE)) == Report(0, 1)
    assert "another process has it" in caplog.text


def test_with_mail_off_what_is_posted_is_settled_and_stays_so(app: "Flask", database: "Sessions") -> None:
    assert postman(app) is None
    with database.write() as session:
        session.add(SwitchedOn(channel="mail", since=NOW))
    _told(database)
    runner = Runner(database, [*works(ZONE), *deliveries(app)], ZONE)
    assert _run(runner).failed == 0
    with database.read() as session:
        row = session.scalars(select(Notice)).one()
        assert (row.mail.value, row.mail_note, row.mail_ended_at) == ("skipped", "Mail was off.", NOW)
        assert session.scalars(select(SwitchedOn)).all() == []
    names = [work.job.name for work in works(ZONE)] + [errand.job.name for errand in deliveries(app)]
    assert len(set(names)) == len(names)
