import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from scheduler.core import clock
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.workbooks import UnreadableWorkbook
from scheduler.office.actions import claim, discard_import, finish, resume_import, start_import, upload_workbook
from scheduler.office.actions.uploads import LEASE, note_progress
from scheduler.office.models import YearImport
from scheduler.office.tasks import run_import
from scheduler.office.terms import ImportState
from scheduler.people.models import Person, Unit
from tests.cast import Cast, Persona
from tests.office.workbooks import small

if TYPE_CHECKING:
    from scheduler.core.database import Sessions

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).resolve().parents[2]
UNITS = [["单位编码", "单位名称", "上级编码", "类型"], ["C", "水利局", "CITY", "市直部门"]]
PEOPLE = [["工号", "姓名", "单位编码"], ["P1", "张三", "C"]]
GOOD = small(单位=UNITS, 人员=PEOPLE)
MIXED = small(单位=UNITS, 人员=[*PEOPLE, ["P2", "李四", "D"]])


def upload(cast: Cast, data: bytes = GOOD) -> int:
    with cast.database.write() as session:
        return upload_workbook(session, cast.actor(session, Persona.ADMIN), r"C:\tmp\year.xlsx", data, now=NOW).id


def run(database: "Sessions", import_id: int, at: datetime = NOW) -> YearImport:
    with clock.fixed(at):
        run_import(database, import_id, installation_id="test", zone=ZONE)
    return state_of(database, import_id)


def state_of(database: "Sessions", import_id: int) -> YearImport:
    with database.read() as session:
        row = session.get_one(YearImport, import_id)
        session.expunge(row)
        return row


def people(database: "Sessions") -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def start(cast: Cast, import_id: int, *, good_rows: bool = False) -> None:
    with cast.database.write() as session:
        start_import(session, cast.actor(session, Persona.ADMIN), import_id, good_rows=good_rows, now=NOW)


def test_an_upload_is_checked_then_imported(database: "Sessions", cast: Cast) -> None:
    import_id, before = upload(cast), people(database)
    checked = run(database, import_id)
    assert (checked.state, checked.progress, checked.file_name) == (ImportState.CHECKED, 100, "year.xlsx")
    assert checked.report["sheets"]["people"]["new"] == 1
    assert people(database) == before
    start(cast, import_id)
    done = run(database, import_id)
    assert (done.state, done.finished_at, done.report["applied"]) == (ImportState.DONE, NOW, True)
    assert people(database) == before + 1
    assert run(database, import_id).attempt == done.attempt


def test_good_rows_only_if_asked_for(database: "Sessions", cast: Cast) -> None:
    import_id, before = upload(cast, MIXED), people(database)
    assert run(database, import_id).report["error_count"] == 1
    start(cast, import_id)
    assert run(database, import_id).state is ImportState.CHECKED
    assert people(database) == before
    start(cast, import_id, good_rows=True)
    assert run(database, import_id).state is ImportState.DONE
    assert people(database) == before + 1


def test_a_discarded_upload_is_not_worked_on(database: "Sessions", cast: Cast) -> None:
    import_id, before = upload(cast), people(database)
    run(database, import_id)
    start(cast, import_id)
    with database.write() as session:
        row = claim(session, import_id, now=NOW)
    assert row is not None
    token = row.attempt
    with database.write() as session:
        discard_import(session, cast.actor(session, Persona.ADMIN), import_id, now=NOW)
    with database.write() as session:
        assert not note_progress(session, import_id, token, 50, now=NOW)
        with pytest.raises(Stale):
            finish(session, import_id, token, ImportState.DONE, {}, now=NOW)
    assert run(database, import_id).state is ImportState.DISCARDED
    assert people(database) == before
    with database.write() as session, pytest.raises(Stale):
        discard_import(session, cast.actor(session, Persona.ADMIN), import_id, now=NOW)
    with database.write() as session, pytest.raises(Stale):
        start_import(session, cast.actor(session, Persona.ADMIN), import_id, good_rows=False, now=NOW)


def test_a_silent_worker_loses_its_work_after_the_lease(database: "Sessions", cast: Cast) -> None:
    import_id = upload(cast)
    with database.write() as session:
        assert claim(session, import_id, now=NOW)
    with database.write() as session:
        assert claim(session, import_id, now=NOW + LEASE / 2) is None
        with pytest.raises(Refusal, match="not waiting"):
            resume_import(session, cast.actor(session, Persona.ADMIN), import_id, now=NOW)
    late = NOW + LEASE + timedelta(seconds=1)
    with database.write() as session:
        resume_import(session, cast.actor(session, Persona.ADMIN), import_id, now=late)
    assert run(database, import_id, late).state is ImportState.CHECKED


def test_a_failure_is_kept_and_can_be_tried_again(database: "Sessions", cast: Cast) -> None:
    import_id = upload(cast)
    with database.write() as session:
        session.get_one(YearImport, import_id).content = b"PK\x03\x04 broken"
    failed = run(database, import_id)
    assert failed.state is ImportState.FAILED
    assert "cannot be opened" in failed.report["failed"]["message_id"]
    with database.write() as session:
        resume_import(session, cast.actor(session, Persona.ADMIN), import_id, now=NOW)
        session.get_one(YearImport, import_id).content = GOOD
    assert run(database, import_id).state is ImportState.CHECKED


def test_who_left_imports_nothing(database: "Sessions", cast: Cast) -> None:
    import_id = upload(cast)
    with database.write() as session:
        session.get_one(Person, cast.people[Persona.ADMIN]).left_at = NOW
    assert run(database, import_id).state is ImportState.FAILED


def test_only_admins_upload_and_only_workbooks(cast: Cast) -> None:
    with cast.database.write() as session, pytest.raises(Missing):
        upload_workbook(session, cast.actor(session, Persona.OFFICER), "x.xlsx", GOOD, now=NOW)
    with pytest.raises(UnreadableWorkbook):
        upload(cast, b"not a workbook")


_KILLED = """
import os, signal, sys
from zoneinfo import ZoneInfo
from scheduler.models import load_models
load_models()
from scheduler.core.database import make_engine, sessions
from scheduler.office import tasks
from scheduler.office.actions import importing

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

importing._STEPS = (*importing._STEPS[:2], importing._Step(0, die))
tasks.run_import(sessions(make_engine(sys.argv[1])), int(sys.argv[2]), installation_id="test", zone=ZoneInfo("Asia/Shanghai"))
"""


def test_a_process_killed_while_it_imports_leaves_nothing_half_done(
    database: "Sessions", cast: Cast, database_url: str
) -> None:
    import_id, before = upload(cast), people(database)
    run(database, import_id)
    start(cast, import_id)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, database_url, str(import_id)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL
    assert people(database) == before
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Unit.code == "C")) == 0
    interrupted = state_of(database, import_id)
    assert interrupted.state is ImportState.IMPORTING
    assert interrupted.leased_until
    late = interrupted.leased_until + timedelta(seconds=1)
    with database.write() as session:
        resume_import(session, cast.actor(session, Persona.ADMIN), import_id, now=late)
    assert run(database, import_id, late).state is ImportState.DONE
    assert people(database) == before + 1
