"""What comes before and after a record: drafts, links to confirm it, the lock of its month."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.mentoring.models.pairings import Pairing
from scheduler.mentoring.models.records import GuidanceRecord
from scheduler.people.models import Unit


class ConfirmationLink(Base):
    """A link by which the mentee answers one record once, without a password; only its digest is kept."""

    __tablename__ = "confirmation_link"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="order"), Index(None, "record_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("guidance_record.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    record: Mapped[GuidanceRecord] = relationship(lazy="raise")


class GuidanceDraft(Base):
    """What an author has typed for a pairing and not filed yet; nobody else ever sees it."""

    __tablename__ = "guidance_draft"
    __table_args__ = (UniqueConstraint("author_id", "pairing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]

    pairing: Mapped[Pairing] = relationship(lazy="raise")


class MonthLock(Base):
    """A month that is closed for the mentees of a unit and of all units below; the root closes it for everybody."""

    __tablename__ = "month_lock"
    __table_args__ = (
        CheckConstraint("strftime('%d', month) = '01'", name="first_day").ddl_if(dialect="sqlite"),
        CheckConstraint("extract(day FROM month) = 1", name="first_day").ddl_if(dialect="postgresql"),
        CheckConstraint("(reopened_at IS NULL) = (reopen_reason = '')", name="reopened"),
        Index(
            "uq_month_lock_open",
            "unit_id",
            "month",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
        Index(None, "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[date]
    """The first day of the month."""
    locked_at: Mapped[datetime]
    locked_by: Mapped[str] = mapped_column(String(80))
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[str] = mapped_column(String(80), default="")
    reopen_reason: Mapped[str] = mapped_column(String(300), default="")

    unit: Mapped[Unit] = relationship(lazy="raise")
