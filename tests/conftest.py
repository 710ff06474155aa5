"""Fixtures for all tests: databases on both engines, the application, its client, a browser."""

import gc
import os
import socket
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, make_url
from waitress import wasyncore
from waitress.server import create_server

import config
from scheduler.core.database import Sessions, make_engine, sessions
from tests.cast import Cast, bring_on
from tests.harness import browser as browsers
from tests.harness import postgresql
from tests.harness.applications import lent
from tests.harness.databases import Copies, copies, copy_sqlite, migrate, postgresql_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

ENGINES = ("sqlite", "postgresql")
hypothesis.settings.register_profile(
    "busy machine",
    deadline=None,  # what a busy machine does slowly is not wrong
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("busy machine")
_server = pytest.StashKey[postgresql.Server]()


def pytest_collection_finish() -> None:
    """Keep the collector from going through what stays until the end anyway: modules, and the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start one PostgreSQL server for all xdist workers, which inherit its address."""
    workers = session.config.getoption("numprocesses", None)
    if workers and "TEST_DATABASE_URL" not in os.environ:
        session.config.stash[_server] = postgresql.start()
        os.environ["TEST_DATABASE_URL"] = session.config.stash[_server].url


def pytest_sessionfinish(session: pytest.Session) -> None:
    server = session.config.stash.get(_server, None)
    if server:
        del os.environ["TEST_DATABASE_URL"]
        server.stop()


@pytest.fixture(scope="session")
def postgresql_server() -> "Iterator[str]":
    """Yield the URL of a PostgreSQL server on which databases may be created."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    server = postgresql.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def _migrated(postgresql_server: str) -> "Iterator[str]":
    with postgresql_database(postgresql_server) as url:
        migrate(url)
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: str, _migrated: str) -> "Iterator[Copies]":
    with copies(postgresql_server, _migrated, ahead=True) as made:
        yield made


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> "Path":
    template = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate(f"sqlite:///{template}")
    return template


@pytest.fixture(scope="session")
def _postgresql_stage(postgresql_server: str, _migrated: str) -> "Iterator[Copies]":
    with postgresql_database(postgresql_server, _migrated) as url:
        _bring_on("postgresql", url)
        with copies(postgresql_server, make_url(url).database or "", ahead=True) as made:
            yield made


@pytest.fixture(scope="session")
def _sqlite_stage(_sqlite_template: "Path") -> "Path":
    stage = _sqlite_template.with_name("stage.sqlite3")
    _bring_on("sqlite", copy_sqlite(_sqlite_template, stage))
    return stage


_casts: dict[str, Cast] = {}
"""The cast as it stands in the stage of each engine, a migrated database that holds nothing else."""


def _bring_on(name: str, url: str) -> None:
    engine = make_engine(url)
    _casts[name] = bring_on(sessions(engine))
    engine.dispose()


def _source(request: pytest.FixtureRequest, engine: str) -> Any:
    """Return what a test's database is copied from: the stage for those who ask for the cast, else the empty one."""
    return request.getfixturevalue(f"_{engine}_{'stage' if 'cast' in request.fixturenames else 'template'}")


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: "Path") -> str:
    """Return the URL of a migrated SQLite database, empty but for the cast where the test asks for it."""
    return copy_sqlite(_source(request, "sqlite"), tmp_path / "scheduler.sqlite3")


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> "Iterator[str]":
    """Yield the URL of a migrated PostgreSQL database, empty but for the cast where the test asks for it."""
    made = _source(request, "postgresql")
    name = made.take()
    yield made.url(name)
    made.drop(name)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a migrated, empty database: the test runs once on each engine.

    For one engine only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`, and say why.
    """
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> "Iterator[Engine]":
    engine = make_engine(database_url, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine) -> Sessions:
    """Return the edges of transactions: `with database.write() as session:` commits, `.read()` rolls back."""
    return sessions(engine)


@pytest.fixture
def session(database: Sessions) -> "Iterator[Session]":
    """Yield a session in a writing transaction; what the test does not commit is rolled back."""
    with database.open(writing=True) as session:
        yield session
        session.rollback()


@pytest.fixture
def settings(database_url: str) -> config.Settings:
    return config.Settings(secret_key="k" * 48, database_url=database_url, run_jobs=False)


@pytest.fixture
def app(settings: config.Settings) -> "Iterator[Flask]":
    with lent(settings) as app:
        yield app


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    return app.test_client()


@pytest.fixture
def cast(database: Sessions) -> Cast:
    """Return the cast (units, persons, roles), who stand in the database; `cast.sign_in(client, Persona.ADMIN)` acts as one."""
    return replace(_casts[database.engine.dialect.name], database=database)


@pytest.fixture
def door() -> "Iterator[socket.socket]":
    """Yield the listening socket of `live_server`: whoever needs its port before the application is made asks here."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def live_server(app: "Flask", door: socket.socket) -> "Iterator[str]":
    """Serve `app` on loopback and yield its base URL."""
    channels: dict[int, Any] = {}
    server = create_server(app, map=channels, sockets=[door], threads=4, clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.task_dispatcher.shutdown()
    # by the thread that watches them: closed by another while it waits, they would be bad descriptors to it
    end = partial(wasyncore.close_all, channels, ignore_all=True)
    server.trigger.pull_trigger(end)  # type: ignore[union-attr] # the stubs take a trigger for a number
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    found = browsers.installed() or browsers.downloaded()
    if found is None:
        pytest.fail(f"no browser found; type: {browsers.LINE_TO_TYPE}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(browsers.ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> "Iterator[Page]":
    """Yield a page of a new visitor with a phone: 360 px wide, Chinese."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()
