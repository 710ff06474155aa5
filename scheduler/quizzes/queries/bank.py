"""The item bank: lists, an item with its versions, counts, and the files that items came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.models import Person
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Item, ItemFile, ItemVersion
from scheduler.quizzes.rules.bank.answers import write_answer
from scheduler.quizzes.terms.bank import BankFilter, Difficulty, ItemKind, ItemText, KnownItem

SIZE = 50
ANY = BankFilter()
_NEWEST = (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.newest)


class ItemRow(NamedTuple):
    """An item as a list shows it."""

    id: int
    kind: ItemKind
    topic: str
    difficulty: Difficulty
    number: int
    retired_at: datetime | None
    stem: str
    stem_en: str


@dataclass(frozen=True, slots=True)
class BankPage:
    """A page of the bank."""

    rows: Sequence[ItemRow]
    number: int
    pages: int
    total: int


class ShownVersion(NamedTuple):
    """A version of an item, and the name of who wrote it; none for what the product brought in."""

    row: ItemVersion
    by: str | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with its versions, the newest first."""

    item: Item
    versions: Sequence[ShownVersion]

    @property
    def text(self) -> ItemText:
        """What it says now."""
        return text_of(self.item, self.versions[0].row)


def text_of(item: Item, version: ItemVersion) -> ItemText:
    """Return all that an item says in a version of it; topic and difficulty are those of now."""
    return ItemText(
        version.kind,
        version.stem,
        tuple(version.choices),
        version.key,
        tuple(version.accepted),
        version.explanation,
        item.topic,
        item.difficulty,
        version.stem_en,
        tuple(version.choices_en),
        version.explanation_en,
    )


def list_items(
    session: Session, actor: Actor, wanted: BankFilter = ANY, *, page: int = 1, size: int = SIZE
) -> BankPage:
    """Return a page of the bank, the newest items first; two statements. Refuses with Missing who does not keep it."""
    actor.require(QuizPermission.BANK)
    conditions = _conditions(wanted)
    counted = select(func.count()).select_from(Item).join(ItemVersion, _NEWEST).where(*conditions)
    total = session.scalar(counted) or 0
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = (
        select(
            Item.id,
            Item.kind,
            Item.topic,
            Item.difficulty,
            Item.newest,
            Item.retired_at,
            ItemVersion.stem,
            ItemVersion.stem_en,
        )
        .join(ItemVersion, _NEWEST)
        .where(*conditions)
        .order_by(Item.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return BankPage([ItemRow(*row) for row in session.execute(rows)], number, pages, total)


def item_texts(session: Session, actor: Actor, wanted: BankFilter = ANY) -> list[ItemText]:
    """Return what the items say that are wanted, in the order in which they came; for an export. One statement."""
    actor.require(QuizPermission.BANK)
    found = select(Item, ItemVersion).join(ItemVersion, _NEWEST).where(*_conditions(wanted)).order_by(Item.id)
    return [text_of(item, version) for item, version in session.execute(found)]


def topics(session: Session, *, kept: bool = False) -> list[str]:
    """Return the topics that items have, by name; `kept`: of items that are in use only."""
    found = select(Item.topic).where(Item.topic != "").distinct().order_by(Item.topic)
    if kept:
        found = found.where(Item.retired_at.is_(None))
    return list(session.scalars(found))


def get_item(session: Session, actor: Actor, item_id: int) -> ShownItem:
    """Return an item with its versions; refuses with Missing. Two statements."""
    actor.require(QuizPermission.BANK)
    item = session.get(Item, item_id)
    if item is None:
        raise Missing
    versions = (
        select(ItemVersion, Person.name)
        .outerjoin(Person, Person.id == ItemVersion.made_by_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(ItemVersion.number.desc())
    )
    return ShownItem(item, [ShownVersion(*row) for row in session.execute(versions)])


def known_items(session: Session) -> list[KnownItem]:
    """Return the whole bank as an import compares with it; one statement."""
    found = (
        select(
            Item.id,
            Item.digest,
            Item.retired_at,
            ItemVersion.kind,
            ItemVersion.stem,
            ItemVersion.key,
            ItemVersion.accepted,
        )
        .join(ItemVersion, _NEWEST)
        .order_by(Item.id)
    )
    return [
        KnownItem(
            row.id,
            row.digest,
            row.stem,
            write_answer(ItemText(row.kind, row.stem, key=row.key, accepted=tuple(row.accepted))),
            row.retired_at is not None,
        )
        for row in session.execute(found)
    ]


class UploadedFile(NamedTuple):
    """An uploaded file with the name of who brought it."""

    row: ItemFile
    by: str | None


def recent_files(session: Session, actor: Actor, limit: int = 20) -> list[UploadedFile]:
    """Return the newest files of items."""
    actor.require(QuizPermission.BANK)
    found: Select[ItemFile, str | None] = (
        select(ItemFile, Person.name)
        .outerjoin(Person, Person.id == ItemFile.uploaded_by_id)
        .order_by(ItemFile.id.desc())
        .limit(limit)
    )
    return [UploadedFile(*row) for row in session.execute(found)]


def get_file(session: Session, actor: Actor, file_id: int) -> ItemFile:
    """Return a file of items; refuses with Missing."""
    actor.require(QuizPermission.BANK)
    row = session.get(ItemFile, file_id)
    if row is None:
        raise Missing
    return row


def _conditions(wanted: BankFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Item.retired_at.is_not(None) if wanted.retired else Item.retired_at.is_(None)
    ]
    if wanted.topic:
        conditions.append(Item.topic == wanted.topic)
    if wanted.kind is not None:
        conditions.append(Item.kind == wanted.kind)
    if wanted.difficulty is not None:
        conditions.append(Item.difficulty == wanted.difficulty)
    if text := wanted.text.strip():
        columns = (ItemVersion.stem, ItemVersion.stem_en, ItemVersion.explanation, Item.topic)
        conditions.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return conditions
