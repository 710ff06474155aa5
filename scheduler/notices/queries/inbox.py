"""Reading one's own notices."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.notices.models import Notice, TopicChoice
from scheduler.notices.terms.topics import KINDS, MUTABLE


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Notice: those to the actor, but for what was muted when they were posted."""
    return (Notice.recipient_id == actor.person_id) & _not_muted()


def _not_muted() -> ColumnElement[bool]:
    mutable = {kind: topic for kind, topic in KINDS.items() if topic in MUTABLE}
    topic = case({kind: literal(topic.value) for kind, topic in mutable.items()}, value=Notice.kind)
    muted = exists().where(
        TopicChoice.person_id == Notice.recipient_id,
        TopicChoice.topic.cast(Notice.kind.type) == topic,
        TopicChoice.muted_since <= Notice.posted_at,
    )
    return Notice.kind.not_in(list(mutable)) | ~muted


def unread_count(session: Session, actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    return session.scalar(select(func.count()).where(visible_to(actor), Notice.read_at.is_(None))) or 0


def recent(session: Session, actor: Actor, *, limit: int = 5, skip: int = 0) -> Sequence[Notice]:
    """Return the actor's notices, read or not, the newest first."""
    return session.scalars(_NEWEST, {"reader_id": actor.person_id, "skip": skip, "most": limit}).all()


_NEWEST = (
    select(Notice)
    .where(Notice.recipient_id == bindparam("reader_id"), _not_muted())
    .order_by(Notice.posted_at.desc(), Notice.id.desc())
    .offset(bindparam("skip", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)


def count(session: Session, actor: Actor) -> int:
    """Return how many notices there are to the actor."""
    return session.scalar(select(func.count()).select_from(Notice).where(visible_to(actor))) or 0


def told_in(session: Session, kind: str, subject: str, slot: str) -> set[int]:
    """Return who (person ids) was sent a notice of that kind about that subject in that slot."""
    rows = select(Notice.recipient_id).where(Notice.kind == kind, Notice.subject == subject, Notice.slot == slot)
    return set(session.scalars(rows))
