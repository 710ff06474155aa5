"""Posting notices."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.notices.models import News, Notice
from scheduler.notices.queries import visible_to
from scheduler.notices.terms.bots import GROUP_FACTS, GROUP_KINDS


def post(
    session: Session,
    recipients: Iterable[int],
    *,
    kind: str,
    subject: str,
    slot: str,
    message_id: str,
    address: str,
    now: datetime,
    **facts: Any,
) -> None:
    """Put a notice for each recipient (person ids) into the outbox, in the transaction of the act that causes it.

    (kind, subject, recipient, slot) is unique: a repeat of the same act posts nothing more. One statement.
    """
    post_all(
        session, [Letter(tuple(recipients), subject, slot, address, facts)], kind=kind, message_id=message_id, now=now
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice about one subject: to whom (person ids), told apart by `slot`, and where to read more."""

    recipients: tuple[int, ...]
    subject: str
    slot: str
    address: str
    facts: Mapping[str, Any]


def post_all(session: Session, letters: Iterable[Letter], *, kind: str, message_id: str, now: datetime) -> None:
    """Post letters of one kind; otherwise as `post`. One statement however many, and one for groups where it is news."""
    letters = list(letters)
    told = [
        (letter, {"recipient_id": person_id}) for letter in letters for person_id in dict.fromkeys(letter.recipients)
    ]
    rows = [{**_row(letter, kind, message_id, now), **recipient} for letter, recipient in told]
    if rows:
        session.execute(insert_into(session, Notice).on_conflict_do_nothing(), rows)
    if letters and kind in GROUP_KINDS:
        news = [_row(letter, kind, message_id, now, only=GROUP_FACTS) for letter in letters]
        session.execute(insert_into(session, News).on_conflict_do_nothing(), news)


def _row(
    letter: Letter, kind: str, message_id: str, now: datetime, *, only: Collection[str] | None = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": letter.subject,
        "slot": letter.slot,
        "message_id": message_id,
        "facts": {name: fact for name, fact in letter.facts.items() if only is None or name in only},
        "address": letter.address,
        "posted_at": now,
    }


def mark_read(session: Session, actor: Actor, notice_id: int | None = None, *, now: datetime) -> int:
    """Note that the actor has read one notice, or all; those of others stay untouched. Returns how many were unread.

    Not audited: it concerns nobody but the reader.
    """
    unread = [visible_to(actor), Notice.read_at.is_(None)]
    if notice_id is not None:
        unread.append(Notice.id == notice_id)
    marked = session.scalars(update(Notice).where(*unread).values(read_at=now).returning(Notice.id))
    return len(marked.all())
