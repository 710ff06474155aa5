"""Subscriptions and the kept text of events."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.agenda.terms import ScopeKind
from scheduler.core.database import Base
from scheduler.feeds.terms import Language, Part


class Subscription(Base):
    """A calendar that somebody's program fetches by a secret address. Only the token's digest is kept."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("alarm_minutes IS NULL OR alarm_minutes > 0", name="alarm"),
        CheckConstraint("(scope_id IS NULL) = (scope_kind = 'organisation')", name="scope"),
        CheckConstraint("part = 'all' OR scope_kind = 'person'", name="part_of_a_person"),
        Index(None, "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    label: Mapped[str] = mapped_column(String(80))
    scope_kind: Mapped[ScopeKind]
    scope_id: Mapped[int | None]
    """The id of the unit, audience, person, venue or lecturer; null for the whole organisation."""
    part: Mapped[Part] = mapped_column(default=Part.ALL)
    with_cancelled: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Language]
    alarm_minutes: Mapped[int | None]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    fetched_by: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(64), default="")
    """The digest of what was last served."""
    state_since: Mapped[datetime | None]
    """Last-Modified of that: rises whenever the digest changes, also where no event did (one enrolled or left)."""
    events: Mapped[int | None]
    """How many events it has."""
    basis: Mapped[str | None] = mapped_column(String(64))
    """A digest of all that the state follows from. While it is the same, so is the state, and no event is read."""

    def __repr__(self) -> str:
        return f"<Subscription {self.id}>"


class EventText(Base):
    """The VEVENT of an activity in one language at one revision, kept so that feeds only join bytes.

    It is good only while `revised_at` is the activity's and `edition` ours: the edition names whatever else the
    text depends on (base URL, zone, version of the serialiser), so that a new setting cannot serve old links.
    """

    __tablename__ = "event_text"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    revised_at: Mapped[datetime]
    edition: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)

    def __repr__(self) -> str:
        return f"<EventText {self.activity_id} {self.language}>"
