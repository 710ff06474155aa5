"""The item bank: items, their versions, and the files that they came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.core.database import Base
from scheduler.core.schema import guard
from scheduler.quizzes.terms.bank import Difficulty, ItemKind

_KEPT_ITEM = text("retired_at IS NULL")


class Item(Base):
    """An item of the bank. What it says stands in its versions; the newest is the one that new papers draw."""

    __tablename__ = "quiz_item"
    __table_args__ = (
        Index("uq_quiz_item_digest", "digest", unique=True, sqlite_where=_KEPT_ITEM, postgresql_where=_KEPT_ITEM),
        Index(None, "topic", "kind", "difficulty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ItemKind]
    topic: Mapped[str] = mapped_column(String(80))
    difficulty: Mapped[Difficulty]
    digest: Mapped[str] = mapped_column(String(32))
    """Of kind, stem and choices, folded: the bank holds no item twice."""
    newest: Mapped[int] = mapped_column(default=1)
    """The number of its newest version."""
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Item {self.id} {self.kind}>"


class ItemVersion(Base):
    """What an item says, as ItemText; never changed, for attempts keep the version that they were taken with."""

    __tablename__ = "quiz_item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("length(stem) > 0", name="stem"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("quiz_item.id"))
    number: Mapped[int]
    kind: Mapped[ItemKind]
    stem: Mapped[str] = mapped_column(Text)
    stem_en: Mapped[str] = mapped_column(Text, default="")
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    choices_en: Mapped[list[str]] = mapped_column(JSON, default=list)
    key: Mapped[str] = mapped_column(String(20), default="")
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)
    explanation: Mapped[str] = mapped_column(Text, default="")
    explanation_en: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    item: Mapped[Item] = relationship(lazy="raise")

    def __repr__(self) -> str:
        return f"<ItemVersion {self.id} of item {self.item_id}>"


class ItemFile(Base):
    """A file of items that somebody uploaded: its dry run, then its import; the report stays."""

    __tablename__ = "quiz_item_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Dropped once it is imported or discarded."""
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


_SAID = "a version of an item is never changed"

guard(
    ItemVersion,
    sqlite=(
        f"CREATE TRIGGER quiz_item_version_kept BEFORE UPDATE ON quiz_item_version BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
        f"CREATE TRIGGER quiz_item_version_no_delete BEFORE DELETE ON quiz_item_version BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    ),
    postgresql=(
        (
            "CREATE FUNCTION quiz_item_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'check_violation'; END $$"
        ),
        (
            "CREATE TRIGGER quiz_item_version_kept BEFORE UPDATE OR DELETE ON quiz_item_version "
            "FOR EACH ROW EXECUTE FUNCTION quiz_item_version_refuse()"
        ),
    ),
)
