"""A process that imports a year and stands still at a given point, there to be killed by test_import_killed.py."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

from scheduler.core.access import system_actor
from scheduler.core.database import make_engine, sessions
from scheduler.models import load_models
from scheduler.office.actions import import_year

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from scheduler.core.database import Sessions
    from scheduler.office.actions.importing import Progress
    from scheduler.office.terms.report import ImportReport

load_models()  # once, in the server that the processes are forked from
BEFORE_COMMIT = 101


def bring_in(database: "Sessions", data: bytes, progress: "Progress") -> "ImportReport":
    """Import `data` as the browser and the command do: in one transaction."""
    with database.write() as session:
        report = import_year(
            session,
            system_actor("test"),
            data,
            good_rows=False,
            dry_run=False,
            installation_id="test",
            zone=ZoneInfo("Asia/Shanghai"),
            now=datetime(2026, 1, 5, 1, tzinfo=UTC),
            progress=progress,
        )
        session.flush()
        progress(BEFORE_COMMIT)
    return report


def stand_still_at(url: str, data: bytes, point: int, told: "Connection") -> None:
    """Begin to import, and at `point` per cent tell so and wait for the end."""

    def stand_still() -> NoReturn:
        told.send(point)
        while True:
            threading.Event().wait()

    bring_in(
        sessions(make_engine(url, pool_size=1)), data, lambda per_cent: stand_still() if per_cent >= point else None
    )
