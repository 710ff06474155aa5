"""Programmes of mentoring with their lists, all of them data."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.mentoring.terms import WordsFor


class Programme(Base):
    """A programme such as 红色导师: what its pairings owe, and who may read the words of their records."""

    __tablename__ = "mentoring_programme"
    __table_args__ = (
        CheckConstraint("duty BETWEEN 0 AND 31", name="duty"),
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint("grace_days BETWEEN 0 AND 31", name="grace_days"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    duty: Mapped[int] = mapped_column(default=2)
    """Guidance sessions that a pairing owes in a calendar month."""
    capacity: Mapped[int] = mapped_column(default=1)
    """Mentees that a mentor may guide at a time."""
    grace_days: Mapped[int] = mapped_column(default=5)
    """Days after a month's end in which a record of it is still in time."""
    words_for: Mapped[WordsFor] = mapped_column(default=WordsFor.PAIR)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def name(self, language: str) -> str:
        """Return the name in `language` (zh_CN or en)."""
        return self.name_en if language == "en" else self.name_zh

    def __repr__(self) -> str:
        return f"<Programme {self.code}>"


class _Listed:
    """A row of a list that belongs to a programme; `position` is its place, from 0."""

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("mentoring_programme.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]

    def name(self, language: str) -> str:
        """Return the name in `language` (zh_CN or en)."""
        return self.name_en if language == "en" else self.name_zh


class ContentArea(_Listed, Base):
    """What guidance is about (内容方面)."""

    __tablename__ = "content_area"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)


class GuidanceMode(_Listed, Base):
    """How guidance is given (指导方式)."""

    __tablename__ = "guidance_mode"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)


class EndReason(_Listed, Base):
    """Why a pairing may end early."""

    __tablename__ = "pairing_end_reason"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)
