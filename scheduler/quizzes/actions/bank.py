"""Keeping the item bank: adding, revising, retiring and restoring items; many at once from a file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Insert, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, refuse_stale
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Item, ItemVersion
from scheduler.quizzes.queries.bank import get_item
from scheduler.quizzes.rules.bank.items import check_item, item_digest
from scheduler.quizzes.terms.bank import Difficulty, ItemText


class AlreadyThere(Refusal):
    """The bank holds the item already."""


def add_item(session: Session, actor: Actor, text: ItemText, *, now: datetime) -> Item:
    """Add an item with its first version. Refuses with UnfitItem what does not hold, with AlreadyThere a twin."""
    actor.require(QuizPermission.BANK)
    text = check_item(text)
    item = Item(kind=text.kind, topic=text.topic, difficulty=text.difficulty, digest=item_digest(text), newest=1)
    _refuse_twin(session, item.digest)
    session.add(item)
    _flush(session)
    session.execute(insert(ItemVersion), [_version(text, item.id, 1, actor, now)])
    record(session, actor, "add", "item", item.id, now=now, item_kind=text.kind, topic=text.topic)
    return item


def revise_item(session: Session, actor: Actor, item_id: int, text: ItemText, *, version: int, now: datetime) -> Item:
    """Let an item say `text` from now on: a new version, unless only topic or difficulty change; those have none.

    Attempts keep the version that they were taken with. Refuses with Missing, with Stale another `version`, a retired
    item, with UnfitItem what does not hold, and with AlreadyThere the twin of another item.
    """
    shown = get_item(session, actor, item_id)
    item = shown.item
    refuse_stale(item.version, version)
    if item.retired_at is not None:
        raise Refusal(lazy("This item is retired. Restore it first."))
    text, before = check_item(text), shown.text
    if text == before:
        return item
    reworded = replace(text, topic="", difficulty=Difficulty.MEDIUM) != replace(
        before, topic="", difficulty=Difficulty.MEDIUM
    )
    digest = item_digest(text)
    if digest != item.digest:
        _refuse_twin(session, digest)
    item.kind, item.topic, item.difficulty, item.digest = text.kind, text.topic, text.difficulty, digest
    item.newest += reworded
    _flush(session)
    if reworded:
        session.execute(insert(ItemVersion), [_version(text, item.id, item.newest, actor, now)])
    record(
        session,
        actor,
        "revise",
        "item",
        item.id,
        now=now,
        number=item.newest,
        topic=item.topic,
        difficulty=item.difficulty,
    )
    return item


def retire_item(session: Session, actor: Actor, item_id: int, *, now: datetime) -> Item:
    """Take an item out of use: no new paper draws it, attempts keep it. Does nothing where it is retired already."""
    item = get_item(session, actor, item_id).item
    if item.retired_at is None:
        item.retired_at = now
        session.flush()
        record(session, actor, "retire", "item", item.id, now=now)
    return item


def restore_item(session: Session, actor: Actor, item_id: int, *, now: datetime) -> Item:
    """Bring a retired item back; does nothing where it is not. Refuses with AlreadyThere if a twin took its place."""
    item = get_item(session, actor, item_id).item
    if item.retired_at is not None:
        _refuse_twin(session, item.digest)
        item.retired_at = None
        _flush(session)
        record(session, actor, "restore", "item", item.id, now=now)
    return item


def import_items(session: Session, actor: Actor, texts: Sequence[ItemText], *, now: datetime) -> list[int]:
    """Add the items that the bank does not hold, retired or not, and return their ids.

    A second import of the same texts changes nothing. Refuses with UnfitItem, for all of them, if one does not hold.
    Three statements, each sent in parts of a thousand rows; one line of audit.
    """
    actor.require(QuizPermission.BANK)
    checked = {item_digest(text): text for text in map(check_item, texts)}
    present = set(session.scalars(select(Item.digest).where(Item.digest.in_(checked))))
    rows = [
        {
            "kind": text.kind,
            "topic": text.topic,
            "difficulty": text.difficulty,
            "digest": digest,
            "newest": 1,
            "version": 1,
        }
        for digest, text in checked.items()
        if digest not in present
    ]
    if not rows:
        return []
    # what somebody else adds at this moment is theirs: the database decides a race
    made = {row.digest: row.id for row in session.execute(_insert(session).returning(Item.digest, Item.id), rows)}
    versions = [_version(checked[digest], item_id, 1, actor, now) for digest, item_id in made.items()]
    if versions:
        session.execute(insert(ItemVersion), versions)
        record(session, actor, "import", "item", min(made.values()), now=now, items=len(made))
    return sorted(made.values())


def _insert(session: Session) -> Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(Item).on_conflict_do_nothing()
    return sqlite.insert(Item).on_conflict_do_nothing()


def _version(text: ItemText, item_id: int, number: int, actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "item_id": item_id,
        "number": number,
        "kind": text.kind,
        "stem": text.stem,
        "stem_en": text.stem_en,
        "choices": list(text.choices),
        "choices_en": list(text.choices_en),
        "key": text.key,
        "accepted": list(text.accepted),
        "explanation": text.explanation,
        "explanation_en": text.explanation_en,
        "made_at": now,
        "made_by_id": actor.person_id,
    }


def _refuse_twin(session: Session, digest: str) -> None:
    twin = session.scalar(select(func.min(Item.id)).where(Item.digest == digest, Item.retired_at.is_(None)))
    if twin is not None:
        raise AlreadyThere(
            lazy("The bank holds an item with this stem and these choices: number %(number)s."),
            field="stem",
            number=twin,
        )


def _flush(session: Session) -> None:
    """Write an item; what another wrote at the same moment is refused like any twin."""
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise AlreadyThere(lazy("The bank holds this item already."), field="stem") from error
