"""Handing mail on: claimed for a while, then settled in a short transaction; leases go by the database's clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from scheduler.core.database import DatabaseClock, insert_into
from scheduler.notices.models import Notice, SwitchedOn
from scheduler.notices.queries.outbox import mail_to_send
from scheduler.notices.rules.retrying import next_try
from scheduler.notices.rules.sending import MAIL_OFF
from scheduler.notices.terms.mail import MailState, Outgoing

MAIL = "mail"


def switch_mail_on(session: Session, *, now: datetime) -> datetime:
    """Return since when mail is on; notes `now` if it was off."""
    session.execute(insert_into(session, SwitchedOn).values(channel=MAIL, since=now).on_conflict_do_nothing())
    return session.scalars(select(SwitchedOn.since).where(SwitchedOn.channel == MAIL)).one()


def switch_mail_off(session: Session, *, now: datetime) -> None:
    """Note that mail is off: what waits will not be mailed, not even when it is on again."""
    session.execute(delete(SwitchedOn).where(SwitchedOn.channel == MAIL))
    session.execute(
        update(Notice)
        .where(Notice.mail == MailState.WAITING)
        .values(mail=MailState.SKIPPED, mail_note=MAIL_OFF, mail_ended_at=now)
        .execution_options(synchronize_session=False)
    )


def claim_mail(session: Session, *, limit: int, lease: timedelta, now: datetime) -> list[Outgoing]:
    """Take at most `limit` notices whose mail is due, the oldest first, until `lease` has passed.

    To be committed before anything is sent, so that others see it.
    """
    clock = session.scalars(select(DatabaseClock())).one()
    chosen = select(Notice.id).where(mail_to_send(now, clock)).order_by(Notice.posted_at, Notice.id).limit(limit)
    ids = session.scalars(chosen.with_for_update(skip_locked=True)).all()
    taken = (
        update(Notice)
        .where(Notice.id.in_(ids), mail_to_send(now, clock))
        .values(mail_claim=Notice.mail_claim + 1, mail_leased_until=clock + lease)
        .returning(Notice)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(map(_outgoing, session.scalars(taken)), key=lambda letter: (letter.posted_at, letter.notice_id))


def _outgoing(row: Notice) -> Outgoing:
    return Outgoing(
        row.id,
        row.mail_claim,
        row.kind,
        row.subject,
        row.recipient_id,
        row.slot,
        row.message_id,
        row.facts,
        row.address,
        row.posted_at,
        row.mail_failures,
        row.read_at is not None,
    )


def settle_mail(session: Session, letter: Outgoing, state: MailState, note: str = "", *, now: datetime) -> bool:
    """Note what became of a notice's mail. False: the lease was lost, and another has the word."""
    return _note(session, letter, mail=state, mail_note=note[:200], mail_ended_at=now, mail_leased_until=None)


def postpone_mail(session: Session, letter: Outgoing, until: datetime) -> bool:
    """Leave a notice's mail alone until then, which is no failure. False: as for `settle_mail`."""
    return _note(session, letter, mail_due_at=until, mail_leased_until=None)


def note_mail_failure(session: Session, letter: Outgoing, note: str, *, now: datetime) -> bool:
    """Note that the mail could not be sent now; it is tried again later, or given up. False: as for `settle_mail`."""
    failures = letter.failures + 1
    again = next_try(failures, letter.posted_at, now)
    if again is None:
        return settle_mail(session, letter, MailState.FAILED, note, now=now)
    return _note(
        session, letter, mail_failures=failures, mail_due_at=again, mail_note=note[:200], mail_leased_until=None
    )


def release_mail(session: Session, letters: Iterable[Outgoing]) -> None:
    """Give back what was taken and not tried."""
    for letter in letters:
        _note(session, letter, mail_leased_until=None)


def _note(session: Session, letter: Outgoing, **values: Any) -> bool:
    done = session.execute(
        update(Notice)
        .where(Notice.id == letter.notice_id, Notice.mail_claim == letter.claim, Notice.mail == MailState.WAITING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1
