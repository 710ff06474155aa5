"""Attempts: what was drawn for a person, what was answered, what it was worth."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.people.models import Person
from scheduler.quizzes.models.bank import ItemVersion
from scheduler.quizzes.models.sittings import Sitting
from scheduler.quizzes.terms.attempts import AttemptState

_OPEN = text("state IN ('in_progress', 'overdue')")


class Attempt(Base):
    """One try of a person at a sitting. `score` is in hundredths of a point, `out_of` in points."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("sitting_id", "person_id", "number"),
        Index(
            "uq_quiz_attempt_open",
            "sitting_id",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_quiz_attempt_due", "deadline", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "person_id"),
        CheckConstraint("started_at <= deadline", name="order"),
        CheckConstraint("(state IN ('in_progress', 'overdue')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'graded' OR score IS NOT NULL", name="graded"),
        CheckConstraint("(score IS NULL) = (passed IS NULL)", name="passed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    state: Mapped[AttemptState]
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    heard_at: Mapped[datetime]
    """When the browser was last heard of: a start, a save."""
    ended_at: Mapped[datetime | None]
    """When it was handed in; of one that ran out, the deadline."""
    submit_key: Mapped[str | None] = mapped_column(String(64))
    """What makes a form handed in twice one submission."""
    score: Mapped[int | None]
    out_of: Mapped[int]
    passed: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    sitting: Mapped[Sitting] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Attempt {self.id} {self.state}>"


class Question(Base):
    """An item as it was drawn for an attempt, and the answer. Stored at the start, never drawn again.

    `answer` is the letters of the bank's order ("AC"), T or F, or what was written. `score` is in hundredths.
    """

    __tablename__ = "quiz_question"
    __table_args__ = (
        CheckConstraint("points BETWEEN 1 AND 100", name="points"),
        CheckConstraint("score BETWEEN 0 AND 100 * points", name="score"),
        Index(None, "item_version_id"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_item_version.id"))
    points: Mapped[int]
    order: Mapped[str] = mapped_column(String(10), default="")
    """The letters of the choices in the order in which this person sees them."""
    answer: Mapped[str] = mapped_column(Text, default="")
    seq: Mapped[int] = mapped_column(default=0)
    """How often it was saved: what an answer is based on."""
    score: Mapped[int | None]

    item_version: Mapped[ItemVersion] = relationship(lazy="raise")


class Mark(Base):
    """What a person gave for a short answer, in hundredths of a point; with double marking there are two."""

    __tablename__ = "quiz_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "position"],
            ["quiz_question.attempt_id", "quiz_question.position"],
            name="fk_quiz_mark_question",
        ),
        CheckConstraint("score >= 0", name="score"),
    )

    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    score: Mapped[int]
    remark: Mapped[str] = mapped_column(String(500), default="")
    marked_at: Mapped[datetime]
