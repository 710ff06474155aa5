"""What runs by itself, any number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import system_actor
from scheduler.core.errors import lazy
from scheduler.mentoring import actions
from scheduler.mentoring.actions.answering import mint_confirmation_link
from scheduler.mentoring.models import GuidanceRecord, Pairing
from scheduler.mentoring.queries import areas_of
from scheduler.notices.terms.mail import Enclosure, Outgoing
from scheduler.people.models import Person


def complete_pairings(session: Session, *, zone: ZoneInfo, now: datetime) -> int:
    """Daily: complete the pairings whose last day is over. Returns how many."""
    return actions.complete_over(session, system_actor("complete_pairings"), zone=zone, now=now)


def enclose_confirmation(session: Session, letter: Outgoing, language: str, now: datetime) -> Enclosure | None:
    """Give the mail about a filed record its facts and a link that confirms without a password; never its words.

    None where nothing waits for an answer any more.
    """
    record_id = int(letter.subject.removeprefix("guidance:"))
    token = mint_confirmation_link(session, record_id, letter.recipient_id, now=now)
    if token is None:
        return None
    day, mentor = session.execute(
        select(GuidanceRecord.day, Person.name)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .join(Person, Person.id == Pairing.mentor_id)
        .where(GuidanceRecord.id == record_id)
    ).one()
    areas = areas_of(session, [record_id], language).get(record_id, ())
    facts = ((lazy("Mentor"), mentor), (lazy("Day"), day), (lazy("Content areas"), " · ".join(areas)))
    return Enclosure(facts, lazy("Confirm without a password"), f"/confirm/{token}")
