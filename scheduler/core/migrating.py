"""Bringing a database to a revision. For commands only: what it loads, no web process needs."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from scheduler.core.schema import MIGRATIONS


def alembic_config(engine: Engine) -> Config:
    """Return what Alembic is told: where the steps lie, and the engine that migrations/env.py takes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database of `engine` up to `revision`."""
    command.upgrade(alembic_config(engine), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database of `engine` back to `revision`."""
    command.downgrade(alembic_config(engine), revision)
