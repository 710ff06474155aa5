"""dev.py: what it makes on a contributor's machine."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[1]


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "INSTANCE", tmp_path / "instance")
    secret = dev.secret_key()
    assert len(secret) >= 64
    assert dev.secret_key() == secret
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_without_arguments_it_lists_its_commands() -> None:
    listing = subprocess.run([sys.executable, "dev.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^    (\w+)", listing, flags=re.MULTILINE) == list(dev.COMMANDS)


def test_it_refuses_what_it_does_not_know() -> None:
    done = subprocess.run(
        [sys.executable, "dev.py", "lint", "faster"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "unknown: faster" in done.stderr


def test_a_failing_step_stops_it_with_the_reason() -> None:
    with pytest.raises(dev.Stop, match=r"failed: .*SystemExit"):
        dev.call(sys.executable, "-c", "raise SystemExit(3)")


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if re.match(r"\s*(import|from) ", line)}
    assert imported - sys.stdlib_module_names == {"tests"}  # and its harness.{postgresql,browser} until they are run
