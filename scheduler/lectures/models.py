"""Lecture series and their evenings."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.models import Activity, Audience, Venue
from scheduler.core.database import Base
from scheduler.lectures.terms import HolidayChoice


class Programme(Base):
    """An evening school: a weekday and time that several series (strands) share in turn."""

    __tablename__ = "evening_programme"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("ends_on >= begins_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    weekday: Mapped[int]
    """0 is Monday, 3 is Thursday."""
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    host_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    venue: Mapped[Venue | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute


class Series(Base):
    """A strand of an evening school, such as 产业大讲堂; `turn` is its place in the alternation.

    Its subscribers are its audience's membership.
    """

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("programme_id", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("evening_programme.id"))
    name: Mapped[str] = mapped_column(String(120), unique=True)
    turn: Mapped[int]
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), unique=True)
    version: Mapped[int] = mapped_column()

    programme: Mapped[Programme] = relationship(lazy="raise")
    audience: Mapped[Audience] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute


class Evening(Base):
    """One evening of a series. `slot_on` is the date that the rule gave; the activity says what came of it."""

    __tablename__ = "evening"
    __table_args__ = (UniqueConstraint("series_id", "slot_on"), UniqueConstraint("activity_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    slot_on: Mapped[date]

    series: Mapped[Series] = relationship(lazy="raise")
    activity: Mapped[Activity] = relationship(lazy="raise")


class HolidayDecision(Base):
    """What was decided about a slot of the rule that falls on a public holiday, by whom and why."""

    __tablename__ = "holiday_decision"
    __table_args__ = (UniqueConstraint("programme_id", "slot_on"), Index(None, "programme_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("evening_programme.id"))
    slot_on: Mapped[date]
    choice: Mapped[HolidayChoice]
    moved_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
