"""Bots of group chats, within the units of an admin."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.notices.models import BotDelivery, GroupBot
from scheduler.notices.terms.bots import DeliveryState
from scheduler.office.access import OfficePermission
from scheduler.people.models import Unit

SIZE = 50


def within_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Unit: the actor manages the bots there."""
    return or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.scopes(OfficePermission.BOTS)))


def list_bots(session: Session, actor: Actor, *, page: int = 1) -> tuple[Sequence[tuple[GroupBot, str, int]], int, int]:
    """Return a page of (bot, unit's name, pieces of news waiting) by unit and name, how many pages, how many bots."""
    places = select(GroupBot).join(Unit, Unit.id == GroupBot.unit_id).where(within_scope(actor))
    total = session.scalar(select(func.count()).select_from(places.subquery())) or 0
    waiting = (
        select(func.count())
        .where(BotDelivery.bot_id == GroupBot.id, BotDelivery.state == DeliveryState.WAITING)
        .scalar_subquery()
    )
    rows = session.execute(
        places.with_only_columns(GroupBot, Unit.name, waiting)
        .order_by(Unit.code, GroupBot.name, GroupBot.id)
        .offset((page - 1) * SIZE)
        .limit(SIZE)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows], max(1, -(-total // SIZE)), total


def get_bot(session: Session, actor: Actor, bot_id: int) -> GroupBot:
    """Return the bot; Missing unless the actor manages the bots of its unit."""
    places = select(GroupBot).join(Unit, Unit.id == GroupBot.unit_id)
    found = session.scalar(places.where(GroupBot.id == bot_id, within_scope(actor)))
    if found is None:
        raise Missing
    return found


def unit_choices(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return the units whose bots the actor manages as (id, name behind its code)."""
    chosen = select(Unit.id, Unit.code, Unit.name).where(within_scope(actor)).order_by(Unit.code)
    return [(row.id, f"{row.code} {row.name}") for row in session.execute(chosen)]
