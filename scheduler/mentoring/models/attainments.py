"""What the unit's officer found of a mentee at the end of a pairing; corrected by a row that takes the place of the former."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base

_STANDS = text("replaced_at IS NULL")


class Attainment(Base):
    """Whether a mentee attained what the pairing was for (业务能力达标), with the evidence."""

    __tablename__ = "pairing_attainment"
    __table_args__ = (
        CheckConstraint("length(evidence) > 0", name="evidence"),
        Index(
            "uq_pairing_attainment_stands", "pairing_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index(None, "pairing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    attained: Mapped[bool]
    day: Mapped[date]
    """The day of the assessment."""
    evidence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it takes the place of an earlier one."""
    noted_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(80))
    replaced_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"<Attainment {self.id} of pairing {self.pairing_id}>"
