"""What came of a sitting: each who was due, each unit, and the orders to train again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.people.models import Person, Unit
from scheduler.quizzes.models.sittings import Sitting
from scheduler.quizzes.terms.results import OrderState, Outcome, Standing


class Candidate(Base):
    """One who was due when the sitting closed; `unit_id` is the home unit at that moment, frozen."""

    __tablename__ = "quiz_candidate"
    __table_args__ = (Index(None, "sitting_id", "judged_unit_id"), Index(None, "person_id"))

    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    judged_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """The unit whose rate the person counts in: the nearest at or above the own one that is no section."""
    outcome: Mapped[Outcome]
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_attempt.id"))
    """The attempt that counts: the best."""
    score: Mapped[int | None]

    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[unit_id])


class UnitResult(Base):
    """The tally of a judged unit at a sitting: kept with each change of a Candidate, and equal to the recount."""

    __tablename__ = "quiz_unit_result"
    __table_args__ = (
        CheckConstraint(
            "passed >= 0 AND failed >= 0 AND absent >= 0 AND exempt >= 0 AND deferred >= 0 AND pending >= 0",
            name="counts",
        ),
        Index(None, "unit_id"),
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    passed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)
    deferred: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    standing: Mapped[Standing | None]
    """Set when the result becomes final."""
    final_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(lazy="raise")


class RetrainingOrder(Base):
    """A unit trains again: one order for (sitting, unit, round), whoever asks for it how often.

    `sitting_id` is the sitting that began it all; the rounds that follow name it too.
    """

    __tablename__ = "retraining_order"
    __table_args__ = (
        UniqueConstraint("sitting_id", "unit_id", "round"),
        CheckConstraint("round BETWEEN 1 AND 3", name="round"),
        CheckConstraint("state <> 'confirmed' OR class_id IS NOT NULL", name="confirmed_has_class"),
        Index(None, "unit_id"),
        Index("ix_retraining_order_open", "proposed_at", sqlite_where=text("state = 'proposed'"),
              postgresql_where=text("state = 'proposed'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    judged_sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    """The sitting whose result ordered this round; in round 1 the same as `sitting_id`."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round: Mapped[int]
    state: Mapped[OrderState]
    passed: Mapped[int]
    """Of `counted` people, when it was proposed."""
    counted: Mapped[int]
    threshold: Mapped[int]
    proposed_at: Mapped[datetime]
    confirms_at: Mapped[datetime | None]
    """When it confirms itself."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("study_class.id"))
    next_sitting_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_sitting.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    sitting: Mapped[Sitting] = relationship(lazy="raise", foreign_keys=[sitting_id])
    unit: Mapped[Unit] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<RetrainingOrder {self.id} round {self.round} {self.state}>"
