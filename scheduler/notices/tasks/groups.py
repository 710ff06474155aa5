"""Telling groups: each bot gets what waits for it in as few messages as its service allows."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.core.database import Sessions, retried
from scheduler.notices.actions.groups import (
    Placing,
    UnitPaths,
    claim_news,
    hand_on_news,
    note_answer,
    release_news,
)
from scheduler.notices.models import GroupBot
from scheduler.notices.queries.outbox import bots_with_news
from scheduler.notices.rules.bots import portions
from scheduler.notices.tasks.webhook import tell_bot
from scheduler.notices.terms.bots import MOST_MESSAGES, Answer, Line, Waiting

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crier:
    """What groups need to know of the rest of the house. `word` puts news into a language; `title` heads a message."""

    place: Placing
    unit_paths: UnitPaths
    word: Callable[[Sequence[Waiting], str], list[Line]]
    title: str
    portion: int = 60
    lease: timedelta = timedelta(minutes=5)


def tell_groups(sessions: Sessions, crier: Crier, *, now: datetime) -> int:
    """Hand new news on and send what waits. Returns how many messages were taken."""

    def hand_on() -> int:
        with sessions.write() as session:
            return hand_on_news(session, crier.place, crier.unit_paths, now=now)

    while retried(hand_on):
        pass
    with sessions.read() as session:
        bots = bots_with_news(session, now=now)
    return sum(_tell(sessions, crier, bot, now) for bot in bots)


def _tell(sessions: Sessions, crier: Crier, bot: GroupBot, now: datetime) -> int:
    def claim() -> list[Waiting]:
        with sessions.write() as session:
            return claim_news(session, bot.id, limit=crier.portion, lease=crier.lease, now=now)

    waiting = retried(claim)
    lines = crier.word(waiting, bot.language)
    taken, begin = 0, 0
    for number, portion in enumerate(portions(bot.kind, crier.title, lines)):
        held = waiting[begin : begin + len(portion)]
        if number == MOST_MESSAGES:
            break
        answer = tell_bot(bot.door, crier.title, portion, now=now)
        _note(sessions, bot, held, answer, now)
        begin += len(portion)
        if not answer.taken:
            _logger.warning("bot %s did not take a message: %s", bot.id, answer.said)
            break
        taken += 1
    _release(sessions, waiting[begin:])
    return taken


def _note(sessions: Sessions, bot: GroupBot, held: Sequence[Waiting], answer: Answer, now: datetime) -> None:
    def note() -> None:
        with sessions.write() as session:
            note_answer(session, bot.id, held, answer, now=now)

    retried(note)


def _release(sessions: Sessions, rest: Sequence[Waiting]) -> None:
    def give_back() -> None:
        with sessions.write() as session:
            release_news(session, rest)

    if rest:
        retried(give_back)
