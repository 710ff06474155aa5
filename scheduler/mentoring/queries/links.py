"""What a confirmation link leads to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.mentoring.models import ConfirmationLink, GuidanceRecord, Pairing
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.people.models import Person
from scheduler.people.queries.signed_in import digest
from scheduler.people.terms import LinkState


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link, the record that it is for, and the names of the two."""

    id: int
    record_id: int
    mentor_id: int
    mentor: str
    mentee_id: int
    mentee: str


def find_link(session: Session, token: str, *, now: datetime) -> tuple[LinkState, OpenLink | None]:
    """Return what the link of `token` can still do, and where it leads if it is open."""
    mentor, mentee = aliased(Person), aliased(Person)
    row = session.execute(
        select(ConfirmationLink, GuidanceRecord, mentor.id, mentor.name, mentee.id, mentee.name)
        .join(GuidanceRecord, GuidanceRecord.id == ConfirmationLink.record_id)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(mentee, mentee.id == Pairing.mentee_id)
        .where(ConfirmationLink.token_digest == digest(token))
    ).one_or_none()
    if row is None:
        return LinkState.UNKNOWN, None
    link, found, mentor_id, mentor_name, mentee_id, mentee_name = row
    answered = found.confirmation is Confirmation.CONFIRMED or found.state is not RecordState.FILED
    if link.used_at is not None or answered:
        return LinkState.USED, None
    if link.expires_at <= now:
        return LinkState.EXPIRED, None
    return LinkState.OPEN, OpenLink(link.id, found.id, mentor_id, mentor_name, mentee_id, mentee_name)
