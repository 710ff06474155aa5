"""What is old leaves: notices from inboxes, and news that groups were told of."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, exists, select
from sqlalchemy.orm import Session

from scheduler.notices.models import BotDelivery, News, Notice
from scheduler.notices.terms.bots import DeliveryState
from scheduler.notices.terms.mail import MailState


def clear_notices(session: Session, *, before: datetime) -> int:
    """Delete notices and news posted before then, read or not; what is still on its way stays. Returns how many.

    Three statements, however many there are.
    """
    on_its_way = exists().where(BotDelivery.news_id == News.id, BotDelivery.state == DeliveryState.WAITING)
    old = (News.posted_at < before, News.handed_on_at.is_not(None), ~on_its_way)
    told = BotDelivery.news_id.in_(select(News.id).where(*old))
    _gone(session, delete(BotDelivery).where(told))
    news = _gone(session, delete(News).where(*old))
    notices = _gone(session, delete(Notice).where(Notice.posted_at < before, Notice.mail != MailState.WAITING))
    return news + notices


def _gone(session: Session, statement: Delete) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
