"""Papers made and changed."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Item, Paper, PaperItem, PaperRule
from scheduler.quizzes.queries.papers import drawables, get_paper
from scheduler.quizzes.rules.drawing import draws
from scheduler.quizzes.terms.papers import MOST_POINTS, MOST_QUESTIONS, PaperPlan


def create_paper(session: Session, actor: Actor, plan: PaperPlan, *, now: datetime) -> Paper:
    """Make a paper. Refuses one that asks nothing or too much, unknown items, and rules that the bank cannot meet."""
    actor.require(QuizPermission.BANK)
    paper = Paper(name=_checked(session, plan, None))
    session.add(paper)
    _fill(session, paper, plan)
    record(session, actor, "create", "quiz_paper", paper.id, now=now, name=paper.name)
    return paper


def edit_paper(session: Session, actor: Actor, paper_id: int, plan: PaperPlan, *, version: int, now: datetime) -> Paper:
    """Change a paper for attempts that begin from now on; those that have begun keep theirs. Refuses as create_paper."""
    paper = get_paper(session, actor, paper_id)
    refuse_stale(paper.version, version)
    before = paper.name
    paper.name = _checked(session, plan, paper.id)
    for table in (PaperItem, PaperRule):
        session.execute(delete(table).where(table.paper_id == paper.id))
    paper.version += 1
    _fill(session, paper, plan)
    record(session, actor, "edit", "quiz_paper", paper.id, now=now, name=[before, paper.name])
    return paper


def _checked(session: Session, plan: PaperPlan, own_id: int | None) -> str:
    name = clean_line(plan.name, limit=120, label=lazy_gettext("Name"))
    if not name:
        raise Refusal(lazy("A paper needs a name."), field="name")
    taken = session.scalar(select(Paper.id).where(Paper.name == name))
    if taken not in {None, own_id}:
        raise Refusal(lazy("There is a paper of this name."), field="name")
    points = [points for _item, points in plan.items] + [rule.points for rule in plan.rules]
    asked = len(plan.items) + sum(rule.count for rule in plan.rules)
    if bool(plan.items) == bool(plan.rules):
        raise Refusal(lazy("A paper either names its items or draws them by rules."), field="rules")
    if not 1 <= asked <= MOST_QUESTIONS or any(not 1 <= each <= MOST_POINTS for each in points):
        raise Refusal(lazy("A paper asks 1 to 200 questions of 1 to 100 points each."), field="rules")
    if plan.rules:
        draws(plan.rules, drawables(session, plan.rules))
    wanted = {item_id for item_id, _points in plan.items}
    known = set(session.scalars(select(Item.id).where(Item.id.in_(wanted), Item.retired_at.is_(None))))
    if len(wanted) != len(plan.items) or wanted != known:
        raise Refusal(lazy("An item is named twice, or is not in the bank."), field="items")
    return name


def _fill(session: Session, paper: Paper, plan: PaperPlan) -> None:
    paper.shuffle_questions, paper.shuffle_choices = plan.shuffle_questions, plan.shuffle_choices
    session.flush()
    items = [
        {"paper_id": paper.id, "position": place, "item_id": item_id, "points": points}
        for place, (item_id, points) in enumerate(plan.items, start=1)
    ]
    rules = [
        {
            "paper_id": paper.id,
            "position": place,
            "topic": rule.topic,
            "kind": rule.kind,
            "difficulty": rule.difficulty,
            "count": rule.count,
            "points": rule.points,
        }
        for place, rule in enumerate(plan.rules, start=1)
    ]
    if items:
        session.execute(insert(PaperItem), items)
    if rules:
        session.execute(insert(PaperRule), rules)
