"""Running what is due, once over all processes that share the database."""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.core import clock
from scheduler.core.database import Sessions, retried
from scheduler.jobs.actions import claim_slot, finish_slot, give_back_slot, take_up_slots
from scheduler.jobs.queries import newest_slots
from scheduler.jobs.rules import due_slots, retry_after
from scheduler.jobs.terms import Claim, Job, LeaseLost

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A job with what it does: `run(session, slot_due_at, now)` inside the slot's transaction, set-based, no commit."""

    job: Job
    run: Callable[[Session, datetime, datetime], object]


@dataclass(frozen=True, slots=True)
class Errand:
    """A job that deals with the world outside, so `run(sessions, now)` opens short transactions of its own.

    The slot is noted as done afterwards: a process that is killed in between is followed by another, so `run` must
    claim what it does piece by piece.
    """

    job: Job
    run: Callable[[Sessions, datetime], object]


@dataclass(frozen=True, slots=True)
class Report:
    """What a pass over the due slots came to."""

    done: int
    failed: int


class Runner:
    """One process's hand on the jobs: takes up due slots, claims them one by one, does them."""

    def __init__(
        self,
        sessions: Sessions,
        works: Iterable[Work | Errand],
        zone: ZoneInfo,
        *,
        lease: timedelta = timedelta(minutes=10),
    ) -> None:
        self._sessions = sessions
        self._works = {work.job.name: work for work in works}
        self._zone = zone
        self._lease = lease
        self._owner = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"

    def run_due(self) -> Report:
        """Take up and do all slots that are due by the present clock; a slot that fails is left for later."""
        done = failed = 0
        names = tuple(self._works)
        missed = True
        while missed:
            missed = self._take_up()
            while claim := retried(lambda: self._claim(names)):
                if self._perform(claim):
                    done += 1
                else:
                    failed += 1
        return Report(done, failed)

    def _take_up(self) -> bool:
        """Make the missing slots rows; tell whether there were any (there may be more then)."""
        now = clock.now()
        with self._sessions.read() as session:
            newest = newest_slots(session)
        missing = [
            (work.job, slot)
            for work in self._works.values()
            for slot in due_slots(work.job, newest.get(work.job.name), now, self._zone)
        ]

        def make() -> None:
            with self._sessions.write() as session:
                take_up_slots(session, missing)

        if missing:
            retried(make)
        return bool(missing)

    def _claim(self, names: Sequence[str]) -> Claim | None:
        with self._sessions.write() as session:
            return claim_slot(session, names, owner=self._owner, lease=self._lease, now=clock.now())

    def _perform(self, claim: Claim) -> bool:
        """Do one slot: its effect and the note that it is done are one transaction (an errand has its own). False: it failed or was lost."""
        work = self._works[claim.job]

        def effect() -> None:
            with self._sessions.write() as session:
                finish_slot(session, claim)
                if isinstance(work, Work):
                    work.run(session, claim.due_at, clock.now())

        try:
            if isinstance(work, Errand):
                work.run(self._sessions, clock.now())
            retried(effect)
        except LeaseLost:
            _logger.warning("job %s, slot %s: another process has it", claim.job, claim.due_at)
            return False
        except Exception as error:
            _logger.exception("job %s, slot %s: attempt %s failed", claim.job, claim.due_at, claim.attempt)
            self._give_back(claim, f"failed: {type(error).__name__}")
            return False
        return True

    def _give_back(self, claim: Claim, outcome: str) -> None:
        with self._sessions.write() as session:
            give_back_slot(session, claim, outcome=outcome, retry_after=retry_after(claim.attempt))
