"""Papers, and what they draw from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.errors import Missing
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import (
    Attempt,
    DailyQuestion,
    Item,
    ItemVersion,
    Paper,
    PaperItem,
    PaperRule,
    Question,
    Sitting,
)
from scheduler.quizzes.rules.drawing import Drawable
from scheduler.quizzes.terms.papers import DrawRule


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as lists show it: how many questions it asks, what they are worth, how often it was held."""

    id: int
    name: str
    drawn: bool
    questions: int
    points: int
    sittings: int


def list_papers(session: Session, actor: Actor) -> list[PaperRow]:
    """Return every paper by name; one statement. Refuses with Missing who does not keep the bank."""
    actor.require(QuizPermission.BANK)

    def of_each(value: Any, table: type[PaperItem | PaperRule | Sitting]) -> Any:
        return select(func.coalesce(value, 0)).where(table.paper_id == Paper.id).correlate(Paper).scalar_subquery()

    rows = session.execute(
        select(
            Paper.id,
            Paper.name,
            of_each(func.count(), PaperItem).label("items"),
            of_each(func.sum(PaperItem.points), PaperItem).label("item_points"),
            of_each(func.sum(PaperRule.count), PaperRule).label("drawn"),
            of_each(func.sum(PaperRule.count * PaperRule.points), PaperRule).label("drawn_points"),
            of_each(func.count(), Sitting).label("held"),
        ).order_by(Paper.name)
    )
    return [
        PaperRow(row.id, row.name, bool(row.drawn), row.items + row.drawn, row.item_points + row.drawn_points, row.held)
        for row in rows
    ]


def get_paper(session: Session, actor: Actor, paper_id: int) -> Paper:
    """Return a paper; refuses with Missing who does not keep the bank."""
    actor.require(QuizPermission.BANK)
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise Missing
    return paper


def paper_choices(session: Session) -> list[tuple[int, str]]:
    """Return every paper as (id, name)."""
    rows = session.execute(select(Paper.id, Paper.name).order_by(Paper.name))
    return [(row.id, row.name) for row in rows]


def rules_of(session: Session, paper_id: int) -> list[DrawRule]:
    """Return the rules that a paper draws by, in order; none for a fixed one."""
    rows = session.scalars(select(PaperRule).where(PaperRule.paper_id == paper_id).order_by(PaperRule.position))
    return [DrawRule(row.count, row.points, row.topic, row.kind, row.difficulty) for row in rows]


def items_of(session: Session, paper_id: int) -> list[tuple[ItemVersion, int]]:
    """Return the items of a fixed paper in their newest versions, with their points, in order."""
    rows = session.execute(
        select(ItemVersion, PaperItem.points)
        .join(Item, (Item.id == ItemVersion.item_id) & (Item.newest == ItemVersion.number))
        .join(PaperItem, PaperItem.item_id == Item.id)
        .where(PaperItem.paper_id == paper_id)
        .order_by(PaperItem.position)
    )
    return [(version, points) for version, points in rows]


def _drawable(*more: Any) -> Select[*tuple[Any, ...]]:
    """Return the columns of a Drawable, and `more`, of the newest version of each item."""
    return select(
        Item.id,
        ItemVersion.id,
        ItemVersion.kind,
        Item.topic,
        Item.difficulty,
        func.json_array_length(ItemVersion.choices),
        *more,
    ).join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.newest))


def drawables(session: Session, rules: Sequence[DrawRule] = ()) -> list[Drawable]:
    """Return what may be drawn: the newest versions of the items that are kept; those of the rules' topics only."""
    wanted = _drawable().where(Item.retired_at.is_(None)).order_by(Item.id)
    topics = {rule.topic for rule in rules}
    if topics and None not in topics:
        wanted = wanted.where(Item.topic.in_(topics))
    return [Drawable(*row) for row in plain_rows(session, wanted)]


def drawable_items(session: Session, paper_id: int) -> list[tuple[Drawable, int]]:
    """Return the items of a fixed paper with their points, in order, as a draw asks for them."""
    named = _drawable(PaperItem.points).join(PaperItem, PaperItem.item_id == Item.id)
    rows = session.execute(named.where(PaperItem.paper_id == paper_id).order_by(PaperItem.position))
    return [(Drawable(*row[:6]), row[6]) for row in rows]


def items_seen(session: Session, person_id: int, *, since: datetime) -> set[int]:
    """Return the items (ids) that a person was asked since an instant: in attempts, and as the question of a day."""
    asked = (
        select(ItemVersion.item_id)
        .join(Question, Question.item_version_id == ItemVersion.id)
        .join(Attempt, Attempt.id == Question.attempt_id)
        .where(Attempt.person_id == person_id, Attempt.started_at >= since)
    )
    daily = (
        select(ItemVersion.item_id)
        .join(DailyQuestion, DailyQuestion.item_version_id == ItemVersion.id)
        .where(DailyQuestion.person_id == person_id, DailyQuestion.asked_at >= since)
    )
    return {row[0] for row in plain_rows(session, asked.union(daily))}
