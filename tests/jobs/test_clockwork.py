import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from scheduler.core.database import make_engine, sessions
from scheduler.jobs.tasks.clockwork import run_forever, wake_in_background
from scheduler.jobs.tasks.runner import Runner, Work
from scheduler.jobs.terms import CatchUp, Every, Job

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.core.database import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
JOB = Job("tick", Every(timedelta(minutes=1)), CatchUp.LATEST)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the runner is tested on both


@on_sqlite
def test_forever_ends_when_it_is_told_to(database: "Sessions") -> None:
    stop = threading.Event()
    run_forever(Runner(database, [Work(JOB, lambda *_: stop.set())], ZONE), stop)
    assert stop.is_set()


def test_a_database_that_is_away_is_waited_for(tmp_path: "Path", caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()

    class Impatient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout == 20
            stop.set()
            self.set()
            return True

    engine = make_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}")
    run_forever(Runner(sessions(engine), [Work(JOB, lambda *_: None)], ZONE), Impatient())
    assert stop.is_set()
    assert "trying again with the next pulse" in caplog.text


@on_sqlite
def test_the_timer_wakes_the_runner_once_for_all_missed_pulses(database: "Sessions") -> None:
    ran = threading.Event()
    timer = wake_in_background(Runner(database, [Work(JOB, lambda *_: ran.set())], ZONE))
    try:
        (job,) = timer.get_jobs()
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert ran.wait(timeout=30), "the first pulse comes at once"
    finally:
        timer.shutdown()
