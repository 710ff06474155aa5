"""An answer that was acknowledged is there, however often what saves it is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.quizzes.actions.attempts import start_attempt
from scheduler.quizzes.models import Question
from scheduler.quizzes.terms.bank import ItemKind
from tests.cast import Cast, Persona
from tests.faults.saver import NOW
from tests.quizzes.stage import set_stage

if TYPE_CHECKING:
    from scheduler.core.database import Sessions

KILLS = 50
PATIENCE = 20
"""Seconds for a life to acknowledge anything at all."""
_SITTERS = (Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR, Persona.LECTURER)
_ROOT = Path(__file__).resolve().parents[2]


def _hold(database: "Sessions", cast: Cast) -> None:
    only_fill_in = frozenset(ItemKind) - {ItemKind.FILL}
    opened = NOW - timedelta(minutes=1)
    with database.write() as session:
        held = set_stage(session, cast, opens=opened, now=opened - timedelta(days=1), without=only_fill_in)
        for persona in _SITTERS:
            start_attempt(session, cast.actor(session, persona), held.sitting_id, now=opened)


def _lives(url: str, log: Path, kills: int, *, early: bool) -> None:
    """Let savers live for a moment, then kill them, so many times."""
    dice = random.Random(kills)  # noqa: S311 - when to kill
    log.touch()
    mode = "early" if early else "late"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.saver", url, str(log), mode],
        cwd=_ROOT,
        env={
            name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")
        },  # killed, it tells nothing
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as zygote:
        assert zygote.stdin
        assert zygote.stdout
        for _kill in range(kills):
            before, since = log.stat().st_size, time.monotonic()
            zygote.stdin.write("live\n")
            zygote.stdin.flush()
            life = int(zygote.stdout.readline())
            while log.stat().st_size == before and time.monotonic() - since < PATIENCE:
                time.sleep(0.005)
            time.sleep(dice.random() * 0.1)
            os.kill(life, signal.SIGKILL)
            _gone(life)
        zygote.stdin.close()


def _gone(pid: int) -> None:
    """Wait until a killed process is no more than a name."""
    for _try in range(1000):
        with suppress(FileNotFoundError):
            if (Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(") ")[1][0]) != "Z":
                time.sleep(0.002)
                continue
        return


def _lost(database: "Sessions", log: Path) -> tuple[int, int]:
    """Return how many saves were noted, and how many attempts do not hold what was noted last of them."""
    noted: dict[int, int] = {}
    lines = log.read_text(encoding="ascii").splitlines()
    for line in lines:
        attempt, seq = map(int, line.split())
        noted[attempt] = max(noted.get(attempt, 0), seq)
    with database.read() as session:
        kept = {row.attempt_id: (row.seq, row.answer) for row in session.scalars(select(Question))}
    for attempt, (seq, answer) in kept.items():
        assert answer == (f"{attempt} {seq}" if seq else "")
    return len(lines), sum(kept[attempt][0] < seq for attempt, seq in noted.items())


def test_no_acknowledged_answer_is_lost(database: "Sessions", database_url: str, cast: Cast, tmp_path: Path) -> None:
    _hold(database, cast)
    database.engine.dispose()
    _lives(database_url, tmp_path / "acknowledged", KILLS, early=False)
    saves, lost = _lost(database, tmp_path / "acknowledged")
    assert saves > KILLS
    assert lost == 0


def test_acknowledging_before_the_commit_does_lose(
    database: "Sessions", database_url: str, cast: Cast, tmp_path: Path
) -> None:
    _hold(database, cast)
    database.engine.dispose()
    lost = 0
    for number in range(20):  # one kill at a time, for the next life goes on from what the database holds
        log = tmp_path / f"early {number}"
        _lives(database_url, log, 1, early=True)
        lost += _lost(database, log)[1]
        if lost:
            break
    assert lost > 0
