"""Databases to measure on: a throw-away file or server, migrated and filled; and processes that work on them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from benchmarks.generators import Size, organisation, token
from scheduler.core import migrating
from scheduler.core.database import make_engine, sessions
from scheduler.models import load_models
from tests.harness import postgresql
from tests.harness.databases import postgresql_database

ROOT = Path(__file__).resolve().parents[1]
SECRET = "benchmark-" * 5


@dataclass
class House:
    """Where databases of one engine are made; all are gone when it is left."""

    engine: str
    _open: ExitStack = field(default_factory=ExitStack)
    _server: str = ""
    _filled: dict[Size | None, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        if self.engine == "postgresql":
            server = postgresql.start()
            self._open.callback(server.stop)
            self._server = server.url
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def database(self, size: Size | None) -> str:
        """Return the URL of a database with an organisation of `size` (made once), or of a new empty one."""
        if size in self._filled:
            return self._filled[size]
        url = self._new()
        load_models()
        engine = make_engine(url, pool_size=1)
        migrating.upgrade(engine)
        if size is not None:
            organisation(sessions(engine), size)
            self._filled[size] = url
        engine.dispose()
        return url

    def _new(self) -> str:
        if self.engine == "postgresql":
            return self._open.enter_context(postgresql_database(self._server))
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="scheduler-benchmark-"))
        return f"sqlite:///{folder}/scheduler.sqlite3"


def environment(url: str) -> dict[str, str]:
    """Return the environment of a process that works on the database at `url`."""
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": SECRET, "RUN_JOBS": "no", "PYTHONPATH": str(ROOT)}


def cookie(person_id: int, **more: object) -> str:
    """Return the Cookie header of a browser in which that person has signed in."""
    app = Flask("scheduler")
    app.secret_key = SECRET
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError
    return "session=" + str(signer.dumps({"_user_id": token(person_id), "_fresh": True, **more}))


@contextmanager
def process(module: str, url: str, *arguments: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a module of ours on the database at `url`, its input and output piped."""
    running = subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(url) | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=20)


def line(running: "subprocess.Popen[str]", say: str | None = None) -> str:
    """Say a line to a process, if asked to, and return the line that it answers."""
    if running.stdin is None or running.stdout is None:
        raise RuntimeError
    if say is not None:
        running.stdin.write(say + "\n")
        running.stdin.flush()
    answer = running.stdout.readline()
    if not answer:
        msg = "the process ended without an answer"
        raise RuntimeError(msg)
    return answer.strip()


def memory(process_id: int) -> float:
    """Return the proportional share of memory (PSS) of a process in MiB; Linux only."""
    return _kibibytes(Path(f"/proc/{process_id}/smaps_rollup").read_text(), "Pss:") / 1024


def peak(process_id: int) -> float:
    """Return the largest resident memory (MiB) since the last `forget_peak`, or the start; Linux only."""
    return _kibibytes(Path(f"/proc/{process_id}/status").read_text(), "VmHWM:") / 1024


def forget_peak(process_id: int) -> float:
    """Let the peak begin anew and return the resident memory of now in MiB."""
    Path(f"/proc/{process_id}/clear_refs").write_text("5")
    return _kibibytes(Path(f"/proc/{process_id}/status").read_text(), "VmRSS:") / 1024


def _kibibytes(text: str, label: str) -> int:
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(label))
