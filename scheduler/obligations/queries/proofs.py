"""The rows behind a figure, those that count and those that do not."""

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from scheduler.obligations.models import Obligation
from scheduler.obligations.queries.metrics import Moment, ledgers_of
from scheduler.obligations.terms import MEASURES, Proof, Subject
from scheduler.people.models import Unit

MOST = 500
"""Rows shown behind one figure."""


def proofs_of(session: Session, obligation: Obligation, at: Moment, subject_id: int) -> list[Proof]:
    """Return what a subject did in a period, in order: the same selects that the figure sums, not summed."""
    found: list[Proof] = []
    for ledger in ledgers_of(obligation.metric, at):
        rows = ledger.subquery()
        if MEASURES[obligation.metric].subject is Subject.PAIRING:
            within = rows.c.subject_id == subject_id
        else:
            root = select(Unit.path).where(Unit.id == subject_id).scalar_subquery()
            within = rows.c.subject_id.in_(select(Unit.id).where(Unit.path.startswith(root)))
        chosen = select(rows).where(within).order_by(rows.c.day, rows.c.address).limit(literal(MOST))
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
    return sorted(found, key=lambda one: one.day)
