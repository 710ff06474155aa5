"""The outbox: one row for each message that somebody must get."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base


class Notice(Base):
    """A message to one recipient. (kind, subject, recipient, slot) makes it unique, so a retry posts no second one."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "recipient_id", "slot"),
        Index(None, "recipient_id", "posted_at"),
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

    def __repr__(self) -> str:
        return f"<Notice {self.id} {self.kind} {self.subject}>"
