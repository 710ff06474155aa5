"""What people want to be told, and when; people stand above this package, so their keys are checked there."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.notices.terms.topics import Topic


class TopicChoice(Base):
    """What a person chose for a topic; no row: everything is told, in the inbox and by mail."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=True)
    muted_since: Mapped[datetime | None]
    """Notices posted from then on are neither shown nor mailed; they are kept, and come back when this is undone."""


class OwnQuiet(Base):
    """A person's own quiet hours; no row: the organisation's. Both times empty: none."""

    __tablename__ = "notice_quiet"
    __table_args__ = (
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both"),
        CheckConstraint("starts IS NULL OR starts <> ends", name="apart"),
    )

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts: Mapped[time | None]
    ends: Mapped[time | None]


class SwitchedOn(Base):
    """Since when a channel works; what was posted before is not sent by it."""

    __tablename__ = "channel_switched_on"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
