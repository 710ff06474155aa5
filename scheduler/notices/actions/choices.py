"""What a person wants to be told. Not audited: it concerns nobody but the reader, and the rows say since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.notices.models import OwnQuiet, TopicChoice
from scheduler.notices.rules.quiet import QuietHours
from scheduler.notices.terms.topics import MUTABLE, Topic


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a topic."""

    by_mail: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class QuietWish:
    """Quiet hours: `usual` are the organisation's; else the own `hours`, or none."""

    usual: bool
    hours: QuietHours | None = None


def mute(session: Session, person_id: int, topic: Topic, *, now: datetime) -> None:
    """Tell a person no more of a topic, from now on. Refuses (Missing) a topic that must be told. Repeatable."""
    if topic not in MUTABLE:
        raise Missing
    choice = _choice(session, person_id, topic)
    choice.muted_since = choice.muted_since or now


def unmute(session: Session, person_id: int, topic: Topic) -> None:
    """Tell a person of a topic again; what was posted in between is in the inbox, unread. Repeatable."""
    _choice(session, person_id, topic).muted_since = None


def choose(session: Session, person_id: int, wishes: Mapping[Topic, Wish], quiet: QuietWish, *, now: datetime) -> None:
    """Keep what a person chose; a topic that must be told stays unmuted. Refuses quiet hours without length."""
    for topic, wish in wishes.items():
        choice = _choice(session, person_id, topic)
        choice.by_mail = wish.by_mail
        choice.muted_since = (choice.muted_since or now) if wish.muted and topic in MUTABLE else None
    if quiet.hours is not None and quiet.hours.starts == quiet.hours.ends:
        raise Refusal(lazy("The quiet hours need a beginning and another end."), field="ends")
    if quiet.usual:
        session.execute(delete(OwnQuiet).where(OwnQuiet.person_id == person_id))
        return
    starts, ends = (quiet.hours.starts, quiet.hours.ends) if quiet.hours else (None, None)
    session.merge(OwnQuiet(person_id=person_id, starts=starts, ends=ends))


def _choice(session: Session, person_id: int, topic: Topic) -> TopicChoice:
    chosen = select(TopicChoice).where(TopicChoice.person_id == person_id, TopicChoice.topic == topic)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        found = TopicChoice(person_id=person_id, topic=topic, by_mail=True)
        session.add(found)
        session.flush()
    return found
