"""Short answers marked by people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_text
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.models import Attempt, ItemVersion, Mark, Question, Sitting
from scheduler.quizzes.rules.grading import POINT
from scheduler.quizzes.terms.attempts import HANDED_IN
from scheduler.quizzes.terms.bank import ItemKind


def mark_answer(
    session: Session,
    actor: Actor,
    sitting: Sitting,
    attempt_id: int,
    position: int,
    *,
    score: int,
    remark: str = "",
    now: datetime,
) -> None:
    """Give a short answer its mark, in hundredths of a point; a marker may change the own mark while it is not settled.

    Refuses more than the question is worth, an answer that has its mark or that no person marks, and the own answer.
    """
    row = session.execute(
        select(Question, Attempt, ItemVersion.kind)
        .join(Attempt, Attempt.id == Question.attempt_id)
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(
            Question.attempt_id == attempt_id,
            Question.position == position,
            Attempt.sitting_id == sitting.id,
            Attempt.state.in_(HANDED_IN),
        )
        .with_for_update(of=Attempt)
    ).one_or_none()
    if row is None or row[2] is not ItemKind.SHORT or actor.person_id in {None, row[1].person_id}:
        raise Missing
    question: Question = row[0]
    if question.score is not None:
        raise Refusal(lazy("This answer has its mark already."))
    if not 0 <= score <= question.points * POINT:
        raise Refusal(lazy("At most %(points)s points."), field="score", points=question.points)
    own = session.get(Mark, (attempt_id, position, actor.person_id))
    if own is None:
        own = Mark(attempt_id=attempt_id, position=position, marker_id=actor.person_id, marked_at=now)
        session.add(own)
    own.score, own.remark = score, clean_text(remark, limit=500, label=lazy_gettext("Remark"))
    session.flush()
    record(session, actor, "mark", "attempt", attempt_id, now=now, position=position, score=score)
    grade(session, [attempt_id], now=now)
    follow(session, sitting.id, [row[1].person_id], now=now)
