"""What came of each who was due, and of each unit, as SQL: the one place that says it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
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


def changed_outcomes(
    sitting_id: int, person_ids: Collection[int] | None, closed_at: datetime, now: datetime
) -> Select[int, Outcome, int | None, int | None]:
    """Select (person_id, outcome, attempt_id, score) of the candidates (None: of all) whose row says otherwise.

    They follow from grants and attempts: exempt counts first; then the best graded attempt, unless a better one may
    still come of what is open or being marked. Who has not sat is deferred until the cut-off, where that was granted,
    else absent.
    """
    tried = _tried(sitting_id, person_ids)
    graded = tried.c.state == AttemptState.GRADED
    deferred = _granted(tried, Concession.DEFERRED) if now < cut_off(closed_at) else false()
    of = Candidate.outcome.type
    outcome = case(
        (_granted(tried, Concession.EXEMPT), literal(Outcome.EXEMPT, of)),
        (and_(graded, tried.c.passed), literal(Outcome.PASSED, of)),
        (tried.c.waiting == 1, literal(Outcome.PENDING, of)),
        (graded, literal(Outcome.FAILED, of)),
        (deferred, literal(Outcome.DEFERRED, of)),
        else_=literal(Outcome.ABSENT, of),
    )
    new = {"outcome": outcome, "attempt_id": case((graded, tried.c.id)), "score": case((graded, tried.c.score))}
    differs = or_(*(tried.c[f"kept_{name}"].is_distinct_from(value) for name, value in new.items()))
    return select(tried.c.person_id, *(value.label(name) for name, value in new.items())).where(
        tried.c.place == 1, differs
    )


def _tried(sitting_id: int, person_ids: Collection[int] | None) -> Subquery:
    """Return each candidate's row with each attempt (none: once), the best graded one in the first place."""
    best_first = (case((Attempt.state == AttemptState.GRADED, 0), else_=1), Attempt.passed.desc(), Attempt.score.desc())
    waiting = case((Attempt.state.in_(_WAITING), 1), else_=0)
    found = (
        select(
            Candidate.person_id,
            *(getattr(Candidate, name).label(f"kept_{name}") for name in ("outcome", "attempt_id", "score")),
            Attempt.id,
            Attempt.state,
            Attempt.passed,
            Attempt.score,
            func.row_number()
            .over(partition_by=Candidate.person_id, order_by=(*best_first, Attempt.number))
            .label("place"),
            func.max(waiting).over(partition_by=Candidate.person_id).label("waiting"),
        )
        .outerjoin(Attempt, _theirs())
        .where(Candidate.sitting_id == sitting_id)
    )
    if person_ids is not None:
        found = found.where(Candidate.person_id.in_(list(person_ids)))
    return found.add_columns(Candidate.sitting_id).subquery()


def _theirs() -> ColumnElement[bool]:
    return and_(Attempt.sitting_id == Candidate.sitting_id, Attempt.person_id == Candidate.person_id)


def _granted(tried: Subquery, concession: Concession) -> ColumnElement[bool]:
    return exists().where(
        Grant.sitting_id == tried.c.sitting_id,
        Grant.person_id == tried.c.person_id,
        Grant.concession == concession,
        Grant.withdrawn_at.is_(None),
    )


def tallied(sitting_id: int) -> Select[*tuple[Any, ...]]:
    """Return (sitting id, unit id, the six counts) of every judged unit of a sitting."""
    return (
        select(
            Candidate.sitting_id,
            Candidate.judged_unit_id.label("unit_id"),
            *(func.sum(case((Candidate.outcome == outcome, 1), else_=0)).label(outcome.value) for outcome in Outcome),
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
