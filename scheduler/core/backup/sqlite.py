"""Copying an SQLite database by its backup API: a live file copied as a file would be a bad one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, create_engine

from scheduler.core.backup.copied import Copied, see


def copy_out(engine: Engine, target: Path) -> Copied:
    """Copy the database of `engine` into the file `target`, in one step, and return what the copy holds."""
    with closing(sqlite3.connect(_file(engine))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without -wal beside it
    return _look_at(target)


def copy_in(engine: Engine, source: Path) -> None:
    """Replace what the database of `engine` holds by what `source` holds; readers meanwhile see the old or the new."""
    target = _file(engine)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target, timeout=30)) as live:
        copy.backup(live)
    engine.dispose()


def _look_at(file: Path) -> Copied:
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return see(connection)
    finally:
        engine.dispose()


def _file(engine: Engine) -> Path:
    return Path(engine.url.database or "")
