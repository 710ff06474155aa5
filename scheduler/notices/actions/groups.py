"""Handing news on to the bots of groups."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from scheduler.core.database import DatabaseClock, insert_into
from scheduler.notices.models import BotDelivery, GroupBot, News
from scheduler.notices.rules.retrying import KEPT_TRYING, next_try
from scheduler.notices.terms.bots import OPEN_BELOW, Answer, DeliveryState, Place, Waiting

Placing = Callable[[Session, Collection[str]], Mapping[str, Place]]
"""Says of each subject of news where it belongs; what is not for groups has no place."""
UnitPaths = Callable[[Session, Collection[int]], Mapping[int, str]]
"""Says of each unit, by its id, the path."""
_PORTION = 200


def hand_on_news(session: Session, place: Placing, unit_paths: UnitPaths, *, now: datetime) -> int:
    """Decide for news that is new which bots carry it; a constant number of statements. Returns how many pieces.

    A bot carries what its unit or one below hosts, and of a unit above what is open to all below: evenings, questions.
    """
    news = session.scalars(
        select(News).where(News.handed_on_at.is_(None)).order_by(News.posted_at, News.id).limit(_PORTION)
    ).all()
    if not news:
        return 0
    bots = session.scalars(select(GroupBot).where(GroupBot.enabled_since.is_not(None))).all()
    recent = [one for one in news if one.posted_at >= now - KEPT_TRYING] if bots else []
    places = place(session, {one.subject for one in recent}) if recent else {}
    paths = unit_paths(session, {bot.unit_id for bot in bots}) if recent else {}
    rows = [
        {"bot_id": bot.id, "news_id": one.id}
        for one in recent
        for bot in bots
        if (where := places.get(one.subject))
        and bot.enabled_since is not None
        and bot.enabled_since <= one.posted_at
        and where.strand in bot.strands
        and _reaches(paths.get(bot.unit_id, ""), where)
    ]
    if rows:
        session.execute(insert_into(session, BotDelivery).on_conflict_do_nothing(), rows)
    session.execute(update(News).where(News.id.in_([one.id for one in news])).values(handed_on_at=now))
    return len(news)


def _reaches(path: str, where: Place) -> bool:
    if not path:
        return False
    return where.unit_path.startswith(path) or (where.strand in OPEN_BELOW and path.startswith(where.unit_path))


def claim_news(session: Session, bot_id: int, *, limit: int, lease: timedelta, now: datetime) -> list[Waiting]:
    """Take at most `limit` pieces of news for a bot, the oldest first; to be committed before they are sent."""
    clock = session.scalars(select(DatabaseClock())).one()
    is_free = (
        (BotDelivery.state == DeliveryState.WAITING)
        & or_(BotDelivery.due_at.is_(None), BotDelivery.due_at <= now)
        & or_(BotDelivery.leased_until.is_(None), BotDelivery.leased_until < clock)
    )
    chosen = select(BotDelivery.id).where(BotDelivery.bot_id == bot_id, is_free).order_by(BotDelivery.id).limit(limit)
    ids = session.scalars(chosen.with_for_update(skip_locked=True)).all()
    taken = (
        update(BotDelivery)
        .where(BotDelivery.id.in_(ids), is_free)
        .values(claim=BotDelivery.claim + 1, leased_until=clock + lease)
        .returning(BotDelivery.id)
        .execution_options(synchronize_session=False)
    )
    held = session.scalars(taken).all()
    rows = session.execute(
        select(BotDelivery.id, BotDelivery.claim, BotDelivery.failures, News)
        .join(News, News.id == BotDelivery.news_id)
        .where(BotDelivery.id.in_(held))
        .order_by(News.posted_at, News.id)
    )
    return [
        Waiting(number, claim, failures, one.message_id, one.facts, one.address, one.posted_at)
        for number, claim, failures, one in rows
    ]


def note_answer(session: Session, bot_id: int, sent: Sequence[Waiting], answer: Answer, *, now: datetime) -> None:
    """Note what the service said to a message that held the news `sent`: sent, or to be tried again, or given up."""
    for one in sent:
        if answer.taken:
            _note(session, one, state=DeliveryState.SENT, ended_at=now)
        elif again := _again(one, answer, now):
            _note(session, one, failures=one.failures + (answer.wait is None), due_at=again)
        else:
            _note(session, one, state=DeliveryState.FAILED, ended_at=now)
    rests = now + answer.wait if answer.wait is not None else None
    session.execute(
        update(GroupBot.__table__)  # type: ignore[arg-type]  # a mapped class has a Table; its version is people's
        .where(GroupBot.id == bot_id)
        .values(last_said=answer.said, last_said_at=now, last_taken=answer.taken, rests_until=rests)
    )


def _again(one: Waiting, answer: Answer, now: datetime) -> datetime | None:
    """Return when to try again; too many messages are no failure, but wait they must. None: give up."""
    if answer.wait is None:
        return next_try(one.failures + 1, one.posted_at, now)
    again = now + answer.wait
    return again if again <= one.posted_at + KEPT_TRYING else None


def drop_news(session: Session, bot_id: int, *, now: datetime) -> None:
    """Settle what waits for a bot that is switched off: it is not sent when it is switched on again."""
    session.execute(
        update(BotDelivery)
        .where(BotDelivery.bot_id == bot_id, BotDelivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.FAILED, ended_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def forget_news(session: Session, bot_id: int) -> None:
    """Delete what was sent and what waits for a bot that is about to be deleted."""
    gone = delete(BotDelivery).where(BotDelivery.bot_id == bot_id)
    session.execute(gone.execution_options(synchronize_session=False))


def release_news(session: Session, waiting: Sequence[Waiting]) -> None:
    """Give back what was taken and not tried."""
    for one in waiting:
        _note(session, one)


def _note(session: Session, one: Waiting, **values: Any) -> bool:
    done = session.execute(
        update(BotDelivery)
        .where(
            BotDelivery.id == one.delivery_id,
            BotDelivery.claim == one.claim,
            BotDelivery.state == DeliveryState.WAITING,
        )
        .values(leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1
