"""Pairings, kept as dated rows, with a history that nobody can rewrite."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.models import Audience
from scheduler.core.database import Base
from scheduler.core.schema import guard
from scheduler.mentoring.models.programmes import EndReason, Programme
from scheduler.mentoring.terms import PairingEventKind, PairingStatus
from scheduler.people.models import Person

_OPEN = text("status IN ('active', 'suspended')")


class Pairing(Base):
    """A mentor and a mentee for a period. One open pairing for a mentee."""

    __tablename__ = "pairing"
    __table_args__ = (
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        CheckConstraint("ends_on > starts_on", name="order"),
        CheckConstraint("term >= 1", name="term"),
        CheckConstraint("(status IN ('completed', 'ended_early')) = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("status = 'ended_early' OR end_reason_id IS NULL", name="end_reason"),
        Index("uq_pairing_open_mentee", "mentee_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "mentor_id"),
        Index(None, "mentee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The leader who stands beside the mentor (责任领导)."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("mentoring_programme.id"))
    term: Mapped[int] = mapped_column(default=1)
    """Which term of the same two it is, from 1."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day as agreed; the pairing's period is closed, as the office's agreements state it."""
    closed_on: Mapped[date | None]
    """The last day in force of what is over: before `ends_on` where it ended early."""
    content_areas: Mapped[str] = mapped_column(String(400), default="")
    """As written in the agreement, separated by 、."""
    goals: Mapped[str] = mapped_column(Text, default="")
    development_plan: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[PairingStatus]
    mentor_agreed_at: Mapped[datetime | None]
    mentee_agreed_at: Mapped[datetime | None]
    end_reason_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_end_reason.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"), unique=True)
    """The two as an audience of the agenda, once a meeting is planned."""
    version: Mapped[int] = mapped_column(default=1)

    mentor: Mapped[Person] = relationship(lazy="raise", foreign_keys=[mentor_id])
    mentee: Mapped[Person] = relationship(lazy="raise", foreign_keys=[mentee_id])
    sponsor: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[sponsor_id])
    programme: Mapped[Programme] = relationship(lazy="raise")
    end_reason: Mapped[EndReason | None] = relationship(lazy="raise")
    audience: Mapped[Audience | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    @property
    def last_day(self) -> date:
        """The last day that counts: the agreed one, or the one on which the pairing was closed before."""
        return min(self.closed_on or self.ends_on, self.ends_on)

    def __repr__(self) -> str:
        return f"<Pairing {self.mentor_id}-{self.mentee_id}>"


class PairingEvent(Base):
    """Something that happened to a pairing; appended, never changed."""

    __tablename__ = "pairing_event"
    __table_args__ = (Index(None, "pairing_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    what: Mapped[PairingEventKind]
    day: Mapped[date]
    """From which day it holds, in the organisation's zone."""
    noted_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(300), default="")
    before: Mapped[str] = mapped_column(Text, default="")
    """What stood there before a change."""


class PairingPause(Base):
    """A suspension: from `starts_on` up to, not including, `ends_on`; open while it lasts."""

    __tablename__ = "pairing_pause"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="order"),
        Index(
            "uq_pairing_pause_open",
            "pairing_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index(None, "pairing_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))


guard(
    PairingEvent,
    sqlite=tuple(
        f"CREATE TRIGGER pairing_event_no_{act} BEFORE {act.upper()} ON pairing_event "
        "BEGIN SELECT RAISE(ABORT, 'the history of a pairing is append-only'); END"
        for act in ("update", "delete")
    ),
    postgresql=(
        (
            "CREATE FUNCTION pairing_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the history of a pairing is append-only' USING ERRCODE = 'check_violation'; END $$"
        ),
        (
            "CREATE TRIGGER pairing_event_no_change BEFORE UPDATE OR DELETE ON pairing_event "
            "FOR EACH ROW EXECUTE FUNCTION pairing_event_refuse()"
        ),
    ),
)
