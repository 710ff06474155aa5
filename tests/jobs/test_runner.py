from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.core import clock
from scheduler.jobs.actions import claim_slot, clear_slots, finish_slot, give_back_slot, take_up_slots
from scheduler.jobs.models import JobSlot
from scheduler.jobs.tasks.runner import Report, Runner, Work
from scheduler.jobs.tasks.works import works
from scheduler.jobs.terms import CatchUp, Claim, Daily, Every, Job, LeaseLost
from scheduler.notices.models import Notice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 5, 1, tzinfo=UTC)
NIGHTLY = Job("nightly", Daily(time(2)), CatchUp.ALL)
LEASE = timedelta(minutes=5)
DAY = timedelta(days=1)


def _note(session: "Session", due_at: datetime, now: datetime) -> None:
    session.add(
        Notice(
            kind="tick",
            subject="job",
            recipient_id=1,
            slot=due_at.isoformat(),
            message_id="m",
            facts={},
            address="/",
            posted_at=now,
        )
    )


def _runner(
    database: "Sessions", job: Job = NIGHTLY, run: Callable[["Session", datetime, datetime], object] = _note
) -> Runner:
    return Runner(database, [Work(job, run)], ZONE, lease=LEASE)


def _run(runner: Runner, now: datetime) -> Report:
    with clock.fixed(now):
        return runner.run_due()


def _effects(database: "Sessions") -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Notice.slot).order_by(Notice.slot)))


def _slots(database: "Sessions") -> list[JobSlot]:
    with database.read() as session:
        return list(session.scalars(select(JobSlot).order_by(JobSlot.due_at)))


def _claimed(database: "Sessions", owner: str, *, lease: timedelta = LEASE) -> Claim | None:
    with database.write() as session:
        return claim_slot(session, [NIGHTLY.name], owner=owner, lease=lease, now=MORNING)


def _open_slot(database: "Sessions") -> None:
    with database.write() as session:
        take_up_slots(session, [(NIGHTLY, MORNING - timedelta(hours=7))])


def test_what_is_due_runs_once_however_often_one_looks(database: "Sessions") -> None:
    assert _run(_runner(database), MORNING) == Report(1, 0)
    assert _run(_runner(database), MORNING) == Report(0, 0)
    assert _effects(database) == ["2026-03-04T18:00:00+00:00"]
    (slot,) = _slots(database)
    assert (slot.outcome, slot.attempt) == ("done", 1)
    assert slot.done_at


@pytest.mark.parametrize(("catch_up", "runs"), [(CatchUp.ALL, 3), (CatchUp.LATEST, 1)])
def test_an_outage_is_caught_up_as_the_job_says(database: "Sessions", catch_up: CatchUp, runs: int) -> None:
    runner = _runner(database, Job("nightly", Daily(time(2)), catch_up))
    _run(runner, MORNING)
    assert _run(runner, MORNING + 3 * DAY) == Report(runs, 0)
    assert _effects(database)[-1] == "2026-03-07T18:00:00+00:00"
    assert len(_effects(database)) == 1 + runs


def test_a_long_outage_is_caught_up_in_portions_to_the_end(database: "Sessions") -> None:
    runner = _runner(database, Job("minutely", Every(timedelta(minutes=1)), CatchUp.ALL))
    _run(runner, MORNING)
    assert _run(runner, MORNING + timedelta(minutes=520)) == Report(520, 0)


def test_a_failure_undoes_the_effect_and_is_tried_again_later(
    database: "Sessions", caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: "Session", due_at: datetime, now: datetime) -> None:
        _note(session, due_at, now)
        session.flush()
        msg = "no luck"
        raise ValueError(msg)

    assert _run(_runner(database, run=fail), MORNING) == Report(0, 1)
    assert _effects(database) == []
    (slot,) = _slots(database)
    assert (slot.outcome, slot.attempt, slot.owner, slot.done_at) == ("failed: ValueError", 1, None, None)
    assert slot.leased_until
    assert "no luck" in caplog.text
    assert _run(_runner(database), MORNING) == Report(0, 0)  # left alone for a minute
    _let_lease_pass(database)
    assert _run(_runner(database), MORNING) == Report(1, 0)
    assert len(_effects(database)) == 1


def _let_lease_pass(database: "Sessions") -> None:
    with database.write() as session:
        for slot in session.scalars(select(JobSlot).where(JobSlot.done_at.is_(None))):
            slot.leased_until = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_slot_is_in_one_hand_at_a_time(database: "Sessions") -> None:
    _open_slot(database)
    claim = _claimed(database, "one")
    assert claim == Claim(1, "nightly", MORNING - timedelta(hours=7), "one", 1)
    assert _claimed(database, "other") is None
    _let_lease_pass(database)
    later = _claimed(database, "other")
    assert later
    assert later.attempt == 2


def test_who_lost_the_lease_cannot_finish_nor_give_back(database: "Sessions") -> None:
    _open_slot(database)
    slow = _claimed(database, "slow")
    _let_lease_pass(database)
    quick = _claimed(database, "quick")
    assert slow
    assert quick
    with pytest.raises(LeaseLost), database.write() as session:
        finish_slot(session, slow)
    with database.write() as session:
        give_back_slot(session, slow, outcome="failed: late", retry_after=LEASE)
        finish_slot(session, quick)
    (slot,) = _slots(database)
    assert (slot.owner, slot.outcome) == ("quick", "done")
    with pytest.raises(LeaseLost), database.write() as session:
        finish_slot(session, quick)


def test_the_same_owner_in_a_later_attempt_is_another_hand(database: "Sessions") -> None:
    _open_slot(database)
    first = _claimed(database, "same")
    _let_lease_pass(database)
    _claimed(database, "same")
    assert first
    with pytest.raises(LeaseLost), database.write() as session:
        finish_slot(session, first)


def test_an_effect_whose_lease_was_lost_is_undone(database: "Sessions") -> None:
    runner = _runner(database)

    def overtaken(session: "Session", due_at: datetime, now: datetime) -> None:
        _note(session, due_at, now)
        raise LeaseLost

    assert _run(_runner(database, run=overtaken), MORNING) == Report(0, 1)
    assert _effects(database) == []
    _let_lease_pass(database)
    assert _run(runner, MORNING) == Report(1, 0)


def test_a_process_takes_only_jobs_that_it_knows(database: "Sessions") -> None:
    _open_slot(database)
    other = Job("other", Daily(time(2)), CatchUp.LATEST)
    assert _run(_runner(database, other), MORNING) == Report(1, 0)
    assert [slot.done_at is None for slot in _slots(database) if slot.job == "nightly"] == [True]


def test_a_newer_slot_puts_an_end_to_those_before_it_that_nobody_is_at(database: "Sessions") -> None:
    latest = Job("nightly", Daily(time(2)), CatchUp.LATEST)
    with database.write() as session:
        take_up_slots(session, [(latest, MORNING - DAY)])
        take_up_slots(session, [(latest, MORNING)])
        take_up_slots(session, [(latest, MORNING)])
    assert [slot.outcome for slot in _slots(database)] == ["superseded", ""]
    _claimed(database, "somebody")
    with database.write() as session:
        take_up_slots(session, [(latest, MORNING + DAY)])
        take_up_slots(session, [])
    assert [slot.outcome for slot in _slots(database)] == ["superseded", "", ""]


def test_old_slots_are_cleared_but_never_the_newest_of_a_job(database: "Sessions") -> None:
    runner = _runner(database)
    for days in range(4):
        _run(runner, MORNING + days * DAY)
    with database.write() as session:
        clear_slots(session, before=MORNING + 9 * DAY)
    assert len(_slots(database)) == 1
    assert _run(runner, MORNING + 3 * DAY) == Report(0, 0)


def test_all_the_products_own_work_runs_and_runs_again(database: "Sessions") -> None:
    runner = Runner(database, works(ZONE), ZONE)
    assert _run(runner, MORNING) == Report(len(works(ZONE)), 0)
    assert _run(runner, MORNING + DAY) == Report(len(works(ZONE)), 0)
    assert len({work.job.name for work in works(ZONE)}) == len(works(ZONE))
