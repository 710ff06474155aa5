"""Triggers and other DDL that the models need beyond tables, declared once for each engine; at which revision they stand.

A model module registers its statements beside the table that they guard; they run when the metadata is
created (tests) and are written out in full in the migrations, which a test compares.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import DDL, Connection, Table, event, inspect, text

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def guard(model: "type[DeclarativeBase]", *, sqlite: tuple[str, ...] = (), postgresql: tuple[str, ...] = ()) -> None:
    """Attach statements to the creation of a model's table; percent signs are doubled for DDL here."""
    table = model.__table__
    if not isinstance(table, Table):
        msg = f"{model} has no table"
        raise TypeError(msg)
    for dialect, statements in (("sqlite", sqlite), ("postgresql", postgresql)):
        for statement in statements:
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(table, "after_create", ddl)


def revision_of(connection: Connection) -> str:
    """Return the revision at which the database stands; nothing for one that was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_current(connection: Connection) -> bool:
    """Tell whether the database stands at the newest revision that this version knows."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return revision_of(connection) == newest.partition("_")[0]
