"""Alembic's entry: runs on the engine it is handed, on SQLite with foreign keys off and checked after."""

from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy import text

from scheduler.core.database import Base
from scheduler.models import load_models

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

load_models()
_LOCK = 0x6D696772  # "migr": of several processes that start at once one migrates, the others wait and find it done


def _run(connection: "Connection") -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_on(engine: "Engine") -> None:
    with engine.execution_options(writing=True).connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            _run(connection)
            connection.commit()
            return
        # Batch mode drops and recreates tables; with foreign keys on, the drop would delete children by cascade.
        raw = connection.connection.driver_connection
        if raw is None:  # pragma: no cover - a fresh connection has one
            msg = "no connection"
            raise RuntimeError(msg)
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            _run(connection)
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                msg = f"a migration left rows without their parents: {broken[:5]}"
                raise RuntimeError(msg)
            connection.commit()
        finally:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


_run_on(context.config.attributes["engine"])
