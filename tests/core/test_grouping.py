"""One writer for many: what came back is committed, one's error is nobody else's, and all hear of a failed commit."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, func, insert, select
from sqlalchemy.exc import IntegrityError

from scheduler.core.database import make_engine, sessions
from scheduler.core.grouping import AT_ONCE, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

THREADS, EACH = 16, 25
NOTES = Table("note", MetaData(), Column("number", Integer, primary_key=True))
grouping = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL groups by itself


@pytest.fixture
def others(database: "Sessions", database_url: str) -> "Iterator[Sessions]":
    """Yield connections of which the writer knows nothing: they see only what is committed."""
    NOTES.create(database.engine)
    engine = make_engine(database_url, pool_size=THREADS)
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def writer(database: "Sessions", others: "Sessions") -> "Iterator[Writer]":
    del others  # the table
    made = Writer(database)
    yield made
    made.close()


def note(number: int) -> "Callable[[Session], int]":
    def unit(session: "Session") -> int:
        session.execute(insert(NOTES).values(number=number))
        return number

    return unit


def broken(number: int) -> "Callable[[Session], int]":
    return lambda session: note(number)(session) // 0


def there(others: "Sessions", number: int) -> bool:
    with others.read() as session:
        return session.scalar(select(NOTES.c.number).where(NOTES.c.number == number)) is not None


def count(others: "Sessions") -> int:
    with others.read() as session:
        return session.scalar(select(func.count()).select_from(NOTES)) or 0


class Gate:
    """Holds the writer inside a unit, so that others come to wait behind it in a known order."""

    def __init__(self) -> None:
        self.inside, self.open = threading.Event(), threading.Event()

    def __call__(self, _session: "Session") -> None:
        self.inside.set()
        assert self.open.wait(20)


def behind(writer: Writer, *units: "Callable[[Session], object]") -> list[object]:
    """Let units wait together, so that one commit takes them; return what came of each, errors among it."""
    gate = Gate()

    def run(unit: "Callable[[Session], object]") -> object:
        try:
            return writer.run(unit)
        except Exception as error:  # noqa: BLE001 - what the test asks for
            return error

    with ThreadPoolExecutor(1 + len(units)) as pool:
        first = pool.submit(run, gate)
        assert gate.inside.wait(20)
        waiting = []
        for number, unit in enumerate(units, start=1):
            waiting.append(pool.submit(run, unit))
            while writer._queue.qsize() < number:  # noqa: SLF001 - nothing else says that it waits
                threading.Event().wait(0.001)
        gate.open.set()
        first.result()
        return [one.result() for one in waiting]


def test_what_came_back_is_committed_for_everybody_else(writer: Writer, others: "Sessions") -> None:
    def work(thread: int) -> int:
        missing = 0
        for number in range(thread * EACH, (thread + 1) * EACH):
            if number % 5 == 4:
                with pytest.raises(ZeroDivisionError):
                    writer.run(broken(number))
                missing += there(others, number)
            else:
                assert writer.run(note(number)) == number
                missing += not there(others, number)
        return missing

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(work, range(THREADS))) == 0
    assert count(others) == THREADS * EACH * 4 // 5


@grouping
def test_ones_error_leaves_the_work_of_others_in_the_same_commit(writer: Writer, others: "Sessions") -> None:
    commits: list[object] = []
    event.listen(writer._sessions.engine, "commit", commits.append)  # noqa: SLF001 - how many flushes to disk
    found = behind(writer, note(1), note(1), broken(2), note(3))
    assert found[0] == 1
    assert isinstance(found[1], IntegrityError)
    assert isinstance(found[2], ZeroDivisionError)
    assert found[3] == 3
    assert [number for number in range(5) if there(others, number)] == [1, 3]
    assert len(commits) == 1  # of all that waited; the gate writes nothing


@grouping
def test_no_commit_takes_more_than_its_number(writer: Writer, others: "Sessions") -> None:
    commits: list[object] = []
    event.listen(writer._sessions.engine, "commit", commits.append)  # noqa: SLF001 - as above
    assert behind(writer, *(note(number) for number in range(AT_ONCE + 1))) == list(range(AT_ONCE + 1))
    assert count(others) == AT_ONCE + 1
    assert len(commits) == 2


@grouping
def test_a_commit_that_fails_is_told_to_all_who_waited_for_it(writer: Writer, others: "Sessions") -> None:
    engine, fails = writer._sessions.engine, [True]  # noqa: SLF001 - where the disk is

    def disk_is_full(_connection: object) -> None:
        if fails.pop(0):
            msg = "disk is full"
            raise OSError(msg)

    event.listen(engine, "commit", disk_is_full)
    found = behind(writer, note(1), lambda _session: 1 // 0, note(2))
    event.remove(engine, "commit", disk_is_full)
    assert [type(one) for one in found] == [OSError] * 3
    assert count(others) == 0
    assert writer.run(note(4)) == 4  # and the writer lives


def test_closed_it_has_written_what_waited_and_begins_again(writer: Writer, others: "Sessions") -> None:
    for number in range(3):
        writer.run(note(number))
        writer.close()
        writer.close()
    assert count(others) == 3


@grouping
def test_nobody_waits_for_ever_for_a_writer_that_is_being_closed(writer: Writer, others: "Sessions") -> None:
    ended = threading.Event()

    def close() -> None:
        while not ended.is_set():
            writer.close()

    def write(thread: int) -> None:
        for number in range(thread * 50, (thread + 1) * 50):
            writer.run(note(number))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns at every step
    threads = [threading.Thread(target=write, args=(thread,), daemon=True) for thread in range(4)]
    for thread in (threading.Thread(target=close, daemon=True), *threads):
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    ended.set()
    sys.setswitchinterval(interval)
    assert not any(thread.is_alive() for thread in threads)
    assert count(others) == 200


@grouping
def test_outside_writers_wait_for_each_other(writer: Writer, others: "Sessions") -> None:
    def outside(number: int) -> None:
        with others.write() as session:
            note(number)(session)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: outside(number) if number % 2 else writer.run(note(number)), range(60)))
    assert count(others) == 60
