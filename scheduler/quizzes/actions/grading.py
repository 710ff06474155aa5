"""Grading: what machines can mark, at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import system_actor
from scheduler.core.database import update_rows
from scheduler.quizzes.models import Attempt, ItemVersion, Mark, Question, Ruling, Sitting
from scheduler.quizzes.rules.grading import Key, has_passed, marks_agreed, score_of
from scheduler.quizzes.terms.attempts import HANDED_IN, AttemptState
from scheduler.quizzes.terms.bank import ItemKind


def grade(session: Session, attempt_ids: Collection[int], *, now: datetime) -> int:
    """Grade attempts that were handed in, as far as it goes without a person; returns how many are graded now.

    An attempt with an answer that waits for its mark stays handed in. Run again it comes to the same.
    Each that goes from one state to the other is recorded, as done by the machine: who marked or ruled is recorded there.
    """
    attempts = session.execute(
        select(Attempt.id, Attempt.state, Attempt.out_of, Sitting.id.label("sitting_id"), Sitting.pass_mark, Sitting.credit,
               Sitting.double_marking)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state.in_(HANDED_IN))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ).all()  # fmt: skip
    if not attempts:
        return 0
    questions = session.execute(
        select(
            Question.attempt_id,
            Question.position,
            Question.item_version_id,
            Question.points,
            Question.answer,
            Question.score,
            ItemVersion.kind,
            ItemVersion.key,
            ItemVersion.accepted,
        )
        .join(ItemVersion, ItemVersion.id == Question.item_version_id)
        .where(Question.attempt_id.in_([attempt.id for attempt in attempts]))
        .order_by(Question.attempt_id, Question.position)
    ).all()
    rulings = _rulings(session, {attempt.sitting_id for attempt in attempts})
    marks = _marks(session, {row.attempt_id for row in questions if row.kind is ItemKind.SHORT})
    of_sitting = {attempt.id: attempt for attempt in attempts}
    totals: dict[int, int | None] = {attempt.id: 0 for attempt in attempts}
    changed = []
    for row in questions:
        attempt = of_sitting[row.attempt_id]
        key = rulings.get((attempt.sitting_id, row.item_version_id)) or Key(row.kind, row.key, tuple(row.accepted))
        score = score_of(key, row.answer, row.points, attempt.credit)
        if score is None:
            given = marks.get((row.attempt_id, row.position), [])
            score = marks_agreed(given, row.points, double=attempt.double_marking)
        total = totals[row.attempt_id]
        totals[row.attempt_id] = None if score is None or total is None else total + score
        if score != row.score:
            changed.append({"attempt": row.attempt_id, "place": row.position, "new": score})
    _store_scores(session, changed)
    rows, grader = [], system_actor("grade")
    for attempt in attempts:
        total = totals[attempt.id]
        passed = None if total is None else has_passed(total, attempt.out_of, attempt.pass_mark)
        state = AttemptState.SUBMITTED if total is None else AttemptState.GRADED
        rows.append({"id": attempt.id, "score": total, "passed": passed, "state": state})
        if state is not attempt.state:
            record(session, grader, "grade", "attempt", attempt.id, now=now, before=attempt.state, after=state)
    update_rows(session, Attempt, rows)
    session.expire_all()
    return sum(row["score"] is not None for row in rows)


_QUESTIONS = Question.__table__
_STORE = (
    update(_QUESTIONS)  # type: ignore[arg-type]  # a mapped class has a Table
    .where(_QUESTIONS.c.attempt_id == bindparam("attempt"), _QUESTIONS.c.position == bindparam("place"))
    .values(score=bindparam("new"))
)


def _store_scores(session: Session, changed: list[dict[str, int | None]]) -> None:
    if changed:
        session.connection().execute(_STORE, changed)


def _marks(session: Session, attempt_ids: Collection[int]) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    if attempt_ids:
        wanted = select(Mark).where(Mark.attempt_id.in_(attempt_ids)).order_by(Mark.marked_at)
        for mark in session.scalars(wanted):
            found.setdefault((mark.attempt_id, mark.position), []).append(mark.score)
    return found


def _rulings(session: Session, sitting_ids: Collection[int]) -> dict[tuple[int, int], Key]:
    rows = session.execute(
        select(Ruling, ItemVersion.kind)
        .join(ItemVersion, ItemVersion.id == Ruling.item_version_id)
        .where(Ruling.sitting_id.in_(sitting_ids))
        .order_by(Ruling.id)
    )
    return {
        (ruling.sitting_id, ruling.item_version_id): Key(
            kind, ruling.key, tuple(ruling.accepted.split("|")) if ruling.accepted else (), ruling.void
        )
        for ruling, kind in rows
    }


def ungraded(session: Session, *, limit: int = 200) -> list[int]:
    """Return attempts that were handed in and of which no answer was graded yet: grading them did not come to its end."""
    first = select(Question.attempt_id).where(Question.attempt_id == Attempt.id, Question.score.is_not(None))
    return list(
        session.scalars(
            select(Attempt.id)
            .where(Attempt.state == AttemptState.SUBMITTED, ~first.exists())
            .order_by(Attempt.id)
            .limit(limit)
        )
    )
