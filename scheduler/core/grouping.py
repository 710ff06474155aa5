"""Many small writes as few transactions: on SQLite one thread writes for all and commits what waits, together.

A commit there is a flush to disk, the same for one save as for sixty; and who waits in a queue is not turned away as who
waits for a lock can be. On PostgreSQL, which groups commits by itself, each unit is a transaction of its own.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from scheduler.core.database import Sessions, retried

AT_ONCE = 64
"""How many units one commit takes at most."""
_T = TypeVar("_T")


@dataclass(slots=True)
class _Waiting:
    unit: Callable[[Session], Any]
    ended: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs units of work in writing transactions; returns only once what a unit did is on disk."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._process = 0

    def run(self, unit: Callable[[Session], _T]) -> _T:
        """Run an idempotent `unit`, which gets a session and neither commits nor rolls back; returns what it returned.

        What it raises is raised here, and then nothing of it was done; the units that share its transaction are untouched.
        """
        if self._sessions.engine.dialect.name != "sqlite":
            return retried(lambda: self._alone(unit))
        waiting = _Waiting(unit)
        with self._starting:  # or it could come to stand behind the word to end, and wait for nobody
            self._start()
            self._queue.put(waiting)
        waiting.ended.wait()
        if waiting.error is not None:
            raise waiting.error
        return cast("_T", waiting.result)

    def _alone(self, unit: Callable[[Session], _T]) -> _T:
        with self._sessions.write() as session:
            return unit(session)

    def close(self) -> None:
        """End the thread once what waits is written; the next unit starts another."""
        with self._starting:
            if self._process == os.getpid():
                self._queue.put(None)
                self._process = 0

    def _start(self) -> None:
        """Start the thread of this process; a server may have forked since the last time."""
        if self._process != os.getpid():
            self._queue = SimpleQueue()
            threading.Thread(target=self._write, args=(self._queue,), name="writer", daemon=True).start()
            self._process = os.getpid()

    def _write(self, queue: SimpleQueue[_Waiting | None]) -> None:
        while (first := queue.get()) is not None:
            batch, ends = [first], False
            while len(batch) < AT_ONCE and not ends:
                try:
                    following = queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    ends = True
                else:
                    batch.append(following)
            self._commit(batch)
            if ends:
                return

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._sessions.write() as session:
                for waiting in batch:
                    try:
                        with session.begin_nested():
                            waiting.result = waiting.unit(session)
                    except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for this unit
                        waiting.error = error
        except BaseException as error:  # noqa: BLE001 - nothing was committed, and all who wait must be told
            for waiting in batch:
                waiting.error = error
        finally:
            for waiting in batch:
                waiting.ended.set()
