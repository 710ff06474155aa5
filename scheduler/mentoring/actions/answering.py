"""What the mentee says of a record: confirmed, with a reflection if wanted, or disputed; signed in or by a link."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, system_actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_text
from scheduler.mentoring.models import ConfirmationLink, GuidanceRecord, Pairing
from scheduler.mentoring.queries import get_record
from scheduler.mentoring.queries.links import OpenLink
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.notices.actions import post
from scheduler.people.actions.doors import TOKEN_BYTES
from scheduler.people.queries.signed_in import digest

LONGEST_ANSWER = 1000
LINK_LIFE = timedelta(days=14)
_SAID = {
    Confirmation.CONFIRMED: lazy("%(mentee)s confirmed the guidance of %(day)s."),
    Confirmation.DISPUTED: lazy("%(mentee)s disputes the record of %(day)s. Look at it, and correct or withdraw it."),
}


def answer_guidance(
    session: Session, actor: Actor, record_id: int, answer: Confirmation, text: str, *, now: datetime
) -> GuidanceRecord:
    """Let the mentee confirm or dispute a record. Who disputed may confirm later, not the other way round.

    Refuses everybody else (Missing), a record that does not stand, a dispute without a word, and a confirmed record.
    """
    found, shown = get_record(session, actor, record_id)
    if not shown.is_guided:
        raise Missing
    names = (shown.pairing.mentor_id, shown.pairing.mentee.name)
    return _answer(session, actor, found, answer, text, *names, now=now)


def answer_by_link(session: Session, link: OpenLink, answer: Confirmation, text: str, *, now: datetime) -> None:
    """Spend a link on an answer; whoever holds it answers as the mentee. Refuses a link that was spent meanwhile."""
    actor = Actor(name=link.mentee, person_id=link.mentee_id)
    found = session.get(GuidanceRecord, link.record_id)
    if found is None:  # pragma: no cover - records are never deleted
        raise Missing
    _answer(session, actor, found, answer, text, link.mentor_id, link.mentee, now=now)
    spent = session.scalar(
        update(ConfirmationLink)
        .where(ConfirmationLink.id == link.id, ConfirmationLink.used_at.is_(None), ConfirmationLink.expires_at > now)
        .values(used_at=now)
        .returning(ConfirmationLink.id)
    )
    if spent is None:
        raise Refusal(lazy("This link has been used, or it ran out. Ask your mentor for a new one."))


def make_confirmation_link(session: Session, actor: Actor, record_id: int, *, now: datetime) -> str:
    """Make the mentor a link for the mentee and return its token, which nobody can read again.

    It works once within fourteen days; earlier links of the record stop. Refuses everybody but the mentor (Missing),
    and a record that waits for no answer.
    """
    found, shown = get_record(session, actor, record_id)
    if not shown.guides:
        raise Missing
    if found.state is not RecordState.FILED or found.confirmation is Confirmation.CONFIRMED:
        raise Refusal(lazy("This record waits for no answer."))
    unused = (ConfirmationLink.record_id == found.id, ConfirmationLink.used_at.is_(None))
    session.execute(update(ConfirmationLink).where(*unused).values(used_at=now))
    token = _write_link(session, found.id, now)
    record(session, actor, "link_made", "guidance_record", found.id, now=now)
    return token


def mint_confirmation_link(session: Session, record_id: int, mentee_id: int, *, now: datetime) -> str | None:
    """Make a link for the mail that asks the mentee to confirm; None where nothing waits for that person's answer.

    Links that were made before stay good: a mail may arrive twice, and the mentor may be showing a code just now.
    Whichever is used first spends the record's question for all of them.
    """
    waiting = (
        select(GuidanceRecord.id)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .where(
            GuidanceRecord.id == record_id,
            GuidanceRecord.state == RecordState.FILED,
            GuidanceRecord.confirmation == Confirmation.UNCONFIRMED,
            Pairing.mentee_id == mentee_id,
        )
    )
    if session.scalar(waiting) is None:
        return None
    token = _write_link(session, record_id, now)
    record(session, system_actor("mail"), "link_made", "guidance_record", record_id, now=now)
    return token


def _write_link(session: Session, record_id: int, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ConfirmationLink(record_id=record_id, token_digest=digest(token), made_at=now, expires_at=now + LINK_LIFE)
    session.add(link)
    return token


def _answer(
    session: Session,
    actor: Actor,
    found: GuidanceRecord,
    answer: Confirmation,
    text: str,
    mentor_id: int,
    mentee: str,
    *,
    now: datetime,
) -> GuidanceRecord:
    text = clean_text(text, limit=LONGEST_ANSWER, label=lazy_gettext("Your words"))
    if answer is Confirmation.UNCONFIRMED:
        raise Missing
    if answer is Confirmation.DISPUTED and not text:
        raise Refusal(lazy("Say what is not right, so that it can be corrected."), field="words")
    if found.confirmation is Confirmation.CONFIRMED:
        if answer is Confirmation.CONFIRMED:
            return found
        raise Refusal(lazy("You have confirmed this record already."))
    done = session.scalar(
        update(GuidanceRecord)
        .where(
            GuidanceRecord.id == found.id,
            GuidanceRecord.state == RecordState.FILED,
            GuidanceRecord.confirmation != Confirmation.CONFIRMED,
        )
        .values(confirmation=answer, answered_at=now, answer=text)
        .returning(GuidanceRecord.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Refusal(lazy("This record was withdrawn or corrected; there is nothing to answer any more."))
    session.refresh(found)
    record(session, actor, answer, "guidance_record", found.id, now=now)
    post(
        session,
        [mentor_id],
        kind=f"guidance_{answer}",
        subject=f"guidance:{found.id}",
        slot="",
        message_id=_SAID[answer],
        address=f"/mentoring/records/{found.id}",
        now=now,
        mentee=mentee,
        day=found.day.isoformat(),
    )
    return found
