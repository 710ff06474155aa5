"""Guidance records: filed once, never edited; what was wrong is withdrawn or corrected by a new row."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.core.schema import guard
from scheduler.mentoring.models.pairings import Pairing
from scheduler.mentoring.models.programmes import GuidanceMode
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.people.models import Person

_STANDS = text("state = 'filed'")


class GuidanceRecord(Base):
    """One guidance session of a pairing, as the mentor recorded it; it counts for the month of `day`."""

    __tablename__ = "guidance_record"
    __table_args__ = (
        UniqueConstraint("pairing_id", "key"),
        UniqueConstraint("corrects_id"),
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("next_day IS NULL OR next_day >= day", name="next_day"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(confirmation = 'unconfirmed') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state <> 'withdrawn' OR confirmation <> 'confirmed'", name="confirmed_stays"),
        CheckConstraint("first_filed_at <= filed_at", name="filed"),
        Index(
            "uq_guidance_record_same",
            "pairing_id",
            "day",
            "text_digest",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(
            "uq_guidance_record_activity",
            "pairing_id",
            "activity_id",
            unique=True,
            sqlite_where=text("state = 'filed' AND activity_id IS NOT NULL"),
            postgresql_where=text("state = 'filed' AND activity_id IS NOT NULL"),
        ),
        Index(None, "day", "pairing_id", "state", "confirmation"),  # all that a count of a month reads
        Index(None, "meeting", sqlite_where=text("meeting IS NOT NULL"), postgresql_where=text("meeting IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    day: Mapped[date]
    """The date of guidance in the organisation's zone."""
    mode_id: Mapped[int] = mapped_column(ForeignKey("guidance_mode.id"))
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(32))
    """So that the database can refuse the same pairing, day and text twice."""
    minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_day: Mapped[date | None]
    key: Mapped[str] = mapped_column(String(64))
    """What makes a form sent twice one record."""
    meeting: Mapped[str | None] = mapped_column(String(32))
    """The same for the records of one joint session."""
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    """The planned meeting that it came from."""
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    first_filed_at: Mapped[datetime]
    """When the first of a chain of corrections was filed: that decides whether it was late."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("guidance_record.id"))
    state: Mapped[RecordState] = mapped_column(default=RecordState.FILED)
    withdrawn_at: Mapped[datetime | None]
    confirmation: Mapped[Confirmation] = mapped_column(default=Confirmation.UNCONFIRMED)
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """The mentee's reflection, or what is disputed."""

    pairing: Mapped[Pairing] = relationship(lazy="raise")
    mode: Mapped[GuidanceMode] = relationship(lazy="raise")
    filed_by: Mapped[Person | None] = relationship(lazy="raise")

    def __repr__(self) -> str:
        return f"<GuidanceRecord {self.id} of pairing {self.pairing_id} on {self.day}>"


class GuidanceArea(Base):
    """A content area that a record is about."""

    __tablename__ = "guidance_area"
    __table_args__ = (Index(None, "area_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("guidance_record.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("content_area.id"), primary_key=True)


_KEPT = (
    "pairing_id", "day", "mode_id", "text", "text_digest", "minutes", "place", "next_step", "next_day", "key", "meeting",
    "activity_id", "filed_at", "filed_by_id", "first_filed_at", "corrects_id",
)  # fmt: skip
_CHANGED_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
_CHANGED_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
_SAID = "a filed guidance record is never edited"

guard(
    GuidanceRecord,
    sqlite=(
        (
            "CREATE TRIGGER guidance_record_kept BEFORE UPDATE ON guidance_record "
            f"WHEN {_CHANGED_SQLITE} OR (OLD.state <> 'filed' AND NEW.state <> OLD.state) "
            f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        ),
        (
            "CREATE TRIGGER guidance_record_no_delete BEFORE DELETE ON guidance_record "
            f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        ),
    ),
    postgresql=(
        (
            "CREATE FUNCTION guidance_record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'check_violation'; END $$"
        ),
        (
            "CREATE TRIGGER guidance_record_kept BEFORE UPDATE ON guidance_record FOR EACH ROW "
            f"WHEN ({_CHANGED_POSTGRESQL} OR (OLD.state <> 'filed' AND NEW.state <> OLD.state)) "
            "EXECUTE FUNCTION guidance_record_refuse()"
        ),
        (
            "CREATE TRIGGER guidance_record_no_delete BEFORE DELETE ON guidance_record "
            "FOR EACH ROW EXECUTE FUNCTION guidance_record_refuse()"
        ),
    ),
)
