"""Adding to the history of a pairing."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.mentoring.models import Pairing, PairingEvent
from scheduler.mentoring.terms import PairingEventKind


def append(
    session: Session,
    actor: Actor,
    pairing: Pairing,
    what: PairingEventKind,
    *,
    day: date,
    now: datetime,
    reason: str = "",
    before: str = "",
) -> None:
    """Write what happened to a pairing into its history and into the audit record."""
    session.add(
        PairingEvent(
            pairing_id=pairing.id,
            what=what,
            day=day,
            noted_at=now,
            by_id=actor.person_id,
            by_name=actor.name[:80],
            reason=reason,
            before=before,
        )
    )
    record(session, actor, what, "pairing", pairing.id, now=now, day=day, reason=reason)
