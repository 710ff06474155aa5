"""Bots of group chats, news for groups, and what is on its way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.notices.terms.bots import LONGEST_SECRET, LONGEST_URL, BotDoor, BotKind, DeliveryState

_WAITING = text("state = 'waiting'")
_NEW = text("handed_on_at IS NULL")


class GroupBot(Base):
    """A group chat's bot. Its address and secret are keys: no page shows them again."""

    __tablename__ = "group_bot"
    __table_args__ = (Index(None, "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[BotKind]
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    secret: Mapped[str] = mapped_column(String(LONGEST_SECRET), default="")
    unit_id: Mapped[int]
    """Whose news it carries; people stand above this package, so the key is checked there."""
    strands: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(10))
    enabled_since: Mapped[datetime | None]
    """Empty: switched off. News from before is not sent."""
    last_said: Mapped[str] = mapped_column(String(200), default="")
    last_said_at: Mapped[datetime | None]
    last_taken: Mapped[bool] = mapped_column(default=True)
    rests_until: Mapped[datetime | None]
    """Too many messages: nothing is sent before."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    @property
    def door(self) -> BotDoor:
        return BotDoor(self.kind, self.url, self.secret)

    def __repr__(self) -> str:
        return f"<GroupBot {self.id} {self.kind}>"


class News(Base):
    """An act that groups may be told of, once for the act, in the transaction that causes it."""

    __tablename__ = "news"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "slot"),
        Index("ix_news_new", "posted_at", sqlite_where=_NEW, postgresql_where=_NEW),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    slot: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str] = mapped_column(String(400))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(300))
    posted_at: Mapped[datetime]
    handed_on_at: Mapped[datetime | None]
    """When it was decided which bots carry it."""


class BotDelivery(Base):
    """A piece of news on its way to one group."""

    __tablename__ = "bot_delivery"
    __table_args__ = (
        UniqueConstraint("bot_id", "news_id"),
        CheckConstraint("claim >= 0 AND failures >= 0", name="counts"),
        Index(None, "news_id"),
        Index("ix_bot_delivery_waiting", "bot_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bot_id: Mapped[int] = mapped_column(ForeignKey("group_bot.id"))
    news_id: Mapped[int] = mapped_column(ForeignKey("news.id"))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    due_at: Mapped[datetime | None]
    claim: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
