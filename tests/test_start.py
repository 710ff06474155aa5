"""A new installation starts the way dev.py and README.md say, in processes of its own."""

import os
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

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
