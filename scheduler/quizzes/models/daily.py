"""A question a day: who wants it, and what was asked. Nothing here is a score, and nothing counts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base


class DailyChoice(Base):
    """Somebody wants a question a day, of one topic of the bank or (NULL) of any; no row: does not."""

    __tablename__ = "daily_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime]
    topic: Mapped[str | None] = mapped_column(String(80))


class DailyQuestion(Base):
    """The question of a person's day. `answer` is as in Question; whether it was right is kept nowhere."""

    __tablename__ = "daily_question"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(None, "asked_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """In the organisation's zone."""
    item_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_item_version.id"))
    order: Mapped[str] = mapped_column(String(10))
    """The letters of the choices in the order in which this person sees them."""
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
