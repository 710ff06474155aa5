"""The rows behind a figure, those that count and those that do not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from scheduler.obligations.models import Obligation
from scheduler.obligations.queries.metrics import Moment, ledgers_of
from scheduler.obligations.terms import MEASURES, Proof, Subject
from scheduler.people.models import Unit

MOST = 500
"""Rows shown behind one figure on a page."""


def proofs_of(
    session: Session, obligation: Obligation, at: Moment, subject_id: int, *, most: int | None = None
) -> list[Proof]:
    """Return what a subject did in a period, in order: the same selects that the figure sums, not summed.

    With `most` only so many of them, the earliest.
    """
    found: list[Proof] = []
    for rows in _rows_of(obligation, at, subject_id):
        named = rows.subquery()
        chosen = select(named).order_by(named.c.day, named.c.address).limit(None if most is None else literal(most))
        found += [
            Proof(
                row.day.astimezone(at.zone).date() if isinstance(row.day, datetime) else row.day,
                row.label,
                row.address,
                row.barred or "",
                row.amount,
                row.excused,
            )
            for row in session.execute(chosen)
        ]
    return sorted(found, key=lambda one: one.day)[:most]


def count_proofs(session: Session, obligation: Obligation, at: Moment, subject_id: int) -> tuple[int, int]:
    """Return how many rows behind a figure count, and how many do not."""
    counting = barred = 0
    for rows in _rows_of(obligation, at, subject_id):
        named = rows.subquery()
        row = session.execute(select(func.count(), func.count(named.c.barred)).select_from(named)).one()
        counting, barred = counting + row[0] - row[1], barred + row[1]
    return counting, barred


def _rows_of(obligation: Obligation, at: Moment, subject_id: int) -> Iterator[Select[*tuple[Any, ...]]]:
    for ledger in ledgers_of(obligation.metric, at):
        rows = ledger.subquery()
        if MEASURES[obligation.metric].subject is Subject.PAIRING:
            within = rows.c.subject_id == subject_id
        else:
            root = select(Unit.path).where(Unit.id == subject_id).scalar_subquery()
            within = rows.c.subject_id.in_(select(Unit.id).where(Unit.path.startswith(root)))
        yield select(rows).where(within)
