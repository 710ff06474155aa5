"""The only place where the time is read.

Edges (views, jobs, commands) call :func:`now` once and hand the instant down; nothing below asks again,
so one request sees one instant and a test can set it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def fixed(instant: datetime) -> "Iterator[datetime]":
    """Hold the clock at `instant` (aware) for the enclosed block of this thread or task."""
    if instant.tzinfo is None:
        msg = "the clock needs an aware instant"
        raise ValueError(msg)
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _fixed.reset(token)
