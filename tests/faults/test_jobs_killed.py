"""Four processes run the same jobs and are killed at random: each slot has its effect exactly once, none is missed."""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from scheduler.jobs.actions import take_up_slots
from scheduler.jobs.models import JobSlot
from scheduler.notices.models import Notice
from tests.faults.job_process import LATEST, TICK, run_until_killed

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from scheduler.core.database import Sessions

BEGUN = datetime(2026, 3, 5, 1, tzinfo=UTC)
SLOTS = 60
PROCESSES = 4
SLOTS_PER_KILL = 5
_start_method = multiprocessing.get_context("forkserver")


def test_each_slot_has_its_effect_exactly_once_whoever_is_killed(database: "Sessions", database_url: str) -> None:
    with database.write() as session:  # both jobs ran an hour ago; then all processes were away
        take_up_slots(session, [(TICK, BEGUN), (LATEST, BEGUN)])
    _start_method.set_forkserver_preload([run_until_killed.__module__])
    living = [_start(database_url) for _ in range(PROCESSES)]
    kills = 0
    try:
        while (count := _done(database)) < SLOTS + 3:
            if count // SLOTS_PER_KILL > kills:
                _end(living.pop(0))
                kills += 1
                living.append(_start(database_url))
            living[0].join(timeout=0.01)
            assert all(process.is_alive() for process in living)
    finally:
        for process in living:
            _end(process)
    assert kills >= SLOTS // SLOTS_PER_KILL - 3
    due = [BEGUN + timedelta(minutes=number) for number in range(SLOTS + 1)]
    with database.read() as session:
        effects = Counter(facts["due"] for facts in session.scalars(select(Notice.facts)))
        done = session.scalars(
            select(JobSlot.due_at).where(JobSlot.job == TICK.name, JobSlot.outcome == "done").order_by(JobSlot.due_at)
        ).all()
        latest = {
            slot.due_at: slot.outcome for slot in session.scalars(select(JobSlot).where(JobSlot.job == LATEST.name))
        }
    assert effects == {slot.isoformat(): 2 for slot in due}, "each effect whole and once"
    assert list(done) == due
    assert latest == {BEGUN: "superseded", due[-1]: "done"}


def _start(url: str) -> "ForkServerProcess":
    process = _start_method.Process(target=run_until_killed, args=(url, BEGUN + timedelta(minutes=SLOTS)))
    process.start()
    return process


def _end(process: "ForkServerProcess") -> None:
    process.kill()
    process.join()
    process.close()


def _done(database: "Sessions") -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).where(JobSlot.done_at.is_not(None))).one()
