"""What waits to be sent."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.database import DatabaseClock
from scheduler.notices.models import BotDelivery, GroupBot, News, Notice
from scheduler.notices.terms.bots import DeliveryState
from scheduler.notices.terms.mail import MailState


def mail_to_send(now: datetime, clock: "datetime | DatabaseClock") -> ColumnElement[bool]:
    """Return the condition on Notice: its mail waits, is due by `now`, and nobody has it by the database's `clock`."""
    return (
        (Notice.mail == MailState.WAITING)
        & or_(Notice.mail_due_at.is_(None), Notice.mail_due_at <= now)
        & or_(Notice.mail_leased_until.is_(None), Notice.mail_leased_until < clock)
    )


def is_mail_due(session: Session, *, now: datetime) -> bool:
    """Tell whether any mail is to be sent now; one cheap statement."""
    return bool(session.scalar(select(exists().where(mail_to_send(now, DatabaseClock())))))


def oldest_unsent(session: Session, *, now: datetime) -> datetime | None:
    """Return since when the oldest message waits that is to leave by mail or to a group; two statements.

    Mail that waits for the end of quiet hours is not late, and does not count until then.
    """
    is_late = or_(Notice.mail_due_at.is_(None), Notice.mail_due_at <= now, Notice.mail_failures > 0)
    mail = session.scalar(select(func.min(Notice.posted_at)).where(Notice.mail == MailState.WAITING, is_late))
    waiting = select(func.min(News.posted_at)).join(BotDelivery, BotDelivery.news_id == News.id)
    group = session.scalar(waiting.where(BotDelivery.state == DeliveryState.WAITING))
    return min((instant for instant in (mail, group) if instant is not None), default=None)


def find_last_mail(session: Session, person_id: int) -> Notice | None:
    """Return the person's notice whose mail was settled last: sent, skipped or failed."""
    own = select(Notice).where(Notice.recipient_id == person_id, Notice.mail_ended_at.is_not(None))
    return session.scalars(own.order_by(Notice.mail_ended_at.desc(), Notice.id.desc()).limit(1)).first()


def bots_with_news(session: Session, *, now: datetime) -> list[GroupBot]:
    """Return the bots that work, do not rest, and have news waiting; one statement."""
    has_news = exists().where(
        BotDelivery.bot_id == GroupBot.id,
        BotDelivery.state == DeliveryState.WAITING,
        or_(BotDelivery.due_at.is_(None), BotDelivery.due_at <= now),
        or_(BotDelivery.leased_until.is_(None), BotDelivery.leased_until < DatabaseClock()),
    )
    is_awake = or_(GroupBot.rests_until.is_(None), GroupBot.rests_until <= now)
    chosen = select(GroupBot).where(GroupBot.enabled_since.is_not(None), is_awake, has_news)
    return list(session.scalars(chosen.order_by(GroupBot.id)))
