"""Copying a PostgreSQL database by pg_dump and bringing it back by pg_restore and psql."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import Engine, text

from scheduler.core.backup.copied import Copied, see
from scheduler.core.errors import Refusal, lazy

_EMPTY = """
DO $$ DECLARE thing record; BEGIN
  FOR thing IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', thing.tablename);
  END LOOP;
  FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', thing.name);
  END LOOP;
END $$
"""


class NoTool(Refusal):
    """pg_dump, pg_restore or psql is not on this machine, or failed."""


def copy_out(engine: Engine, target: Path) -> Copied:
    """Dump the database of `engine` into the file `target` and return what the same snapshot holds."""
    dump = _tool("pg_dump")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        shape = ("--format=custom", "--no-owner", "--no-privileges")
        _run(engine, dump, *shape, f"--snapshot={snapshot}", f"--file={target}")
        return see(connection)


def copy_in(engine: Engine, source: Path) -> None:
    """Replace what the database of `engine` holds by what `source` holds, in one transaction."""
    psql = _tool("psql")
    engine.dispose()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _call(_tool("pg_restore"), "--no-owner", "--no-privileges", "--no-comments", f"--file={script}", source)
        quietly = ("--no-psqlrc", "--quiet", f"--output={os.devnull}")
        whole = ("--single-transaction", "--set=ON_ERROR_STOP=1")
        _run(engine, psql, *quietly, *whole, "--command", _EMPTY, "--file", script)


def _run(engine: Engine, tool: str, *arguments: str | Path) -> None:
    """Run a tool on the database of `engine`; the password goes by the environment, where nobody else reads it."""
    url = engine.url.set(drivername="postgresql")._replace(password=None)
    environment = {**os.environ, "PGPASSWORD": str(engine.url.password)} if engine.url.password else None
    _call(tool, *arguments, "--dbname", url.render_as_string(), environment=environment)


def _call(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603 - our own list, never a shell's text
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[0]
        raise NoTool(lazy("%(tool)s failed: %(reason)s"), tool=Path(command[0]).name, reason=reason)


def _tool(name: str) -> str:
    """Return the path of a PostgreSQL tool: from PATH, else of the newest version installed on Debian."""
    if found := shutil.which(name):
        return found
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0])
    )
    for folder in reversed(folders):
        if found := shutil.which(name, path=folder):
            return found
    raise NoTool(lazy("%(tool)s is not on this machine: install PostgreSQL's client tools."), tool=name)
