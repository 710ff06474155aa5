"""The stage of all journeys: the demo city, served to a real browser at an instant that stands still."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import config
from scheduler import demo
from scheduler.core import clock
from scheduler.core.database import make_engine, sessions
from scheduler.models import load_models
from tests.harness.databases import copy_sqlite, migrate
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Browser, Page

WEDNESDAY = datetime(2026, 11, 18, 2, tzinfo=UTC)
"""10:00 in Shanghai, in the middle of a week without holidays."""


@pytest.fixture(scope="session")
def _demo_city(tmp_path_factory: pytest.TempPathFactory) -> "Path":
    load_models()
    template = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    settings = config.Settings(secret_key="k" * 48, database_url=f"sqlite:///{template}")
    migrate(settings.database_url)
    engine = make_engine(settings.database_url, pool_size=1)
    with sessions(engine).write() as session:
        demo.load(session, settings, WEDNESDAY)
    engine.dispose()
    return template


@pytest.fixture
def database_url(_demo_city: "Path", tmp_path: "Path") -> str:
    """Return the URL of a copy of the demo city. One engine is enough: nothing below the pages is on trial here."""
    return copy_sqlite(_demo_city, tmp_path / "demo.sqlite3")


@pytest.fixture
def settings(database_url: str, door: "socket.socket") -> config.Settings:
    """Return the settings of a server that knows its own address, so that calendars' addresses lead to it."""
    base_url = f"http://127.0.0.1:{door.getsockname()[1]}"
    return config.Settings(secret_key="k" * 48, database_url=database_url, base_url=base_url, run_jobs=False)


@pytest.fixture
def instant(request: pytest.FixtureRequest) -> datetime | None:
    """Return the instant at which the server's clock stands still; None (by a parameter) lets it run."""
    found: datetime | None = getattr(request, "param", WEDNESDAY)
    return found


@dataclass
class Hands:
    """Those of the server's clock: they stand at `at` until a test moves them."""

    at: datetime


@pytest.fixture
def hands(instant: datetime | None) -> Hands | None:
    """Return the hands of the server's clock; None where it runs."""
    return Hands(instant) if instant else None


@pytest.fixture
def app(app: "Flask", hands: Hands | None) -> "Flask":
    """Return the application, whose clock stands where its hands do in whatever thread serves it."""
    if hands is not None:
        served = app.wsgi_app

        def held(environ: Any, start_response: Any) -> Any:
            with clock.fixed(hands.at):
                return served(environ, start_response)

        app.wsgi_app = held  # type: ignore[method-assign]  # Flask's documented hook
    return app


@pytest.fixture
def come(browser: "Browser", live_server: str, settings: config.Settings) -> "Iterator[Callable[..., Visitor]]":
    """Yield what lets a new visitor come, each with a browser session of their own: `come()`, `come("trainee")`.

    With a staff number the visitor is signed in. Keywords: language ("zh-CN" | "en-GB"), width, script (False: a
    browser without JavaScript).
    """
    contexts = []

    def one_comes(staff_no: str = "", *, language: str = "zh-CN", width: int = 360, script: bool = True) -> Visitor:
        context = browser.new_context(
            base_url=live_server,
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 740},
            java_script_enabled=script,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), demo.demo_password(settings))
        if staff_no:
            visitor.signs_in(staff_no)
        return visitor

    yield one_comes
    for context in contexts:
        context.close()


@pytest.fixture
def page(come: "Callable[..., Visitor]") -> "Page":
    """Return the page of a stranger with a phone."""
    return come().page
