"""A new installation starts the way dev.py and README.md say, in processes of its own."""

import os
import re
import socket
import subprocess
import sys
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from scheduler.core.database import make_engine, sessions
from scheduler.jobs.models import JobSlot

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SECRET_KEY": "k" * 48,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'instance' / 'scheduler.sqlite3'}",
        "BASE_URL": "http://127.0.0.1:8000",
    }


def test_it_is_made_and_serves(environment: dict[str, str]) -> None:
    python: Any = {"cwd": ROOT, "env": environment}
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "init"], check=True, **python)
    serve = [sys.executable, "-m", "waitress", "--host=127.0.0.1", "--port=0", "wsgi:app"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **python) as server:
        try:
            assert server.stdout is not None
            lines = (re.search(rb"http://127\.0\.0\.1:\d+", line) for line in server.stdout)
            address = next(filter(None, lines))[0].decode()
            for path in ("/health/live", "/health/ready", "/sign-in"):
                with urlopen(address + path, timeout=30) as answer:  # noqa: S310 - an address of our own making
                    assert answer.status == HTTPStatus.OK
        finally:
            server.terminate()


def test_workers_forked_from_one_process_serve_and_the_jobs_run(
    environment: dict[str, str], postgresql_url: str
) -> None:
    """As the guide says for PostgreSQL: loaded once, then forked."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    several = {"DATABASE_URL": postgresql_url, "WEB_PROCESSES": "2"}
    serve = [sys.executable, "-m", "gunicorn", "--preload", "--workers=2", "--threads=4", f"--bind=127.0.0.1:{port}"]
    with subprocess.Popen([*serve, "wsgi:app"], cwd=ROOT, env=environment | several, stderr=subprocess.PIPE) as server:
        try:
            assert server.stderr is not None
            next(line for line in server.stderr if b"Booting worker" in line)
            for path in ("/health/ready", "/sign-in", "/sign-in", "/sign-in"):
                with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                    assert answer.status == HTTPStatus.OK
            assert _has_run_jobs(postgresql_url)
        finally:
            server.terminate()


def _has_run_jobs(url: str) -> bool:
    engine = make_engine(url)
    with sessions(engine).read() as session:
        for _ in range(100):
            if session.scalar(select(func.count()).select_from(JobSlot)):
                break
            session.rollback()
            threading.Event().wait(0.1)
        found = session.scalar(select(func.count()).select_from(JobSlot))
    engine.dispose()
    return bool(found)
