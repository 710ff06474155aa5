"""What the migrations leave behind is what the models say, to the last trigger, and every step can be taken back."""

import re
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from scheduler.core import migrating
from scheduler.core.database import Base, make_engine
from scheduler.models import load_models
from tests.harness.databases import postgresql_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GUARDS = {
    "sqlite": {
        "triggers": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "indexes": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    },
    "postgresql": {
        "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "functions": "SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
        "constraints": (
            "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('alembic_version'), 0)"
        ),
    },
}
_FUNCTIONS = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: "Path") -> "Iterator[Engine]":
    """Yield the engine of an empty database without tables."""
    load_models()
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        yield engine
        engine.dispose()
        return
    with postgresql_database(request.getfixturevalue("postgresql_server")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def _described(engine: Engine) -> set[str]:
    """Return a line for each thing that the database holds besides rows."""
    lines = set()
    with engine.connect() as connection:
        inspector = inspect(connection)
        for table in inspector.get_table_names():
            if table == "alembic_version":
                continue
            things: dict[str, list[object]] = {
                "column": [(item["name"], item["type"], item["nullable"]) for item in inspector.get_columns(table)],
                "key": [sorted(item.items(), key=str) for item in inspector.get_foreign_keys(table)],
                "check": [(item["name"], item["sqltext"]) for item in inspector.get_check_constraints(table)],
                "unique": [(item["name"], item["column_names"]) for item in inspector.get_unique_constraints(table)],
                "primary": [inspector.get_pk_constraint(table)["constrained_columns"]],
            }
            lines |= {_flat(f"{table} {kind}: {item}") for kind, items in things.items() for item in items}
        for kind, query in _GUARDS[engine.dialect.name].items():
            lines |= {_flat(f"{kind}: {name}: {definition}") for name, definition in connection.execute(text(query))}
    return lines


def _flat(statement: str) -> str:
    return re.sub(r"\s+", " ", statement).strip()


def test_the_migrations_build_what_the_models_say(bare: Engine) -> None:
    Base.metadata.create_all(bare)
    modelled = _described(bare)
    Base.metadata.drop_all(bare)
    if bare.dialect.name == "postgresql":  # a table's end does not end the functions of its triggers
        with bare.begin() as connection:
            for (function,) in connection.execute(text(_FUNCTIONS)).all():
                connection.execute(text(f"DROP FUNCTION {function}"))
    migrating.upgrade(bare)
    migrated = _described(bare)
    assert sorted(modelled - migrated) == [], "the models say more than the migrations build"
    assert sorted(migrated - modelled) == [], "the migrations build more than the models say"
    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_step_up_can_be_taken_back_and_again(bare: Engine) -> None:
    empty = _described(bare)
    scripts = ScriptDirectory.from_config(migrating.alembic_config(bare))
    steps = [step.revision for step in scripts.walk_revisions()][::-1]
    standing = [empty]
    for step in steps:
        migrating.upgrade(bare, step)
        standing.append(_described(bare))
        migrating.downgrade(bare, "-1")
        assert _described(bare) == standing[-2], f"taking back {step} leaves something behind"
        migrating.upgrade(bare, step)
        assert _described(bare) == standing[-1], f"{step} builds something else the second time"
    migrating.downgrade(bare)
    assert _described(bare) == empty


def test_there_is_one_newest_revision(bare: Engine) -> None:
    assert len(ScriptDirectory.from_config(migrating.alembic_config(bare)).get_heads()) == 1
