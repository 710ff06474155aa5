import json
import os
import shutil
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from scheduler.audit.actions import record
from scheduler.audit.queries import verify
from scheduler.core import backup, schema
from scheduler.core.access import system_actor
from scheduler.core.backup import BackupRefused, Manifest, manifest_path
from scheduler.core.backup.postgresql import NoTool
from scheduler.core.database import make_engine, sessions
from scheduler.core.digests import digest_tables
from scheduler.notices.models import Notice
from tests.harness import postgresql as servers
from tests.harness.databases import postgresql_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tests' server came from a wheel, its tools are there too."""
    bundled = servers.bundled()
    if not servers.installed() and bundled:
        monkeypatch.setenv("PATH", str(bundled), prepend=os.pathsep)


@pytest.fixture
def empty(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> "Iterator[Engine]":
    """Yield an empty database of the same engine, without tables."""
    if engine.dialect.name == "sqlite":
        other = make_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
        yield other
        other.dispose()
        return
    with postgresql_database(request.getfixturevalue("postgresql_server")) as url:
        other = make_engine(url)
        yield other
        other.dispose()


def _write(database: "Sessions", subject: str) -> None:
    """One act: two notices and an entry; a backup that caught it half would show an odd number."""
    with database.write() as session:
        for half in (1, 2):
            session.add(
                Notice(
                    kind="写",
                    subject=subject,
                    recipient_id=half,
                    slot="",
                    message_id="m",
                    facts={"b": 1, "a": None},
                    address="/",
                    posted_at=NOW + timedelta(microseconds=half),
                )
            )
        record(session, system_actor("test"), "write", "notice", subject, now=NOW)


def _digests(engine: Engine) -> object:
    with engine.connect() as connection:
        return digest_tables(connection)


def _backed_up(database: "Sessions", target: Path) -> Manifest:
    return backup.back_up(database.engine, target, now=NOW)


def test_what_was_backed_up_comes_back_equal(database: "Sessions", empty: Engine, tmp_path: Path) -> None:
    for subject in ("1", "2", "3"):
        _write(database, subject)
    before = _digests(database.engine)
    manifest = _backed_up(database, tmp_path / "backup")
    assert backup.restore(empty, tmp_path / "backup") == manifest
    assert _digests(empty) == before == manifest.tables
    restored = sessions(empty)
    with restored.read() as session:
        assert (verify(session).entries, verify(session).broken_at) == (3, None)
        assert schema.is_current(session.connection())
    _write(restored, "life goes on")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) & 0o077 == 0


def test_a_backup_under_write_holds_whole_acts_only(database: "Sessions", empty: Engine, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def keep_writing() -> None:
        while not stop.is_set():
            _write(database, str(len(written)))
            written.append(1)

    writers = [threading.Thread(target=keep_writing)]
    writers[0].start()
    try:
        while len(written) < 5:
            stop.wait(0.01)
        manifest = _backed_up(database, tmp_path / "backup")
        during = len(written)
        while len(written) == during:
            stop.wait(0.01)
    finally:
        stop.set()
        writers[0].join()
    backup.restore(empty, tmp_path / "backup")
    assert _digests(empty) == manifest.tables
    assert manifest.tables["notice"].rows == 2 * manifest.tables["audit_entry"].rows
    assert 5 <= manifest.tables["audit_entry"].rows < len(written)
    with sessions(empty).read() as session:
        assert verify(session).broken_at is None


def test_a_database_with_rows_is_replaced_only_if_that_is_meant(database: "Sessions", tmp_path: Path) -> None:
    _write(database, "kept")
    manifest = _backed_up(database, tmp_path / "backup")
    _write(database, "later")
    before = _digests(database.engine)
    with pytest.raises(BackupRefused, match="not empty"):
        backup.restore(database.engine, tmp_path / "backup")
    assert _digests(database.engine) == before
    backup.restore(database.engine, tmp_path / "backup", over_rows=True)
    assert _digests(database.engine) == manifest.tables


def test_nothing_is_written_over(database: "Sessions", tmp_path: Path) -> None:
    _backed_up(database, tmp_path / "backup")
    with pytest.raises(BackupRefused, match="there already"):
        _backed_up(database, tmp_path / "backup")
    with pytest.raises(BackupRefused, match="no folder"):
        _backed_up(database, tmp_path / "missing" / "backup")
    (tmp_path / "second.json").touch()
    with pytest.raises(BackupRefused, match="there already"):
        _backed_up(database, tmp_path / "second")
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".partial"]


def test_a_file_that_was_changed_is_not_restored(database: "Sessions", empty: Engine, tmp_path: Path) -> None:
    _backed_up(database, tmp_path / "backup")
    with (tmp_path / "backup").open("r+b") as file:
        file.seek(-10, os.SEEK_END)
        file.write(b"0123456789")
    with pytest.raises(BackupRefused, match="damaged"):
        backup.restore(empty, tmp_path / "backup")
    assert _digests(empty) == {}


def test_a_file_that_says_less_than_its_manifest_is_told(database: "Sessions", empty: Engine, tmp_path: Path) -> None:
    _write(database, "1")
    _backed_up(database, tmp_path / "backup")
    manifest = json.loads(manifest_path(tmp_path / "backup").read_text(encoding="utf-8"))
    manifest["tables"]["notice"]["rows"] = 99
    manifest_path(tmp_path / "backup").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BackupRefused, match=r"not the same: notice\."):
        backup.restore(empty, tmp_path / "backup")


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}", '{"tables": {"x": 1}}'])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # never comes to the engine
def test_what_is_no_backup_is_refused(engine: Engine, tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "x.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(BackupRefused, match="no backup"):
        backup.restore(engine, tmp_path / "x")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # towards the other one
def test_the_other_engines_backup_is_refused(database: "Sessions", postgresql_url: str, tmp_path: Path) -> None:
    _backed_up(database, tmp_path / "backup")
    other = make_engine(postgresql_url)
    with pytest.raises(BackupRefused, match="another engine: sqlite"):
        backup.restore(other, tmp_path / "backup")
    other.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # only there are tools needed
def test_a_tool_that_fails_is_quoted(database: "Sessions", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin" / "pg_dump"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'no such server' >&2\nexit 1\n", encoding="ascii")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    with pytest.raises(NoTool, match="pg_dump failed: no such server"):
        _backed_up(database, tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(NoTool, match="pg_dump is not on this machine"):
        backup.postgresql.copy_out(make_engine("postgresql://127.0.0.1:1/x"), Path("x"))


def test_the_digest_follows_the_rows_not_their_order(engine: Engine) -> None:
    def digest(*statements: str) -> object:
        with engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text("CREATE TABLE thing (a INTEGER, b VARCHAR(20), c FLOAT)"))
            for statement in statements:
                connection.execute(text(f"INSERT INTO thing (a, b, c) VALUES {statement}"))  # noqa: S608 - written here
            found = digest_tables(connection)["thing"]
            transaction.rollback()
        return found

    one = digest("(1, 'x', NULL)", "(2, '字', 0.5)")
    assert digest("(2, '字', 0.5)", "(1, 'x', NULL)") == one
    assert digest("(1, 'x', NULL)", "(2, '字', 0.25)") != one
    assert digest("(1, 'x', NULL)", "(2, '字', 0.5)", "(2, '字', 0.5)") != one
    assert digest("(1, 'x', NULL)", "(1, 'x', NULL)") != digest("(2, '字', 0.5)", "(2, '字', 0.5)")
