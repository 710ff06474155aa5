"""Obligations as rows that replace each other, waivers, and what was reminded."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.core.periods import Cadence, Period
from scheduler.obligations.terms import Base as CountedBase
from scheduler.obligations.terms import Metric, Step
from scheduler.people.models import Unit
from scheduler.people.terms import UnitKind

_OPEN = text("ends_on IS NULL")
_OPEN_ITSELF = text("ends_on IS NULL AND level IS NULL")
_STANDS = text("lifted_at IS NULL")


class Obligation(Base):
    """At least `number` of a thing in each period for each subject. A change ends the row and begins another.

    The open one of a metric, cadence, unit and level is unique, so that nothing is owed twice.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint("number IS NULL OR number >= 1", name="number"),
        CheckConstraint("per >= 1", name="per"),
        CheckConstraint("base <> 'one' OR per = 1", name="per_of_one"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="order"),
        Index(
            "uq_obligation_open_itself",
            "metric",
            "cadence",
            "unit_id",
            unique=True,
            sqlite_where=_OPEN_ITSELF,
            postgresql_where=_OPEN_ITSELF,
        ),
        Index(
            "uq_obligation_open_level",
            "metric",
            "cadence",
            "unit_id",
            "level",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[Metric]
    cadence: Mapped[Cadence]
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[UnitKind | None]
    """Owed by each unit of that kind at and below; null: by the unit itself."""
    number: Mapped[int | None]
    """Null: what each subject's own rule says."""
    base: Mapped[CountedBase] = mapped_column(default=CountedBase.ONE)
    per: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The first day on which it is no longer in force."""
    source: Mapped[str] = mapped_column(String(200), default="")
    reminds: Mapped[bool] = mapped_column(default=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id"), unique=True)
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force; None while no end is set."""
        return None if self.ends_on is None else self.ends_on - timedelta(days=1)

    def stood_in(self, period: Period) -> bool:
        """Tell whether it is what was owed in a period."""
        return self.starts_on <= period.first and (self.ends_on is None or period.first < self.ends_on)

    def name(self, language: str) -> str:
        """Return the name in `language` (zh_CN or en)."""
        return self.name_en if language == "en" else self.name_zh

    def __repr__(self) -> str:
        return f"<Obligation {self.id} {self.metric} from {self.starts_on}>"


class Waiver(Base):
    """A subject owes nothing of an obligation in a period, for a reason; lifted, never deleted."""

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
        Index(
            "uq_waiver_open",
            "obligation_id",
            "subject_id",
            "period_start",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    subject_id: Mapped[int]
    """The unit or pairing, as the metric has it."""
    period_start: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    granted_at: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(80))


class Reminder(Base):
    """That somebody was told of a subject's duty: each rung of the ladder once."""

    __tablename__ = "reminder"

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[Step] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
