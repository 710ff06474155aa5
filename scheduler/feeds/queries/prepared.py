"""Statements that are built once and sent often.

A calendar program asks for the same calendar every hour. Building the conditions of who may see what takes ten
times as long as the database needs to answer, so what was built is kept as SQL text with its values: small
enough to keep for every subscriber, and good until the window moves at midnight or the owner's roles change,
both of which are part of the key.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select, TextualSelect, bindparam, column, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_KEPT = 1024
_Build = Callable[..., Select[*tuple[Any, ...]]]


def prepared(session: Session, build: _Build, *arguments: Hashable) -> TextualSelect:
    """Return what `build(*arguments)` selects, as text; `build` is a pure function of hashable values."""
    return _prepared(build, arguments, session.get_bind().dialect.name)


@lru_cache(maxsize=_KEPT)
def _prepared(build: _Build, arguments: tuple[Hashable, ...], dialect_name: str) -> TextualSelect:
    statement = build(*arguments)
    compiled = statement.compile(dialect=_dialect(dialect_name), compile_kwargs={"render_postcompile": True})
    values = compiled.construct_params()
    # a cast's colons are not those of a value's name
    return (
        text(str(compiled).replace("::", r"\:\:"))
        .bindparams(*(bindparam(name, value, type_=compiled.binds[name].type) for name, value in values.items()))
        .columns(*(column(each.key or "", each.type) for each in statement.selected_columns))
    )


def _dialect(name: str) -> Dialect:
    module: Any = postgresql if name == "postgresql" else sqlite
    dialect: Dialect = module.dialect(paramstyle="named")
    return dialect
