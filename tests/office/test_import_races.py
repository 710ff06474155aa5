"""An import of the year while somebody moves a unit by hand: the tree stays one, and its history says the same."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.core.access import system_actor
from scheduler.office.actions import import_year
from scheduler.office.actions.importing import Progress
from scheduler.people.actions import move_unit
from scheduler.people.models import Unit, UnitPlacement
from tests.office.workbooks import cell, real_year, spoiled

if TYPE_CHECKING:
    from scheduler.core.database import Sessions

SYSTEM = system_actor("test")
NOW, LATER = datetime(2026, 1, 5, 1, tzinfo=UTC), datetime(2026, 1, 6, 1, tzinfo=UTC)
READ = 30
"""Per cent after which an import has compared the workbook with what stands."""


def test_a_unit_that_is_moved_during_an_import_stands_in_one_place(database: "Sessions") -> None:
    _bring(database, real_year())
    movers: list[threading.Thread] = []
    failed: list[BaseException] = []

    def move() -> None:
        try:
            with database.write() as session:
                units = {unit.code: unit for unit in session.scalars(select(Unit))}
                moved = units["A01"]
                move_unit(session, SYSTEM, moved.id, units["B01"].id, version=moved.version, now=LATER)
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            failed.append(error)

    def interfere(per_cent: int) -> None:
        if per_cent == READ:
            movers.append(threading.Thread(target=move))
            movers[0].start()
            movers[0].join(timeout=1)  # as long as an import that did not hold the tree would let it do its work

    _bring(database, spoiled(cell("单位", "B4", "综合办公室")), interfere)
    movers[0].join(timeout=60)
    assert failed == []
    with database.read() as session:
        units = {unit.id: unit for unit in session.scalars(select(Unit))}
        open_places = select(UnitPlacement.unit_id, UnitPlacement.parent_id).where(UnitPlacement.ended_at.is_(None))
        assert dict(session.execute(open_places).all()) == {key: unit.parent_id for key, unit in units.items()}
        for unit in units.values():
            above = units[unit.parent_id].path if unit.parent_id else "/"
            assert unit.path == f"{above}{unit.id}/"
        assert {unit.name for unit in units.values() if unit.code == "A01-01"} == {"综合办公室"}
        assert "B01" in {units[unit.parent_id or 0].code for unit in units.values() if unit.code == "A01"}


def _bring(database: "Sessions", data: bytes, progress: Progress = lambda _per_cent: None) -> None:
    with database.write() as session:
        report = import_year(
            session,
            SYSTEM,
            data,
            good_rows=False,
            dry_run=False,
            installation_id="test",
            zone=ZoneInfo("Asia/Shanghai"),
            now=NOW,
            progress=progress,
        )
    assert report.applied
