"""Schedules, and what came of each of their days."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.models import Activity
from scheduler.core.database import Base
from scheduler.people.models import Unit
from scheduler.quizzes.models.papers import Paper
from scheduler.quizzes.models.sittings import RulesMixin, Sitting, rules_checks
from scheduler.quizzes.terms.schedules import Rhythm

_OF_A_DAY = text("lesson_id IS NULL")


class QuizSchedule(RulesMixin, Base):
    """A paper that is held again and again; see SchedulePlan and SittingRules."""

    __tablename__ = "quiz_schedule"
    __table_args__ = (
        *rules_checks(),
        CheckConstraint("day BETWEEN 1 AND 31", name="day"),
        CheckConstraint("nth BETWEEN 1 AND 5", name="nth"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("open_minutes BETWEEN 1 AND 1440", name="open"),
        CheckConstraint("delay_minutes BETWEEN 0 AND 10080", name="delay"),
        CheckConstraint("lead_days BETWEEN 1 AND 60", name="lead"),
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("rhythm <> 'lesson' OR audience_id IS NOT NULL", name="lessons"),
        Index(None, "paper_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    paper_id: Mapped[int] = mapped_column(ForeignKey("quiz_paper.id"))
    host_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"))
    """None: its ScheduleUnits are due."""
    rhythm: Mapped[Rhythm]
    day: Mapped[int]
    nth: Mapped[int]
    weekday: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    opens: Mapped[time]
    delay_minutes: Mapped[int]
    open_minutes: Mapped[int]
    lead_days: Mapped[int]
    stopped_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    paper: Mapped[Paper] = relationship(lazy="raise")
    host_unit: Mapped[Unit] = relationship(lazy="raise")
    units: Mapped[list["ScheduleUnit"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ScheduleUnit.unit_id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<QuizSchedule {self.id} {self.rhythm}>"


class ScheduleUnit(Base):
    """A unit whose people are due at each sitting of a schedule."""

    __tablename__ = "quiz_schedule_unit"
    __table_args__ = (Index(None, "unit_id"),)

    schedule_id: Mapped[int] = mapped_column(ForeignKey("quiz_schedule.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class ScheduledSitting(Base):
    """What came of one day, or one lesson, of a schedule: one row, and so one sitting, whoever makes it how often."""

    __tablename__ = "quiz_scheduled_sitting"
    __table_args__ = (
        Index(
            "uq_quiz_scheduled_sitting_day",
            "schedule_id",
            "day",
            unique=True,
            sqlite_where=_OF_A_DAY,
            postgresql_where=_OF_A_DAY,
        ),
        UniqueConstraint("schedule_id", "lesson_id"),
        UniqueConstraint("sitting_id"),
        CheckConstraint("skipped_at IS NULL OR sitting_id IS NULL", name="skipped"),
        CheckConstraint("(lesson_id IS NULL) = (lesson_ends_at IS NULL)", name="lesson"),
        Index(None, "lesson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("quiz_schedule.id"))
    day: Mapped[date]
    """As the rhythm falls; that on which it is held may be a later working day."""
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    lesson_ends_at: Mapped[datetime | None]
    """As the sitting last followed it; where the lesson ends at another time now, the sitting is moved by as much."""
    opens_at: Mapped[datetime]
    """As it was planned from here; the office may have moved the sitting since."""
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_sitting.id"))
    skipped_at: Mapped[datetime | None]
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Why it could not be made the last time that it was tried: message_id, and the facts."""

    sitting: Mapped[Sitting | None] = relationship(lazy="raise")
    lesson: Mapped[Activity | None] = relationship(lazy="raise")
