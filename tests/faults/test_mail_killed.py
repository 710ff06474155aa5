"""Processes that send mail are killed at the worst moments: nothing is lost, and duplicates are no more than kills."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.notices.actions import post
from scheduler.notices.actions.outbox import switch_mail_on
from scheduler.notices.models import Notice
from scheduler.notices.terms.mail import MailState
from tests.faults.mail_process import NOW, mark_first_until_killed, send_until_killed
from tests.harness.mailbox import Mailbox, free_port, listening

if TYPE_CHECKING:
    from email.message import EmailMessage
    from multiprocessing.context import ForkServerProcess

    from scheduler.core.database import Sessions

NOTICES = 60
MAILS_PER_KILL = 6
PATIENCE = 90
_start_method = multiprocessing.get_context("forkserver")
Run = Callable[[str, int, timedelta], None]
SOON, LATER, NEVER = timedelta(seconds=1), timedelta(seconds=3), timedelta(minutes=5)
"""Leases: how long a killed process's mails wait for another."""


def _post(database: "Sessions") -> None:
    with database.write() as session:
        switch_mail_on(session, now=NOW)
        people = range(1, NOTICES + 1)
        post(session, people, kind="k", subject="s", slot="1", message_id="m", address="/", now=NOW)


def _left(database: "Sessions") -> int:
    with database.read() as session:
        waiting = select(func.count()).where(Notice.mail == MailState.WAITING)
        return session.scalars(waiting).one()


class Crew:
    """Processes that send; each that is killed is followed by another."""

    def __init__(self, run: Run, url: str, port: int, lease: timedelta, size: int) -> None:
        _start_method.set_forkserver_preload([run.__module__])
        self._run, self._arguments = run, (url, port, lease)
        self._living: list[ForkServerProcess] = [self._start() for _ in range(size)]
        self._numbers = [process.pid for process in self._living]
        """Read by the thread of the mail server, which must not touch a process that is being closed."""
        self.kills = 0

    def _start(self) -> "ForkServerProcess":
        process = _start_method.Process(target=self._run, args=self._arguments)
        process.start()
        return process

    def kill(self, client: str) -> None:
        """Kill the process that says it is `client`, in the midst of its conversation."""
        number = int(client.partition(".")[0])
        if number in self._numbers:
            os.kill(number, signal.SIGKILL)
            self.kills += 1

    def tend(self) -> None:
        """Put another in the place of each that has ended."""
        for place, process in enumerate(self._living):
            process.join(timeout=0.02)
            if not process.is_alive():
                self._living[place] = self._start()
                self._numbers[place] = self._living[place].pid
                process.close()

    def end(self) -> None:
        for process in self._living:
            process.kill()
            process.join()
            process.close()


@contextmanager
def _sending(
    run: Run, database: "Sessions", url: str, box: Mailbox, *, lease: timedelta, size: int = 1
) -> "Iterator[Crew]":
    _post(database)
    port = free_port()
    with listening(box, port):
        crew = Crew(run, url, port, lease, size)
        try:
            yield crew
        finally:
            crew.end()


def _tend_until(crew: Crew, done: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 50):
        if done():
            return
        crew.tend()
    pytest.fail("it took too long")


def _ids(box: Mailbox) -> "Counter[str]":
    return Counter(str(mail["Message-ID"]) for mail in box.mails)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("moment", ["before the mail is taken", "after, before the answer"])
def test_nothing_is_lost_and_duplicates_are_no_more_than_kills(
    database: "Sessions", database_url: str, moment: str, size: int
) -> None:
    box, seen = Mailbox(), Counter[str]()
    crews: list[Crew] = []

    def strike(client: str, _mail: "EmailMessage") -> None:
        seen["mails"] += 1
        if seen["mails"] % MAILS_PER_KILL == 0:
            crews[0].kill(client)

    def strike_and_refuse(client: str, mail: "EmailMessage") -> None:
        before = crews[0].kills
        strike(client, mail)
        if crews[0].kills > before:
            raise ConnectionResetError  # the mail is not taken: its sender is no more

    if moment.startswith("before"):
        box.before_taking = strike_and_refuse
    else:
        box.after_taking = strike
    lease = SOON if size == 1 else LATER
    with _sending(send_until_killed, database, database_url, box, lease=lease, size=size) as crew:
        crews.append(crew)
        _tend_until(crew, lambda: _left(database) == 0)
    ids = _ids(box)
    assert crew.kills >= NOTICES // MAILS_PER_KILL - 1
    assert len(ids) == NOTICES, "none is lost"
    duplicates = ids.total() - NOTICES
    assert duplicates <= crew.kills
    if moment.startswith("before"):
        assert duplicates == 0


def test_processes_that_nobody_kills_send_each_mail_once(database: "Sessions", database_url: str) -> None:
    box = Mailbox()
    with _sending(send_until_killed, database, database_url, box, lease=NEVER, size=3) as crew:
        _tend_until(crew, lambda: _left(database) == 0)
    assert _ids(box).total() == len(_ids(box)) == NOTICES
    assert crew.kills == 0


def test_marking_before_sending_does_lose(database: "Sessions", database_url: str) -> None:
    """The control: with the two steps the other way round, the same kills lose mail."""
    box, seen = Mailbox(), Counter[str]()
    crews: list[Crew] = []

    def strike(client: str, _mail: "EmailMessage") -> None:
        seen["mails"] += 1
        if seen["mails"] % MAILS_PER_KILL == 0:
            crews[0].kill(client)
            raise ConnectionResetError

    box.before_taking = strike
    with _sending(mark_first_until_killed, database, database_url, box, lease=SOON) as crew:
        crews.append(crew)
        _tend_until(crew, lambda: _left(database) == 0)
    assert crew.kills >= 5
    assert len(_ids(box)) <= NOTICES - crew.kills  # the last one may be marked and not sent yet when all is marked
