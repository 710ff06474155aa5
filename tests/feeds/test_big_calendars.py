"""A year of the whole organisation: streamed in batches, the same bytes, and never whole in memory."""

import gzip
import tracemalloc
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityKind, ActivityStatus, Scope, ScopeKind
from scheduler.core import clock
from scheduler.core.periods import day_span
from scheduler.feeds.models import EventText
from scheduler.feeds.views.serving import BATCH, BIG
from tests.cast import Persona
from tests.feeds.reading import rewritten
from tests.feeds.stage import NOW, ZONE, Stage

if TYPE_CHECKING:
    from flask.testing import FlaskClient

COUNT = BIG + BATCH // 2
MIB = 1024 * 1024


def fill(stage: Stage, count: int) -> None:
    """Write activities as they are after an import; nobody attends, for the organisation's calendar asks nobody."""
    first = day_span(date(2026, 3, 2), ZONE).start
    with stage.database.write() as session:
        session.execute(
            insert(Activity),
            [
                {
                    "uid": f"activity-{number}@scheduler.local",
                    "kind": ActivityKind.LECTURE,
                    "title": f"第{number}讲：基层治理与公共服务",
                    "description": "",
                    "starts_at": first + timedelta(minutes=number * 20),
                    "ends_at": first + timedelta(minutes=number * 20 + 90),
                    "status": ActivityStatus.SCHEDULED,
                    "tentative": False,
                    "audience_id": stage.series,
                    "host_unit_id": stage.cast.units["A"],
                    "holds": True,
                    "sequence": 0,
                    "revised_at": NOW,
                    "change_reason": "",
                    "version": 1,
                }
                for number in range(count)
            ],
        )


def test_a_big_calendar_is_streamed_and_the_same(stage: Stage, client: "FlaskClient") -> None:
    fill(stage, COUNT)
    path = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION), alarm_minutes=30)
    cold = stage.fetch(client, path)
    assert cold.is_streamed
    assert "Content-Length" not in cold.headers
    assert cold.data.count(b"BEGIN:VEVENT") == COUNT
    assert rewritten(cold.data) == cold.data
    with stage.database.read() as session:
        assert session.scalar(select(func.count()).select_from(EventText)) == COUNT
    assert stage.fetch(client, path).data == cold.data
    packed = stage.fetch(client, path, Accept_Encoding="gzip")
    assert gzip.decompress(packed.data) == cold.data
    with clock.fixed(stage.now):
        head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", cold.headers["ETag"])
    assert stage.fetch(client, path, If_None_Match=cold.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is measured is our own memory
def test_memory_does_not_grow_with_the_calendar(stage: Stage, client: "FlaskClient") -> None:
    fill(stage, 6 * BIG)
    path = stage.subscribe(Persona.ADMIN, Scope(ScopeKind.ORGANISATION))
    stage.fetch(client, path).get_data()
    tracemalloc.start()
    size = 0
    with clock.fixed(stage.now):
        for piece in client.get(path, buffered=False).iter_encoded():
            size += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 2 * MIB
    assert peak < 4 * MIB
