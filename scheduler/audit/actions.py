"""Adding to the audit record."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from scheduler.audit.models import AuditEntry
from scheduler.audit.rules import GENESIS, seal
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows

_PENDING = "audit_pending"
_MARKS = "audit_marks"
_CHAIN_LOCK = 0x61756469  # "audi": one writer at a time appends to the chain on PostgreSQL


_NEWEST = select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
_APPEND = insert(AuditEntry)


def record(
    session: Session, actor: Actor, verb: str, kind: str, subject: object, *, now: datetime, **facts: object
) -> None:
    """Note that `actor` did `verb` to the `kind` of thing that `subject` identifies.

    The entry is written when the session commits, in the same transaction: if it cannot be written, the act
    fails with it. Writing last keeps the lock on the chain short. Facts must be plain values.
    """
    if not session.in_transaction():
        session.begin()  # or a rollback would have nothing to end, and the entry would outlive it
    session.info.setdefault(_PENDING, []).append(
        {
            "recorded_at": now,
            "actor_id": actor.person_id,
            "actor_name": actor.name,
            "verb": verb,
            "subject_kind": kind,
            "subject_id": str(subject),
            "facts": json.loads(json.dumps(facts, ensure_ascii=False, default=str)),
        },
    )


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    pending: list[dict[str, Any]] = session.info.pop(_PENDING)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    newest = next(iter(plain_rows(session, _NEWEST)), None)
    number, digest = (newest.id, newest.digest) if newest else (0, GENESIS)
    rows = []
    for entry in pending:
        number += 1
        previous, digest = digest, seal(digest, {"id": number, **entry})
        rows.append({"id": number, **entry, "previous_digest": previous, "digest": digest})
    session.connection().execute(_APPEND, rows)


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = len(session.info.get(_PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_since_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        del session.info.get(_PENDING, [])[session.info[_MARKS][transaction] :]


@event.listens_for(Session, "after_transaction_end")
def _forget_ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # committed, rolled back or merely closed: what was not written never happened
        session.info.pop(_PENDING, None)
        session.info.pop(_MARKS, None)
