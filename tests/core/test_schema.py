from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from scheduler.core import migrating, schema
from scheduler.core.database import Base

if TYPE_CHECKING:
    from scheduler.core.database import Sessions


def test_a_migrated_database_is_current_and_one_behind_is_not(engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema.is_current(connection)
    migrating.downgrade(engine)
    with engine.connect() as connection:
        assert not schema.is_current(connection)
    migrating.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrating.upgrade(engine)
    with engine.connect() as connection:
        assert schema.is_current(connection)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # only there are keys off during migrations
def test_foreign_keys_hold_again_after_a_migration(database: "Sessions") -> None:
    migrating.upgrade(database.engine)
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_only_tables_can_be_guarded() -> None:
    class Shapeless(Base):
        __abstract__ = True
        __table__ = None  # type: ignore[assignment]  # that is what is refused

    with pytest.raises(TypeError, match="no table"):
        schema.guard(Shapeless, sqlite=("SELECT 1",))
