"""Activities, venues, audiences, attendance and the work calendar."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.agenda.terms import (
    ActivityKind,
    ActivityStatus,
    AttendanceState,
    AudienceKind,
    DayKind,
    MembershipSource,
    VenueKind,
)
from scheduler.core.database import Base
from scheduler.core.schema import guard
from scheduler.people.models import Lecturer, Person, Unit


class CalendarDay(Base):
    """A date that departs from its weekday. A year with at least one row is published."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind]
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(200))


class Venue(Base):
    """A place that holds one activity at a time."""

    __tablename__ = "venue"
    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[VenueKind]
    capacity: Mapped[int]
    address: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Venue {self.code}>"


class Audience(Base):
    """Those for whom activities are: the roster of a class, the subscribers of a series, named people, a unit.

    `code` names it in addresses, feeds and commands; `open` lets anybody see it and join by themselves.
    """

    __tablename__ = "audience"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AudienceKind]
    code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    host_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    open: Mapped[bool] = mapped_column(default=False)

    host_unit: Mapped[Unit] = relationship(lazy="raise")

    def __repr__(self) -> str:
        return f"<Audience {self.kind}:{self.code}>"


class AudienceUnit(Base):
    """A unit whose people, also those of all units below, belong to the audience."""

    __tablename__ = "audience_unit"

    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Membership(Base):
    """A person in an audience: an enrolment in a class, a subscription to a series. Left, never deleted."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("audience_id", "person_id"),
        CheckConstraint("left_at IS NULL OR left_at >= joined_at", name="order"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source: Mapped[MembershipSource]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Activity(Base):
    """Anything that has a time. Its revision is a fact: `sequence` and `revised_at` say what calendars must learn.

    `holds` is true while it occupies its venue and lecturers exclusively: not cancelled and not overridden.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("julianday(ends_at) - julianday(starts_at) <= 1.000001", name="at_most_a_day").ddl_if(
            dialect="sqlite"
        ),
        CheckConstraint("ends_at <= starts_at + interval '24 hours'", name="at_most_a_day").ddl_if(
            dialect="postgresql"
        ),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint("(moved_from IS NULL) = (moved_at IS NULL)", name="moved"),
        CheckConstraint("holds = (status <> 'cancelled' AND override_reason IS NULL)", name="holds"),
        UniqueConstraint("id", "starts_at", "ends_at", "holds", name="uq_activity_slot"),
        Index(None, "venue_id", "starts_at"),
        Index(None, "audience_id", "starts_at"),
        Index(None, "starts_at"),
        Index(None, "host_unit_id", "starts_at"),
        Index(
            None, "moved_at", sqlite_where=text("moved_at IS NOT NULL"), postgresql_where=text("moved_at IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[ActivityKind]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[ActivityStatus]
    tentative: Mapped[bool] = mapped_column(default=False)
    """In a risk window of a year whose public holidays are not published yet."""
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    host_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    override_reason: Mapped[str | None] = mapped_column(String(300))
    holds: Mapped[bool] = mapped_column(default=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime]
    moved_from: Mapped[datetime | None]
    """The former start, while the move is news (14 days)."""
    moved_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    change_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column()
    """Rises with every change; a form carries the version that it was opened with."""

    venue: Mapped[Venue | None] = relationship(lazy="raise")
    audience: Mapped[Audience] = relationship(lazy="raise")
    host_unit: Mapped[Unit] = relationship(lazy="raise")
    teachings: Mapped[list["Teaching"]] = relationship(lazy="raise", viewonly=True, order_by="Teaching.lecturer_id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Activity {self.id} {self.starts_at:%Y-%m-%dT%H:%MZ}>"


class Teaching(Base):
    """A lecturer engaged for an activity.

    Times and `holds` are copies that the foreign key itself keeps true (ON UPDATE CASCADE), so that the
    database can refuse a lecturer's double booking.
    """

    __tablename__ = "teaching"
    __table_args__ = (
        ForeignKeyConstraint(
            ["activity_id", "starts_at", "ends_at", "holds"],
            ["activity.id", "activity.starts_at", "activity.ends_at", "activity.holds"],
            name="fk_teaching_slot_activity",
            onupdate="CASCADE",
        ),
        Index(None, "lecturer_id", "starts_at"),
    )

    activity_id: Mapped[int] = mapped_column(primary_key=True)
    lecturer_id: Mapped[int] = mapped_column(ForeignKey("lecturer.id"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    holds: Mapped[bool]

    lecturer: Mapped[Lecturer] = relationship(lazy="raise")


class Attendance(Base):
    """A person expected at an activity, and later what came of it. Rows exist from the day the person is expected.

    They are the person's calendar. The times are copies that the foreign key keeps true, as in Teaching, so
    that a person's week is one two-sided index range however long the person's history is.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["activity_id", "starts_at", "ends_at", "holds"],
            ["activity.id", "activity.starts_at", "activity.ends_at", "activity.holds"],
            name="fk_attendance_slot_activity",
            onupdate="CASCADE",
        ),
        Index(None, "activity_id"),
        Index(None, "person_id", "starts_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    holds: Mapped[bool]
    state: Mapped[AttendanceState] = mapped_column(default=AttendanceState.EXPECTED)
    noted_at: Mapped[datetime | None]


_REVISION = (
    "NEW.uid <> OLD.uid OR NEW.sequence < OLD.sequence OR ("
    "(NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at OR NEW.status <> OLD.status) "
    "AND NEW.sequence <> OLD.sequence + 1)"
)


def _no_overlap_sqlite(table: str, resource: str, key: str) -> tuple[str, ...]:
    # The first bound is the longest activity (24 hours, a check): it makes the index range two-sided.
    clash = (
        f"SELECT RAISE(ABORT, 'double booking of {resource}') FROM {table} AS other "  # noqa: S608 - names of our own tables, nothing from outside
        f"WHERE other.{resource}_id = NEW.{resource}_id AND other.holds AND other.{key} <> NEW.{key} "
        "AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at "
        "AND other.starts_at > strftime('%Y-%m-%d %H:%M:%f', NEW.starts_at, '-1 day', '-1 second')"
    )
    when = f"WHEN NEW.holds AND NEW.{resource}_id IS NOT NULL"
    return (
        f"CREATE TRIGGER {table}_{resource}_clash_insert BEFORE INSERT ON {table} {when} BEGIN {clash}; END",
        (
            f"CREATE TRIGGER {table}_{resource}_clash_update BEFORE UPDATE OF {resource}_id, starts_at, ends_at, holds "
            f"ON {table} {when} BEGIN {clash}; END"
        ),
    )


def _no_overlap_postgresql(table: str, resource: str) -> str:
    # A range of one id where "=" would do: that would need the extension btree_gist, which not every server has.
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_{resource}_clash EXCLUDE USING gist "
        f"(int4range({resource}_id, {resource}_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&) "
        f"WHERE (holds AND {resource}_id IS NOT NULL)"
    )


guard(
    Activity,
    sqlite=(
        *_no_overlap_sqlite("activity", "venue", "id"),
        (
            "CREATE TRIGGER activity_revision BEFORE UPDATE ON activity "
            f"WHEN {_REVISION} BEGIN SELECT RAISE(ABORT, 'uid is for life and sequence rises by one'); END"
        ),
    ),
    postgresql=(
        _no_overlap_postgresql("activity", "venue"),
        (
            "CREATE FUNCTION activity_revision() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'uid is for life and sequence rises by one' USING ERRCODE = 'check_violation'; END $$"
        ),
        (
            "CREATE TRIGGER activity_revision BEFORE UPDATE ON activity "
            f"FOR EACH ROW WHEN ({_REVISION}) EXECUTE FUNCTION activity_revision()"
        ),
    ),
)
guard(
    Teaching,
    sqlite=_no_overlap_sqlite("teaching", "lecturer", "activity_id"),
    postgresql=(_no_overlap_postgresql("teaching", "lecturer"),),
)
