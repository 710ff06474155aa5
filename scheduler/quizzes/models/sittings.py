"""Sittings, what was granted to whom, and rulings on single items."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.models import Activity
from scheduler.core.database import Base
from scheduler.quizzes.models.bank import ItemVersion
from scheduler.quizzes.models.papers import Paper
from scheduler.quizzes.terms.sittings import Attendees, Concession, Denominator, PartialCredit, Release


class RulesMixin:
    """The columns of SittingRules."""

    length_minutes: Mapped[int]
    attempts: Mapped[int]
    pass_mark: Mapped[int]
    threshold: Mapped[int]
    denominator: Mapped[Denominator]
    smallest_unit: Mapped[int]
    credit: Mapped[PartialCredit]
    release: Mapped[Release]
    explanations: Mapped[bool]
    double_marking: Mapped[bool]
    stagger_minutes: Mapped[int]
    regrade_days: Mapped[int]
    confirm_days: Mapped[int]
    attendees: Mapped[Attendees]


def rules_checks() -> tuple[CheckConstraint, ...]:
    """Return what the database holds of the rules, for each table that has them."""
    return (
        CheckConstraint("length_minutes BETWEEN 1 AND 1440", name="length"),
        CheckConstraint("attempts BETWEEN 1 AND 20", name="attempts"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark"),
        CheckConstraint("threshold BETWEEN 1 AND 100", name="threshold"),
    )


class Sitting(RulesMixin, Base):
    """A paper held at a time. Its activity says when it opens and closes, and who is due; see SittingRules."""

    __tablename__ = "quiz_sitting"
    __table_args__ = (
        UniqueConstraint("activity_id"),
        *rules_checks(),
        CheckConstraint("settled_at IS NULL OR closed_at IS NOT NULL", name="settled"),
        Index(None, "paper_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("quiz_paper.id"))
    released_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When its roster was frozen; the rows are its Candidates."""
    settled_at: Mapped[datetime | None]
    """When the results of its units became final."""
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    activity: Mapped[Activity] = relationship(lazy="raise")
    paper: Mapped[Paper] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Sitting {self.id}>"


class Grant(Base):
    """What was granted for a sitting: more time to a person or a whole unit; exemption or deferral to a person."""

    __tablename__ = "quiz_grant"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="one_subject"),
        CheckConstraint("(concession = 'more_time') = (minutes IS NOT NULL)", name="minutes_for_time"),
        CheckConstraint("unit_id IS NULL OR concession = 'more_time'", name="unit_gets_time"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        Index(None, "sitting_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    concession: Mapped[Concession]
    minutes: Mapped[int | None]
    """Added to the length; the sitting closes as much later for them."""
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class Ruling(Base):
    """What was decided about an item after the sitting: void, or another key; the newest of a version holds."""

    __tablename__ = "quiz_ruling"
    __table_args__ = (
        Index(None, "sitting_id"),
        CheckConstraint("void = (key = '' AND accepted = '')", name="void_has_no_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_item_version.id"))
    void: Mapped[bool]
    """Everybody who was asked it gets its points."""
    key: Mapped[str] = mapped_column(String(20), default="")
    accepted: Mapped[str] = mapped_column(String(1000), default="")
    """Forms of a fill-in, parted by |."""
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    item_version: Mapped[ItemVersion] = relationship(lazy="raise")
