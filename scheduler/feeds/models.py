"""Subscriptions and the kept text of events."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.agenda.terms import ScopeKind
from scheduler.core.database import Base
from scheduler.feeds.terms import Language


class Subscription(Base):
    """A calendar that somebody's program fetches by a secret address. Only the token's digest is kept."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("alarm_minutes IS NULL OR alarm_minutes > 0", name="alarm"),
        Index(None, "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    label: Mapped[str] = mapped_column(String(80))
    scope_kind: Mapped[ScopeKind]
    scope_id: Mapped[int | None]
    """The id of the unit, audience, person, venue or lecturer; null for the whole organisation."""
    with_cancelled: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Language]
    alarm_minutes: Mapped[int | None]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    fetched_by: Mapped[str] = mapped_column(String(200), default="")


class EventText(Base):
    """The VEVENT of an activity in one language at one revision, kept so that feeds only join bytes."""

    __tablename__ = "event_text"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    revised_at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)
