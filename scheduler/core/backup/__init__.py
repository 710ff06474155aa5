"""Backing the whole database up into one file, and bringing it back, with digests that prove it."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, exists, inspect, select, table

from scheduler.core.backup import postgresql, sqlite
from scheduler.core.digests import TableDigest, digest_tables
from scheduler.core.errors import Refusal, lazy


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a backup file: enough to tell whether the file, and what came of it, is whole."""

    engine: str
    revision: str
    made_at: str
    file_digest: str
    tables: dict[str, TableDigest]


class BackupRefused(Refusal):
    """The backup or the restoring is not done; the sentence says why."""


def back_up(engine: Engine, target: Path, *, now: datetime) -> Manifest:
    """Write the whole database, as one transaction sees it, to the new file `target`, and its manifest beside it.

    People may go on working. Refuses to write over a file.
    """
    for path in (target, manifest_path(target)):
        if path.exists():
            raise BackupRefused(lazy("%(path)s is there already; nothing was written."), path=path)
    if not target.parent.is_dir():
        raise BackupRefused(lazy("There is no folder %(path)s."), path=target.parent)
    partial = target.with_name(f"{target.name}.partial")
    partial.touch(mode=0o600)
    try:
        copied = (sqlite if engine.dialect.name == "sqlite" else postgresql).copy_out(engine, partial)
        manifest = Manifest(engine.dialect.name, copied.revision, now.isoformat(), _file_digest(partial), copied.tables)
        _write(manifest_path(target), json.dumps(asdict(manifest), indent=1))
        _sync(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def restore(engine: Engine, source: Path, *, over_rows: bool = False) -> Manifest:
    """Make the database of `engine` what it was when `source` was made, and prove it by the digests.

    Refuses without touching the database: a file without its manifest, of the other engine, or changed since;
    a database with rows in it, unless `over_rows`.
    """
    manifest = read_manifest(source)
    if manifest.engine != engine.dialect.name:
        raise BackupRefused(
            lazy("%(path)s was made on another engine: %(engine)s."), path=source, engine=manifest.engine
        )
    if manifest.file_digest != _file_digest(source):
        raise BackupRefused(lazy("%(path)s is damaged: it is not what was written."), path=source)
    if not over_rows and has_rows(engine):
        raise BackupRefused(lazy("The database is not empty. Say --yes to replace what it holds."))
    (sqlite if engine.dialect.name == "sqlite" else postgresql).copy_in(engine, source)
    with engine.connect() as connection:
        found = digest_tables(connection)
    if found != manifest.tables:
        wrong = sorted(
            name for name in found.keys() | manifest.tables.keys() if found.get(name) != manifest.tables.get(name)
        )
        raise BackupRefused(lazy("Restored, but not the same: %(tables)s."), tables=", ".join(wrong))
    return manifest


def has_rows(engine: Engine) -> bool:
    """Tell whether any table but Alembic's holds a row."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return any(connection.scalar(select(exists(select(1).select_from(table(name))))) for name in names)


def manifest_path(backup: Path) -> Path:
    return backup.with_name(f"{backup.name}.json")


def read_manifest(backup: Path) -> Manifest:
    """Return what stands beside `backup`; refuses where there is nothing or nonsense."""
    try:
        written = json.loads(manifest_path(backup).read_text(encoding="utf-8"))
        tables = {name: TableDigest(**table) for name, table in written.pop("tables").items()}
        return Manifest(**written, tables=tables)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupRefused(lazy("%(path)s is no backup: its manifest cannot be read."), path=backup) from error


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
