"""Special study classes and the sessions of their timetables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.models import Activity, Audience
from scheduler.classes.terms import ClassMode, ClassStatus, PartOfDay, TeachingMode
from scheduler.core.database import Base
from scheduler.people.models import Unit


class StudyClass(Base):
    """A special study class (专题研修班), one run of it. Its roster is its audience's membership.

    `taken` counts the roster and is changed by conditional updates only, so a class is never oversold.
    """

    __tablename__ = "study_class"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="order"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("run_number >= 1", name="run_number"),
        Index(None, "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    theme: Mapped[str] = mapped_column(String(120), default="")
    host_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    organiser_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    run_number: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    hours: Mapped[int] = mapped_column(default=0)
    mode: Mapped[ClassMode]
    budget: Mapped[float | None] = mapped_column(Numeric(12, 2, asdecimal=False))
    """Yuan for the whole class."""
    status: Mapped[ClassStatus]
    published_at: Mapped[datetime | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("study_class.id"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), unique=True)
    version: Mapped[int] = mapped_column()

    host_unit: Mapped[Unit] = relationship(lazy="raise", foreign_keys=[host_unit_id])
    organiser_unit: Mapped[Unit | None] = relationship(lazy="raise", foreign_keys=[organiser_unit_id])
    audience: Mapped[Audience] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<StudyClass {self.code}>"


class Quota(Base):
    """How many places of a class a unit is given (名额分配)."""

    __tablename__ = "quota"
    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    class_id: Mapped[int] = mapped_column(ForeignKey("study_class.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    places: Mapped[int]


class ClassSession(Base):
    """A row of a timetable (课程表): which part of the day an activity of the class is, and how it is taught."""

    __tablename__ = "class_session"
    __table_args__ = (UniqueConstraint("activity_id"), Index(None, "class_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("study_class.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    part_of_day: Mapped[PartOfDay]
    teaching_mode: Mapped[TeachingMode]

    activity: Mapped[Activity] = relationship(lazy="raise")
