"""Pairings, kept as dated rows."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.mentoring.terms import PairingStatus
from scheduler.people.models import Person

_OPEN = text("status IN ('active', 'suspended')")


class Pairing(Base):
    """A mentor and a mentee for a period. One open pairing for a mentee."""

    __tablename__ = "pairing"
    __table_args__ = (
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        CheckConstraint("ends_on > starts_on", name="order"),
        Index("uq_pairing_open_mentee", "mentee_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "mentor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day; the pairing's period is closed, as the office's agreements state it."""
    content_areas: Mapped[str] = mapped_column(String(400), default="")
    """As written in the agreement, separated by 、."""
    status: Mapped[PairingStatus]

    mentor: Mapped[Person] = relationship(lazy="raise", foreign_keys=[mentor_id])
    mentee: Mapped[Person] = relationship(lazy="raise", foreign_keys=[mentee_id])

    def __repr__(self) -> str:
        return f"<Pairing {self.mentor_id}-{self.mentee_id}>"
