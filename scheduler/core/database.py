"""The engine factory, the declarative base and the edges of a transaction, alike on SQLite and PostgreSQL.

SQLite serves one web process; several processes or machines need PostgreSQL. Both run the same code.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import (
    DateTime,
    Engine,
    Enum,
    Executable,
    MetaData,
    Row,
    bindparam,
    create_engine,
    event,
    make_url,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.sql import expression
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_T = TypeVar("_T")

# serialization_failure and deadlock_detected; exclusion_violation is not among them: a clash is an answer, not bad luck
_RETRYABLE = frozenset({"40001", "40P01"})


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive value is refused.

    Plain `DateTime(timezone=True)` on SQLite drops the zone without converting, hence a type of our own.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive datetime cannot be stored"
            raise ValueError(msg)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what makes an instant of a driver's value: one call, for a page reads some hundred of them."""
        del coltype
        return _read_text if dialect.name == "sqlite" else _read_instant


def _read_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _read_instant(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every mapped class; constraints get names by convention, so that migrations can find them."""

    metadata = MetaData(naming_convention=_NAMES)
    # An enumeration is kept by its values, and a check refuses every other.
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=20,
            create_constraint=True,
            values_callable=lambda members: [member.value for member in members],
        ),
        datetime: UtcDateTime,
    }


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine for `url` (sqlite:///FILE or postgresql://...), set up for durability and honest locking.

    SQLite: WAL, synchronous=FULL, foreign keys, recursive triggers, busy timeout; transactions begin
    DEFERRED, or IMMEDIATE where the session was opened for writing. PostgreSQL: READ COMMITTED, UTC.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            pool_size=pool_size,
            hide_parameters=True,  # or errors would carry what people typed into the log
            connect_args={"timeout": 15, "check_same_thread": False, "factory": _Connection},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _ENGINES.add(engine)
        return engine
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            connect_args={"options": "-c timezone=utc"},
        )
        _ENGINES.add(engine)
        return engine
    msg = f"DATABASE_URL names {parsed.get_backend_name()}; only sqlite and postgresql are supported"
    raise ValueError(msg)


_ENGINES: WeakSet[Engine] = WeakSet()


def _forget_connections() -> None:
    for engine in _ENGINES:
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):  # a server may load the product and fork then; connections are of one process only
    os.register_at_fork(after_in_child=_forget_connections)


def make_room(engine: Engine) -> None:
    """Make the folder that an SQLite database is to lie in; does nothing for PostgreSQL."""
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)


class _Connection(sqlite3.Connection):
    """Ends what was left half-read when a transaction is rolled back, as every return to the pool does.

    Python 3.11 and later leave such cursors open (the traceback of an error can hold one), and with it the old snapshot:
    the next writer on this connection would be told at once that the database is locked.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *args: Any, **options: Any) -> Any:
        cursor = super().cursor(*args, **options)
        self._cursors.add(cursor)
        return cursor

    def rollback(self) -> None:
        for cursor in tuple(self._cursors):
            cursor.close()
        super().rollback()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event below says when a transaction starts
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.execute("PRAGMA cache_size=-4000")  # of each connection; the operating system caches the rest
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Sessions:
    """Opens sessions at the edges: one for a request, a job run or a command."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._readers = sessionmaker(engine, expire_on_commit=False)
        self._writers = sessionmaker(engine.execution_options(writing=True), expire_on_commit=False)

    def open(self, *, writing: bool) -> Session:
        """Return a session whose caller ends it."""
        return self._writers() if writing else self._readers()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session in a writing transaction; commits at the end, rolls back on any exception."""
        with self._writers.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that is rolled back at the end, whatever was done in it."""
        with self._readers() as session:
            yield session


def plain_rows(session: Session, statement: Executable, **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows of a select of columns, past the ORM's loading: for what every page asks.

    What the session holds and has not flushed is not seen.
    """
    return session.connection().execute(statement, values).all()


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what a conflict with a unique key means: on_conflict_do_nothing, on_conflict_do_update."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(model) if on_postgresql else sqlite.insert(model)


def update_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Give rows of `model`, each named by its "id", other values, and those with a version the next one.

    One statement sent many times; all rows hold the same columns. What the session holds of them is not refreshed.
    """
    if not rows:
        return
    columns = model.__table__.c
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=columns[name].type) for name in rows[0] if name != "id"
    }
    if "version" in columns:
        values["version"] = columns.version + 1
    statement = update(model.__table__).where(columns.id == bindparam("row_id")).values(values)  # type: ignore[arg-type]  # a mapped class has a Table
    named = [{"row_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
    session.connection().execute(statement, named)


class DatabaseClock(expression.FunctionElement[datetime]):
    """The present instant by the database's clock: the one clock that processes on several machines share.

    For leases only; what people see and what is due goes by core.clock.
    """

    type = UtcDateTime()
    inherit_cache = True


@compiles(DatabaseClock, "sqlite")
def _sqlite_clock(_element: DatabaseClock, _compiler: Any, **_options: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"  # as UtcDateTime keeps it, to the microsecond


@compiles(DatabaseClock, "postgresql")
def _postgresql_clock(_element: DatabaseClock, _compiler: Any, **_options: Any) -> str:
    return "clock_timestamp()"  # now() would be the beginning of the transaction


def sessions(engine: Engine) -> Sessions:
    return Sessions(engine)


def is_bad_luck(error: DBAPIError) -> bool:
    """Tell whether the database gave up on something that it may well do when asked again; nothing was changed."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # the rest says in which way
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _RETRYABLE


def retried(unit: Callable[[], _T], *, attempts: int = 5) -> _T:
    """Run an idempotent `unit` of work, again if the database gave up on it: deadlock, serialisation, lost connection.

    The unit opens its own transaction, so that each attempt starts clean. Idempotent it must be: a connection
    that is lost during a commit leaves open whether the commit happened.
    """
    for attempt in range(1, attempts + 1):
        try:
            return unit()
        except DBAPIError as error:
            if attempt == attempts or not is_bad_luck(error):
                raise
    raise AssertionError  # pragma: no cover - the loop returns or raises
