"""Bots of group chats: added, changed, tried out, deleted. Address and secret are keys, and stand in no audit entry."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.notices.actions.groups import drop_news, forget_news
from scheduler.notices.models import GroupBot
from scheduler.notices.rules.bots import check_url
from scheduler.notices.terms.bots import LONGEST_SECRET, LONGEST_URL, Answer, BotPlan
from scheduler.office.access import OfficePermission
from scheduler.office.queries.bots import get_bot
from scheduler.people.models import Unit

_KIND = "group_bot"


def add_bot(session: Session, actor: Actor, plan: BotPlan, *, now: datetime) -> GroupBot:
    """Add a bot. Refuses a unit out of reach (Missing), an address that is none, and a bot that carries nothing."""
    if not plan.url:
        raise Refusal(lazy("The address must begin with https:// and name a host."), field="url")
    bot = GroupBot(url="", secret="", version=1)
    _settle(session, actor, bot, plan, now=now)
    session.add(bot)
    session.flush()
    record(session, actor, "create", _KIND, bot.id, now=now, name=bot.name, service=bot.kind, unit_id=bot.unit_id)
    return bot


def edit_bot(session: Session, actor: Actor, bot_id: int, plan: BotPlan, *, version: int, now: datetime) -> GroupBot:
    """Change a bot; an empty address or secret stays as it is. Refuses Stale, and what `add_bot` refuses."""
    bot = get_bot(session, actor, bot_id)
    refuse_stale(bot.version, version)
    _settle(session, actor, bot, plan, now=now)
    session.flush()
    if not plan.enabled:
        drop_news(session, bot.id, now=now)
    changed = {"name": bot.name, "unit_id": bot.unit_id, "strands": bot.strands, "enabled": plan.enabled}
    keys = {"new_address": bool(plan.url), "new_secret": bool(plan.secret), "secret_forgotten": plan.forget_secret}
    record(session, actor, "edit", _KIND, bot.id, now=now, **changed, **keys)
    return bot


def delete_bot(session: Session, actor: Actor, bot_id: int, *, now: datetime) -> None:
    """Delete a bot, its keys, and what is on its way to the group. Refuses with Missing one out of reach."""
    bot = get_bot(session, actor, bot_id)
    forget_news(session, bot.id)
    session.delete(bot)
    session.flush()
    record(session, actor, "delete", _KIND, bot_id, now=now, name=bot.name, service=bot.kind, unit_id=bot.unit_id)


def note_test(session: Session, actor: Actor, bot_id: int, answer: Answer, *, now: datetime) -> None:
    """Note that a test message was sent, and what came of it."""
    get_bot(session, actor, bot_id)
    record(session, actor, "test", _KIND, bot_id, now=now, taken=answer.taken, said=answer.said)


def _settle(session: Session, actor: Actor, bot: GroupBot, plan: BotPlan, *, now: datetime) -> None:
    path = session.scalar(select(Unit.path).where(Unit.id == plan.unit_id))
    if path is None:
        raise Missing
    actor.require(OfficePermission.BOTS, path)
    name = clean_line(plan.name, limit=80, label=lazy_gettext("Name"))
    if not name:
        raise Refusal(lazy("Please fill this in."), field="name")
    if not plan.strands:
        raise Refusal(lazy("Choose at least one kind of news."), field="strands")
    if plan.url:
        bot.url = check_url(clean_line(plan.url, limit=LONGEST_URL, label=lazy_gettext("Address")))
    if plan.secret or plan.forget_secret:
        bot.secret = clean_line(plan.secret, limit=LONGEST_SECRET, label=lazy_gettext("Secret"))
    bot.name, bot.kind, bot.unit_id = name, plan.kind, plan.unit_id
    bot.strands, bot.language = [strand.value for strand in plan.strands], plan.language
    bot.enabled_since = (bot.enabled_since or now) if plan.enabled else None
