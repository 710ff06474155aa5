"""Which other items could stand in a fixed paper's place."""

import hashlib
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.quizzes.models import Item, PaperItem, PaperRule, RetrainingOrder, Sitting


def is_drawn(session: Session, paper_id: int) -> bool:
    """Tell whether each attempt at the paper draws items of its own."""
    return session.scalar(select(PaperRule.position).where(PaperRule.paper_id == paper_id).limit(1)) is not None


def other_items(session: Session, paper_id: int, order: RetrainingOrder) -> list[tuple[int, int]] | None:
    """Return (item id, points) in the paper's order, each of the same topic and kind as the one it stands for.

    None of them was in a paper of this order's rounds so far; of the same difficulty as far as there are such. The
    choice is the same for the same order. None: the bank holds too few. Three statements.
    """
    asked = session.execute(
        select(PaperItem.points, Item.topic, Item.kind, Item.difficulty)
        .join(Item, Item.id == PaperItem.item_id)
        .where(PaperItem.paper_id == paper_id)
        .order_by(PaperItem.position)
    ).all()
    rounds = select(RetrainingOrder.judged_sitting_id).where(
        RetrainingOrder.sitting_id == order.sitting_id, RetrainingOrder.unit_id == order.unit_id
    )
    seen = select(PaperItem.item_id).join(Sitting, Sitting.paper_id == PaperItem.paper_id).where(Sitting.id.in_(rounds))
    free = session.execute(
        select(Item.id, Item.topic, Item.kind, Item.difficulty).where(
            Item.retired_at.is_(None), Item.topic.in_({row.topic for row in asked}), Item.id.not_in(seen)
        )
    ).all()
    offered: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for item in sorted(free, key=lambda item: hashlib.sha256(f"{order.id}:{item.id}".encode()).digest()):
        offered[item.topic, item.kind].append((item.difficulty, item.id))
    chosen = []
    for question in asked:
        candidates = offered[question.topic, question.kind]
        if not candidates:
            return None
        place = next((n for n, (difficulty, _) in enumerate(candidates) if difficulty == question.difficulty), 0)
        chosen.append((candidates.pop(place)[1], question.points))
    return chosen
