"""Units, persons, lecturers, accounts and what they may do."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.access import Role
from scheduler.core.database import Base
from scheduler.people.terms import Gender, LecturerKind, LinkPurpose, UnitKind


class Unit(Base):
    """A unit of the tree. `path` is the ids from the root down, such as /1/7/, kept by the actions that move units."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        CheckConstraint("path LIKE '/%/'", name="path_form"),
        Index(None, "path"),
        Index(None, "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[UnitKind]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Unit {self.code}>"


class UnitPlacement(Base):
    """Under which parent a unit stood, from when until when; the open row is the present one."""

    __tablename__ = "unit_placement"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="order"),
        Index(
            "uq_unit_placement_open",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Person(Base):
    """A member of staff (干部)."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "unit_id"), Index(None, "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    gender: Mapped[Gender | None]
    born_on: Mapped[date | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(String(80), default="")
    grade: Mapped[str] = mapped_column(String(40), default="")
    field: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    joined_on: Mapped[date | None]
    """When the person began to work (参加工作时间)."""
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    unit: Mapped[Unit] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Person {self.staff_no}>"


class PersonPlace(Base):
    """Where a person belonged up to an instant: what comes after is in the next row, or in the person's own."""

    __tablename__ = "person_place"
    __table_args__ = (Index(None, "person_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Null: was not on the staff."""
    until: Mapped[datetime]


class RoleGrant(Base):
    """A role that a person holds in a unit and all below it; ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_open",
            "person_id",
            "role",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Lecturer(Base):
    """An entry of the expert pool (师资库); `person_id` where the lecturer is on the staff."""

    __tablename__ = "lecturer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[LecturerKind]
    field: Mapped[str] = mapped_column(String(80), default="")
    availability: Mapped[str] = mapped_column(String(120), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Lecturer {self.code}>"


class Account(Base):
    """The door of a person: password, language and zone of the reader. No row, or no hash: no door yet."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(10))
    zone_name: Mapped[str | None] = mapped_column(String(60))

    person: Mapped[Person] = relationship(lazy="raise")

    def __repr__(self) -> str:
        return f"<Account {self.id} of person {self.person_id}>"


class FormerPassword(Base):
    """A hash that was in use before, for policies that forbid to come back to it."""

    __tablename__ = "former_password"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    retired_at: Mapped[datetime]


class SignIn(Base):
    """A session of a browser: ended by sign-out, a new password, disabling or the loss of a role, at once."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60), default="")
    client: Mapped[str] = mapped_column(String(200), default="")


class SingleUseLink(Base):
    """A link that works once until it expires; only its digest is kept."""

    __tablename__ = "single_use_link"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[LinkPurpose]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DoorKnock(Base):
    """Failed tries at a door (sign-in, link) for an account or an address in a window of time; the throttle's count."""

    __tablename__ = "door_knock"
    __table_args__ = (
        UniqueConstraint("door", "knocker", "window_start"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(20))
    knocker: Mapped[str] = mapped_column(String(80))
    window_start: Mapped[datetime]
    failures: Mapped[int]
