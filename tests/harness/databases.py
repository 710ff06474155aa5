"""Migrated databases: one template for each engine and test process, a copy of it for each test."""

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from scheduler.core import schema
from scheduler.core.database import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def migrate(url: str) -> None:
    """Bring the empty database at `url` to the newest revision."""
    engine = make_engine(url, pool_size=1)
    schema.upgrade(engine)
    engine.dispose()


def copy_sqlite(template: "Path", to: "Path") -> str:
    """Copy the database file `template` with the backup API and return the copy's URL."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return f"sqlite:///{to}"


@contextmanager
def postgresql_database(server_url: str, template: str = "template1") -> "Iterator[str]":
    """Yield the URL of a new database, copied from `template`; it is dropped at the end."""
    url = make_url(server_url).set(drivername="postgresql")
    name = f"scheduler_test_{uuid4().hex[:12]}"
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
