"""Triggers and other DDL that the models need beyond tables, declared once for each engine.

A model module registers its statements beside the table that they guard; they run when the metadata is
created (tests) and are written out in full in the migrations, which a test compares.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import DDL, Connection, Engine, Table, event

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


def alembic_config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def is_current(connection: Connection) -> bool:
    """Tell whether the database stands at the newest revision that this version knows."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_heads()
    return list(MigrationContext.configure(connection).get_current_heads()) == list(newest)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database of `engine` up to `revision`."""
    command.upgrade(alembic_config(engine), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database of `engine` back to `revision`."""
    command.downgrade(alembic_config(engine), revision)
