"""Many at once: sixteen writers that begin at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scheduler.core.database import make_engine, retried, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.core.database import Sessions

WRITERS = 16


def at_once(database_url: str, act: "Callable[[Sessions, int], object]") -> None:
    """Let sixteen writers begin at the same moment, each with a connection of its own."""
    engine = make_engine(database_url, pool_size=WRITERS)
    database, gate = sessions(engine), threading.Barrier(WRITERS)

    def rush(number: int) -> None:
        gate.wait(timeout=60)
        retried(lambda: act(database, number), attempts=9)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(rush, range(WRITERS)))
    engine.dispose()
