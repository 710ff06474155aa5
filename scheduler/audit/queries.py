"""Reading and checking the audit record."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.audit.models import AuditEntry
from scheduler.audit.rules import GENESIS, seal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: how many entries, and the first that does not fit (None: all fit)."""

    entries: int
    broken_at: int | None


def newest_act(*, besides: Collection[str]) -> Select[int]:
    """Return a select of the number of the newest entry whose subject is of no kind in `besides`.

    It is a counter of what happens in the house: entries commit in the order of their numbers, each with its act.
    """
    newest = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)
    return newest.where(AuditEntry.subject_kind.not_in(besides)) if besides else newest


def verify(session: Session) -> Verdict:
    """Walk the whole chain; a changed, dropped or inserted entry is named by its number."""
    previous, expected = GENESIS, 1
    statement = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    with session.execute(statement) as rows:
        for entry in rows.scalars():
            facts = {
                "id": entry.id,
                "recorded_at": entry.recorded_at,
                "actor_id": entry.actor_id,
                "actor_name": entry.actor_name,
                "verb": entry.verb,
                "subject_kind": entry.subject_kind,
                "subject_id": entry.subject_id,
                "facts": entry.facts,
            }
            if entry.id != expected or entry.previous_digest != previous or entry.digest != seal(previous, facts):
                return Verdict(expected - 1, expected)
            previous, expected = entry.digest, expected + 1
    return Verdict(expected - 1, None)


def history(session: Session, kind: str, subject: object, *, limit: int = 50) -> list[AuditEntry]:
    """Return the newest entries about one thing, newest first."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == str(subject))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))
