"""Rulings: an item voided or given another key after a sitting, which is then graded anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_text
from scheduler.people.models import Person, Unit
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.models import Attempt, ItemVersion, Question, Ruling, Sitting, UnitResult
from scheduler.quizzes.rules.bank.answers import with_answer
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.terms.attempts import HANDED_IN
from scheduler.quizzes.terms.bank import ItemKind, ItemText


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
    attempt_ids = list(session.scalars(asked.where(Attempt.state.in_(HANDED_IN))))
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
        grade(session, attempt_ids, now=now)
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
        .where(Attempt.sitting_id == sitting_id, Attempt.state.in_(HANDED_IN))
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
