"""The outbox: one row for each message that somebody must get."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.notices.terms.mail import MailState

_WAITING = text("mail = 'waiting'")


class Notice(Base):
    """A message to one recipient. (kind, subject, recipient, slot) makes it unique, so a retry posts no second one.

    The row is the notice in the inbox, and the outbox of its mail: what is posted is on its way at once, in the
    causing transaction, and no second row can be forgotten.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "recipient_id", "slot"),
        CheckConstraint("mail_claim >= 0 AND mail_failures >= 0", name="mail_counts"),
        Index(None, "recipient_id", "posted_at"),
        Index("ix_notice_mail_waiting", "posted_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    recipient_id: Mapped[int]
    """The person's id; people stand above this package, so the key is checked there."""
    slot: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str] = mapped_column(String(400))
    """English sentence with %(name)s places, translated for the reader when shown."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(300))
    """The page that it is about, as a path."""
    posted_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    mail: Mapped[MailState] = mapped_column(default=MailState.WAITING, server_default=MailState.WAITING.value)
    mail_due_at: Mapped[datetime | None]
    """Not to be tried before; empty: at once."""
    mail_claim: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """The fencing token: raised by whoever takes the notice to send it."""
    mail_leased_until: Mapped[datetime | None]
    mail_failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    mail_note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why it was skipped or failed: a message id, or what the mail server said."""
    mail_ended_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"<Notice {self.id} {self.kind} {self.subject}>"
