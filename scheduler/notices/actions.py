"""Posting notices."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.notices.models import Notice


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
    rows = [
        {
            "kind": kind,
            "subject": subject,
            "recipient_id": person_id,
            "slot": slot,
            "message_id": message_id,
            "facts": facts,
            "address": address,
            "posted_at": now,
        }
        for person_id in dict.fromkeys(recipients)
    ]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Notice).on_conflict_do_nothing(), rows)
