"""Papers: fixed lists of items, or rules by which each attempt draws its own."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.quizzes.terms.bank import Difficulty, ItemKind


class Paper(Base):
    """A paper. It has either items or rules."""

    __tablename__ = "quiz_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_choices: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute

    def __repr__(self) -> str:
        return f"<Paper {self.id}>"


class PaperItem(Base):
    """An item that every attempt at the paper gets, in its newest version at that time."""

    __tablename__ = "quiz_paper_item"
    __table_args__ = (
        UniqueConstraint("paper_id", "item_id"),
        CheckConstraint("points BETWEEN 1 AND 100", name="points"),
        Index(None, "item_id"),
    )

    paper_id: Mapped[int] = mapped_column(ForeignKey("quiz_paper.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("quiz_item.id"))
    points: Mapped[int]


class PaperRule(Base):
    """A rule to draw by; what is NULL takes any."""

    __tablename__ = "quiz_paper_rule"
    __table_args__ = (
        CheckConstraint("points BETWEEN 1 AND 100", name="points"),
        CheckConstraint("count BETWEEN 1 AND 200", name="count"),
    )

    paper_id: Mapped[int] = mapped_column(ForeignKey("quiz_paper.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[ItemKind | None]
    difficulty: Mapped[Difficulty | None]
    count: Mapped[int]
    points: Mapped[int]
