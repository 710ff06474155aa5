"""Grading: what machines can mark at once, what people mark, and rulings that mark a sitting anew."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import update_rows
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_text
from scheduler.people.models import Person, Unit
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.models import Attempt, ItemVersion, Mark, Question, Ruling, Sitting, UnitResult
from scheduler.quizzes.rules.bank.answers import with_answer
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.rules.grading import POINT, Key, has_passed, marks_agreed, score_of
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import ItemKind, ItemText

_ENDED = (AttemptState.SUBMITTED, AttemptState.GRADED)


def grade(session: Session, attempt_ids: Collection[int]) -> int:
    """Grade attempts that were handed in, as far as it goes without a person; returns how many are graded now.

    An attempt with an answer that waits for its mark stays handed in. Run again it comes to the same.
    """
    attempts = session.execute(
        select(Attempt.id, Attempt.out_of, Sitting.id.label("sitting_id"), Sitting.pass_mark, Sitting.credit,
               Sitting.double_marking)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state.in_(_ENDED))
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
    marks: dict[tuple[int, int], list[int]] = {}
    for mark in session.scalars(
        select(Mark).where(Mark.attempt_id.in_([attempt.id for attempt in attempts])).order_by(Mark.marked_at)
    ):
        marks.setdefault((mark.attempt_id, mark.position), []).append(mark.score)
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
    rows = []
    for attempt in attempts:
        total = totals[attempt.id]
        passed = None if total is None else has_passed(total, attempt.out_of, attempt.pass_mark)
        state = AttemptState.SUBMITTED if total is None else AttemptState.GRADED
        rows.append({"id": attempt.id, "score": total, "passed": passed, "state": state})
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
            Attempt.state.in_(_ENDED),
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
    grade(session, [attempt_id])
    follow(session, sitting.id, [row[1].person_id], now=now)


@dataclass(frozen=True, slots=True)
class Flips:
    """Whom a ruling flips: people as (name, passed before, passed after), units as (name, passed before, after, due)."""

    people: list[tuple[str, bool | None, bool | None]]
    units: list[tuple[str, int, int, int]]


def rule_item(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    sitting: Sitting,
    item_version_id: int,
    *,
    void: bool,
    key: str = "",
    accepted: str = "",
    reason: str,
    dry_run: bool,
    now: datetime,
) -> Flips:
    """Void an item of a sitting or give it another key, and grade all anew; returns every person and unit that flips.

    With `dry_run` the same is done and taken back. The key is read as the bank reads it; refuses one that no answer
    could meet.
    """
    version = session.get(ItemVersion, item_version_id)
    asked = select(Question.attempt_id).join(Attempt, Attempt.id == Question.attempt_id)
    asked = asked.where(Attempt.sitting_id == sitting.id, Question.item_version_id == item_version_id)
    attempt_ids = list(session.scalars(asked.where(Attempt.state.in_(_ENDED))))
    if version is None or session.scalar(asked.limit(1)) is None:
        raise Missing
    reason = clean_text(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why."), field="reason")
    if void == bool(key or accepted):
        raise Refusal(lazy("Give the key that is right, or void the item."), field="key")
    if not void:
        key, accepted = _checked(version, key or accepted)
    before = _standing(session, sitting.id)
    with session.begin_nested() as work:
        session.add(
            Ruling(
                sitting_id=sitting.id,
                item_version_id=item_version_id,
                void=void,
                key=key,
                accepted=accepted,
                reason=reason,
                made_at=now,
                made_by_id=actor.person_id,
            )
        )
        session.flush()
        facts = {"item_version_id": item_version_id, "void": void, "key": key or accepted}
        record(session, actor, "rule", "sitting", sitting.id, now=now, **facts)
        grade(session, attempt_ids)
        follow(session, sitting.id, None, now=now)
        flips = _flips(before, _standing(session, sitting.id))
        if dry_run:
            work.rollback()
    return flips


def _checked(version: ItemVersion, written: str) -> tuple[str, str]:
    """Return the key and the accepted forms that were written for an item; refuses with UnfitItem beside the key."""
    if version.kind is ItemKind.SHORT:
        raise Refusal(lazy("Give the key that is right, or void the item."), field="key")
    try:
        found = check_item(with_answer(ItemText(version.kind, version.stem, tuple(version.choices)), written))
    except UnfitItem as refusal:
        refusal.field = "key"
        raise
    return found.key, "|".join(found.accepted)


_PASSED, _WAITS = 2, 1
"""Of several attempts of a person the best counts; one that waits for marks may yet be it."""
_Passed = dict[int, tuple[str, bool | None]]
_Tallies = dict[int, tuple[str, int, int]]


def _standing(session: Session, sitting_id: int) -> tuple[_Passed, _Tallies]:
    best = func.max(case((Attempt.passed.is_(True), _PASSED), (Attempt.passed.is_(None), _WAITS), else_=0))
    people = session.execute(
        select(Person.id, Person.name, best.label("best"))
        .join(Attempt, Attempt.person_id == Person.id)
        .where(Attempt.sitting_id == sitting_id, Attempt.state.in_(_ENDED))
        .group_by(Person.id, Person.name)
        .order_by(func.min(Attempt.id))
    )
    units = session.execute(
        select(UnitResult, Unit.name)
        .join(Unit, Unit.id == UnitResult.unit_id)
        .where(UnitResult.sitting_id == sitting_id)
        .order_by(Unit.code)
        .execution_options(populate_existing=True)
    )
    return (
        {row.id: (row.name, None if row.best == _WAITS else row.best == _PASSED) for row in people},
        {
            one.unit_id: (name, one.passed, one.passed + one.failed + one.absent + one.deferred + one.pending)
            for one, name in units
        },
    )


def _flips(before: tuple[_Passed, _Tallies], after: tuple[_Passed, _Tallies]) -> Flips:
    people = [
        (name, before[0][number][1], passed)
        for number, (name, passed) in after[0].items()
        if number in before[0] and before[0][number][1] != passed
    ]
    units = [
        (name, before[1][number][1], passed, due)
        for number, (name, passed, due) in after[1].items()
        if number in before[1] and before[1][number][1] != passed
    ]
    return Flips(people, units)
