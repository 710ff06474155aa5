"""Migrated databases: one template for each engine and test process, a copy of it for each test."""

import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from scheduler.core import migrating
from scheduler.core.database import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HAS_STRATEGIES = 150_000
"""The first version of PostgreSQL that can be told how to copy; those before copy files."""


def migrate(url: str) -> None:
    """Bring the empty database at `url` to the newest revision."""
    engine = make_engine(url, pool_size=1)
    migrating.upgrade(engine)
    engine.dispose()


def copy_sqlite(template: "Path", to: "Path") -> str:
    """Copy the database file `template` with the backup API and return the copy's URL."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return f"sqlite:///{to}"


@contextmanager
def postgresql_database(server_url: str, template: str = "template1") -> "Iterator[str]":
    """Yield the URL of a new database, copied from `template`; it is dropped at the end."""
    with copies(server_url, template) as made:
        name = made.take()
        try:
            yield made.url(name)
        finally:
            made.drop(name)


@contextmanager
def copies(server_url: str, template: str, *, ahead: bool = False) -> "Iterator[Copies]":
    """Yield what makes copies of the database `template`; at the end all are dropped that were handed back."""
    url = make_url(server_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as server:
        made = Copies(server, url, template, ahead=ahead)
        yield made
        made.close()


class Copies:
    """Copies of a template. The server is slow to make and to drop one; both happen while the tests go on.

    With `ahead` there is always one that waits to be taken.
    """

    def __init__(self, server: psycopg.Connection, url: URL, template: str, *, ahead: bool) -> None:
        self._server, self._url, self._template, self._ahead = server, url, template, ahead
        # writing every page of the template to the log too, as the server would, takes five times as long
        self._strategy = " STRATEGY file_copy" if server.info.server_version >= _HAS_STRATEGIES else ""
        self._worker = ThreadPoolExecutor(1)  # a connection does one thing at a time
        self._waiting: list[Future[str]] = []
        self._dropped: list[Future[None]] = []

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def take(self) -> str:
        """Return the name of a copy that nobody has used."""
        while len(self._waiting) < 1 + self._ahead:
            self._waiting.append(self._worker.submit(self._make))
        return self._waiting.pop(0).result()

    def drop(self, name: str) -> None:
        """Drop a copy soon."""
        self._dropped.append(self._worker.submit(self._drop, name))

    def close(self) -> None:
        """Drop what was made ahead, and tell if anything went wrong meanwhile."""
        for waiting in self._waiting:
            self.drop(waiting.result())
        for dropped in self._dropped:
            dropped.result()
        self._worker.shutdown()

    def _make(self) -> str:
        name = f"scheduler_test_{uuid4().hex[:12]}"
        new, template = sql.Identifier(name), sql.Identifier(self._template)
        self._server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}" + self._strategy).format(new, template))
        return name

    def _drop(self, name: str) -> None:
        self._server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
