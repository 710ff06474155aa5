"""The step that gave pairings a programme takes along what was there, and back."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from scheduler.core import migrating
from scheduler.core.database import make_engine
from tests.harness.databases import postgresql_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEP = "0004"
_PAIRINGS = "SELECT id, mentor_id, mentee_id, programme, content_areas, status FROM pairing ORDER BY id"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: "Path") -> "Iterator[Engine]":
    """Yield the engine of an empty database without tables."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        yield engine
        engine.dispose()
        return
    with postgresql_database(request.getfixturevalue("postgresql_server")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_pairings_go_along_up_and_down(bare: Engine) -> None:
    migrating.upgrade(bare, _STEP)
    migrating.downgrade(bare, "-1")
    with bare.execution_options(writing=True).begin() as connection:
        for statement in (
            "INSERT INTO unit (id, code, name, kind, path) VALUES (1, 'U', 'U', 'city', '/1/')",
            (
                "INSERT INTO person (id, staff_no, name, unit_id, post, grade, field, phone, email) "
                "VALUES (1, 'a', 'A', 1, '', '', '', '', ''), (2, 'b', 'B', 1, '', '', '', '', ''), "
                "(3, 'c', 'C', 1, '', '', '', '', '')"
            ),
            (
                "INSERT INTO pairing (id, mentor_id, mentee_id, programme, starts_on, ends_on, content_areas, status) "
                "VALUES (4, 1, 2, '红色导师', '2026-01-01', '2026-12-31', '公文写作', 'active'), "
                "(7, 1, 3, '导师帮带', '2025-01-01', '2025-12-31', '', 'completed')"
            ),
        ):
            connection.execute(text(statement))
        before = connection.execute(text(_PAIRINGS)).all()
    migrating.upgrade(bare, _STEP)
    with bare.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT p.id, m.name_zh, p.status, p.closed_on IS NULL, p.term, p.version FROM pairing AS p "
                "JOIN mentoring_programme AS m ON m.id = p.programme_id ORDER BY p.id"
            )
        ).all()
        assert [tuple(row) for row in rows] == [
            (4, "红色导师", "active", True, 1, 1),
            (7, "导师帮带", "completed", False, 1, 1),
        ]
        counted = "SELECT count(*) FROM {} AS i JOIN mentoring_programme AS m ON m.id = i.programme_id"
        lists = {name: connection.scalar(text(counted.format(name))) for name in ("content_area", "guidance_mode")}
        assert lists == {"content_area": 16, "guidance_mode": 12}
    with bare.execution_options(writing=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO pairing (mentor_id, mentee_id, programme_id, term, starts_on, ends_on, content_areas, goals, "
                "development_plan, status, version) SELECT 3, 1, min(id), 1, '2026-01-01', '2026-12-31', '', '', '', "
                "'active', 1 FROM mentoring_programme"
            )
        )
        assert connection.scalar(text("SELECT max(id) FROM pairing")) == 8, "new rows count on from the old ones"
        connection.execute(text("DELETE FROM pairing WHERE id = 8"))
    migrating.downgrade(bare, "-1")
    with bare.connect() as connection:
        assert connection.execute(text(_PAIRINGS)).all() == before
