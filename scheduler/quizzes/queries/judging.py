"""What came of each who was due, and of each unit, as SQL: the one place that says it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from scheduler.people.models import Person, Unit
from scheduler.people.terms import UnitKind
from scheduler.quizzes.models import Attempt, Candidate, Grant, RetrainingOrder, Sitting, UnitResult
from scheduler.quizzes.rules.retraining import cut_off
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.results import Outcome
from scheduler.quizzes.terms.sittings import Attendees, Concession

_WAITING = (AttemptState.IN_PROGRESS, AttemptState.OVERDUE, AttemptState.SUBMITTED)


def judged_units() -> FromClause:
    """Return (unit_id, judged_unit_id) of every unit: the nearest at or above it that is no section, else itself."""
    own, above = aliased(Unit), aliased(Unit)
    nearest = (
        # of the paths above a unit, each is the beginning of the next, so the greatest is the nearest
        select(own.id.label("unit_id"), func.max(above.path).label("path"))
        .join(above, and_(own.path.startswith(above.path), above.kind != UnitKind.SECTION), isouter=True)
        .group_by(own.id)
        .subquery()
    )
    found = aliased(Unit)
    return (
        select(nearest.c.unit_id, func.coalesce(found.id, nearest.c.unit_id).label("judged_unit_id"))
        .join(found, found.path == nearest.c.path, isouter=True)
        .subquery()
    )


def outcomes(closed_at: datetime, now: datetime) -> dict[str, Any]:
    """Return the values of outcome, attempt_id and score for an UPDATE of Candidate, from grants and attempts.

    Exempt counts first; then the best graded attempt, unless a better one may still come of what is open or being
    marked. Who has not sat is deferred until the cut-off, where that was granted, else absent.
    """
    deferral = _granted(Concession.DEFERRED) if now < cut_off(closed_at) else literal(value=False)
    outcome = case(
        (_granted(Concession.EXEMPT), Outcome.EXEMPT.value),
        (_tried(Attempt.passed, Attempt.state == AttemptState.GRADED), Outcome.PASSED.value),
        (_tried(Attempt.state.in_(_WAITING)), Outcome.PENDING.value),
        (_tried(Attempt.state == AttemptState.GRADED), Outcome.FAILED.value),
        (deferral, Outcome.DEFERRED.value),
        else_=Outcome.ABSENT.value,
    )
    return {"outcome": outcome, "attempt_id": _best(Attempt.id), "score": _best(Attempt.score)}


def counts(sitting_id: int) -> dict[str, ScalarSelect[int]]:
    """Return the values of the tally for an UPDATE of UnitResult: the recount of its candidates."""
    return {
        outcome.value: select(func.count())
        .where(
            Candidate.sitting_id == sitting_id,
            Candidate.judged_unit_id == UnitResult.unit_id,
            Candidate.outcome == outcome,
        )
        .correlate(UnitResult)
        .scalar_subquery()
        for outcome in Outcome
    }


def tallied(sitting_id: int) -> Select[*tuple[Any, ...]]:
    """Return (sitting id, unit id, the six counts) of every judged unit of a sitting."""
    return (
        select(
            Candidate.sitting_id,
            Candidate.judged_unit_id,
            *(func.sum(case((Candidate.outcome == outcome, 1), else_=0)) for outcome in Outcome),
        )
        .where(Candidate.sitting_id == sitting_id)
        .group_by(Candidate.sitting_id, Candidate.judged_unit_id)
    )


def trainee_ids(
    session: Session, sitting_id: int, unit_id: int, *, outcomes_of: Collection[Outcome] | None
) -> list[int]:
    """Return who is to train again: of the unit's candidates those with such an outcome, or (None) its whole staff.

    The staff are all who work in the unit and the sections judged with it now. Who was exempt or has left is not
    among them.
    """
    here = Person.left_at.is_(None)
    own = and_(Candidate.sitting_id == sitting_id, Candidate.person_id == Person.id)
    if outcomes_of is not None:
        judged = and_(own, Candidate.judged_unit_id == unit_id, Candidate.outcome.in_(list(outcomes_of)))
        return list(session.scalars(select(Person.id).join(Candidate, judged).where(here).order_by(Person.id)))
    units = judged_units()
    exempt = exists().where(own, Candidate.outcome == Outcome.EXEMPT).correlate(Person)
    return list(
        session.scalars(
            select(Person.id)
            .join(units, units.c.unit_id == Person.unit_id)
            .where(here, units.c.judged_unit_id == unit_id, ~exempt)
            .order_by(Person.id)
        )
    )


def carried_passes(session: Session, sitting: Sitting, unit_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people of each unit passed in the rounds before, where only the others sat again."""
    if sitting.attendees is not Attendees.NOT_PASSED:
        return {}
    order, earlier = aliased(RetrainingOrder), aliased(RetrainingOrder)
    rows = session.execute(
        select(order.unit_id, func.sum(UnitResult.passed))
        .join(
            earlier,
            (earlier.sitting_id == order.sitting_id)
            & (earlier.unit_id == order.unit_id)
            & (earlier.round <= order.round),
        )
        .join(
            UnitResult,
            (UnitResult.sitting_id == earlier.judged_sitting_id) & (UnitResult.unit_id == earlier.unit_id),
        )
        .where(order.next_sitting_id == sitting.id, order.unit_id.in_(list(unit_ids)))
        .group_by(order.unit_id)
    )
    return {unit_id: int(passed) for unit_id, passed in rows}


def _granted(concession: Concession) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Grant.sitting_id == Candidate.sitting_id,
            Grant.person_id == Candidate.person_id,
            Grant.concession == concession,
            Grant.withdrawn_at.is_(None),
        )
        .correlate(Candidate)
    )


def _theirs() -> ColumnElement[bool]:
    return and_(Attempt.sitting_id == Candidate.sitting_id, Attempt.person_id == Candidate.person_id)


def _tried(*conditions: ColumnElement[bool] | Any) -> ColumnElement[bool]:
    return exists().where(_theirs(), *conditions).correlate(Candidate)


def _best(column: Any) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(_theirs(), Attempt.state == AttemptState.GRADED)
        .order_by(Attempt.passed.desc(), Attempt.score.desc(), Attempt.number)
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
    )
