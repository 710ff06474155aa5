"""The server is killed while two people of two units take a quiz: both go on, and nothing that was told saved is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import config
from scheduler.agenda.terms import Consent
from scheduler.core.access import system_actor
from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.core.periods import Span
from scheduler.people.models import Unit
from scheduler.quizzes.actions.sittings import plan_sitting
from scheduler.quizzes.models import Paper
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules
from tests.harness.mailbox import free_port
from tests.journeys.conftest import WEDNESDAY
from tests.journeys.quiz_taking import HANDED_IN, SAVED, UNSAVED, answer, begin, hands_in, shown, state, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.journeys.visitor import Visitor

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


@dataclass
class Server:
    """A web server in a process of its own; `lives` again at the same port on the same database."""

    settings: config.Settings
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def lives(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        environment |= {"SECRET_KEY": self.settings.secret_key, "DATABASE_URL": self.settings.database_url}
        command = [sys.executable, "-m", "tests.faults.web_process", str(self.port), WEDNESDAY.isoformat()]
        self.process = subprocess.Popen(command, cwd=_ROOT, env=environment)
        since = time.monotonic()
        while time.monotonic() - since < _PATIENCE:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
        pytest.fail("the server does not answer")

    def dies(self) -> None:
        """Kill it without warning."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server(database_url: str) -> "Iterator[Server]":
    port = free_port()
    settings = config.Settings(secret_key="k" * 48, database_url=database_url, base_url=f"http://127.0.0.1:{port}")
    server = Server(settings, port)
    yield server
    server.dies()


@pytest.fixture
def live_server(server: Server) -> str:
    """Return the address of the server that will be killed."""
    return server.settings.base_url


@pytest.fixture
def held(database_url: str) -> "Iterator[Sessions]":
    """Hold one open quiz for the sections of the trainee and of the lecturer, newer than any other; yield the database."""
    engine = make_engine(database_url, pool_size=2)
    database = sessions(engine)
    with database.write() as session:
        units = session.scalars(select(Unit.id).where(Unit.code.in_(["X01-02", "X02-01"]))).all()
        plan_sitting(
            session,
            system_actor("tests"),
            SittingPlan(
                "两个单位同场测试",
                session.scalars(select(Paper.id).order_by(Paper.id.desc())).first() or 0,
                Span(WEDNESDAY, WEDNESDAY.replace(hour=4)),
                units[0],
                unit_ids=tuple(units),
                rules=SittingRules(length_minutes=30),
            ),
            consent=Consent(confirmed=True),
            installation_id="test.local",
            zone=config.Settings(secret_key="k" * 48).zone,
            now=WEDNESDAY.replace(day=1),
        )
    yield database
    engine.dispose()


def given(page: "Page") -> list[str]:
    return [shown(page, position) for position in range(1, 6)]


def test_a_killed_server_loses_nothing_that_it_acknowledged(
    server: Server, held: Sessions, come: "Callable[..., Visitor]"
) -> None:
    server.lives()
    pages = [begin(come(staff_no)) for staff_no in ("trainee", "lecturer")]
    for page in pages:
        answer(page, 1, 0)
        state(page, SAVED)
    acknowledged = [shown(page, 1) for page in pages]

    answer(pages[0], 2, 1)  # may be on its way
    server.dies()
    assert [stored(held, page)[1][0] for page in pages] == acknowledged
    for page in pages:
        answer(page, 1, 1)
        answer(page, 3, 0)
        state(page, UNSAVED)
        expect(page.locator("#question-3.unsaved")).to_be_visible()
    hands_in(pages[1])  # without a server: it is handed in once there is one
    state(pages[1], "恢复后将自动交卷")

    server.lives()
    expect(pages[1].locator("main")).to_contain_text(HANDED_IN, timeout=40_000)
    expect(pages[0].locator("[data-state]")).to_contain_text(SAVED, timeout=40_000)
    states, answers = zip(*(stored(held, page) for page in pages), strict=True)
    assert answers[0] == given(pages[0])
    assert answers[0][0] != acknowledged[0]
    assert all(answers[1][place] for place in (0, 2))
    assert states[0] is AttemptState.IN_PROGRESS
    assert states[1] is not AttemptState.IN_PROGRESS

    answer(pages[0], 4, 0)  # and goes on
    state(pages[0], SAVED)
    pages[0].reload()
    assert stored(held, pages[0])[1] == given(pages[0])
    hands_in(pages[0])
    expect(pages[0].locator("main")).to_contain_text(HANDED_IN)
