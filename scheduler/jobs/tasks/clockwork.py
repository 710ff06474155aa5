"""What wakes the jobs: a timer in each process, never the memory of what is due (that is in the database)."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.core import clock
from scheduler.jobs.tasks.runner import Report, Runner

_logger = logging.getLogger(__name__)
PULSE = timedelta(seconds=20)
"""How often a process looks for due slots; a slot is late by at most that."""


def wake_in_background(runner: Runner) -> BackgroundScheduler:
    """Start a thread of this process that runs what is due, and return it for those who want to stop it.

    A pulse that was missed is not made up for: the next one finds everything that is due.
    """
    timer = BackgroundScheduler(timezone="UTC")
    timer.add_job(
        _safely(runner.run_due),
        "interval",
        seconds=PULSE.total_seconds(),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=clock.now(),
    )
    timer.start()
    return timer


def run_forever(runner: Runner, stop: Event, *, pulse: timedelta = PULSE) -> None:
    """Run what is due, again and again, until `stop` is set; a database that is away is waited for."""
    run = _safely(runner.run_due)
    _logger.info("woken; looking for due jobs every %s seconds", pulse.total_seconds())
    while not stop.is_set():
        run()
        stop.wait(pulse.total_seconds())


def _safely(run: Callable[[], Report]) -> Callable[[], None]:
    def pulse() -> None:
        try:
            run()
        except Exception:
            _logger.exception("looking for due jobs failed; trying again with the next pulse")

    return pulse
