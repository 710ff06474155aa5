"""Pairings and their guidance records in any number, made by the database itself."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.generators import NOW

_PAIRINGS = (
    "INSERT INTO pairing (id, mentor_id, mentee_id, programme_id, term, starts_on, ends_on, content_areas, goals, "
    "development_plan, status, version) "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
    "SELECT i, i, :n + i, :programme, 1, :first, :last, '', '', '', 'active', 1 FROM n"
)
_RECORDS = (
    "INSERT INTO guidance_record (pairing_id, day, mode_id, text, text_digest, place, next_step, key, filed_at, "
    "first_filed_at, state, confirmation, answer) "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
    "SELECT i, :day, :mode, 'x', 'x', '', '', :key, :now, :now, 'filed', 'unconfirmed', '' FROM n WHERE i % 10 <> :missed"
)
_DAYS = (5, 18)
_NONE = 10
"""What no number leaves when it is divided by ten."""


def pair(session: Session, pairings: int, programme_id: int) -> None:
    """Let person i guide person `pairings` + i, from 2024 to 2027."""
    span = {"first": date(2024, 1, 1), "last": date(2027, 12, 31)}
    session.execute(text(_PAIRINGS), {"n": pairings, "programme": programme_id, **span})


def guide(session: Session, pairings: int, days: Iterator[date], *, missing: bool) -> None:
    """File a record of each of the first `pairings` on each of the days; `missing` leaves out one in ten, in turn."""
    mode = session.scalar(text("SELECT min(id) FROM guidance_mode"))
    for number, day in enumerate(days):
        said = {"day": day, "key": day.isoformat(), "missed": (number // 2 + number % 2) % 10 if missing else _NONE}
        session.execute(text(_RECORDS), {"n": pairings, "mode": mode, "now": NOW, **said})


def days_back(month: date, months: int) -> Iterator[date]:
    """Yield two days of each of so many months, from `month` (its first day) back."""
    for _ in range(months):
        yield from (month.replace(day=day) for day in _DAYS)
        month = (month - timedelta(days=1)).replace(day=1)
