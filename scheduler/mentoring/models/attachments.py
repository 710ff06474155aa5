"""Files beside guidance records, kept in the database: one backup holds all, and every process and machine sees them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base


class GuidanceAttachment(Base):
    """A file beside a record. Its content is a row of its own, so that lists never read it."""

    __tablename__ = "guidance_attachment"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("guidance_record.id"), index=True)
    stored_as: Mapped[str] = mapped_column(String(40), unique=True)
    """Unguessable; its part of the address."""
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes."""
    added_at: Mapped[datetime]


class AttachmentContent(Base):
    """What a file holds."""

    __tablename__ = "guidance_attachment_content"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("guidance_attachment.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
