"""Results as they are shown: units with their people pooled over the tree, and the names behind each number."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from scheduler.agenda.models import Activity
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.models import Person, Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Attempt, Candidate, Sitting, UnitResult
from scheduler.quizzes.queries.judging import carried_passes
from scheduler.quizzes.queries.retraining import within
from scheduler.quizzes.terms.results import NameRow, Outcome, Tally, UnitRow

_COUNTS = tuple(getattr(UnitResult, outcome.value) for outcome in Outcome)


def get_judged(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting with its activity and paper, if the actor may see results of it; refuses with Missing.

    That is who holds RESULTS over its host, or over a unit that has a result at it.
    """
    scopes = actor.scopes(QuizPermission.RESULTS)
    host, judged = aliased(Unit), aliased(Unit)
    has_result = (
        exists()
        .where(UnitResult.sitting_id == Sitting.id, UnitResult.unit_id == judged.id, within(judged, scopes))
        .correlate(Sitting)
    )
    found = session.scalars(
        select(Sitting)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(host, host.id == Activity.host_unit_id)
        .where(Sitting.id == sitting_id, or_(within(host, scopes), has_result))
        .options(joinedload(Sitting.activity, innerjoin=True), joinedload(Sitting.paper, innerjoin=True))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def unit_rows(session: Session, actor: Actor, sitting: Sitting) -> list[UnitRow]:
    """Return the units in the actor's scope in which, or below which, somebody was due: each parent before its units.

    People of several units are pooled, each once. One statement; a second where only some sat again.
    """
    judged, shown = aliased(Unit), aliased(Unit)
    is_own = UnitResult.unit_id == shown.id
    rows = session.execute(
        select(
            shown.id,
            shown.name,
            shown.path,
            func.max(case((is_own, UnitResult.standing), else_=None)),
            func.max(case((is_own, UnitResult.final_at), else_=None)),
            func.count(case((is_own, 1))),
            *(func.sum(case((is_own, count), else_=0)) for count in _COUNTS),
            *(func.sum(count) for count in _COUNTS),
        )
        .select_from(UnitResult)
        .join(judged, judged.id == UnitResult.unit_id)
        .join(shown, judged.path.startswith(shown.path))
        .where(UnitResult.sitting_id == sitting.id, within(shown, actor.scopes(QuizPermission.RESULTS)))
        .group_by(shown.id, shown.name, shown.path)
        .order_by(shown.path)
    ).all()
    width = len(_COUNTS)
    found = [
        UnitRow(
            row[0],
            row[1],
            row[2],
            Tally(*row[6 : 6 + width]) if row[5] else None,
            row[3],
            row[4],
            Tally(*row[6 + width :]),
        )
        for row in rows
    ]
    carried = carried_passes(session, sitting, [row.id for row in found])
    return [replace(row, carried=carried.get(row.id, 0)) for row in found]


def count_outcomes(session: Session, actor: Actor, sitting_id: int, unit_id: int, *, below: bool) -> Tally:
    """Return how many people stand behind each number of a unit, `below`: with all units below it; one statement."""
    counted = session.execute(
        select(Candidate.outcome, func.count())
        .join(judged := aliased(Unit), judged.id == Candidate.judged_unit_id)
        .where(Candidate.sitting_id == sitting_id, *_behind(actor, judged, unit_id, below=below))
        .group_by(Candidate.outcome)
    )
    return Tally(**{outcome.value: number for outcome, number in counted})


def names(
    session: Session,
    actor: Actor,
    sitting_id: int,
    unit_id: int,
    *,
    below: bool,
    outcome: Outcome | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> list[NameRow]:
    """Return the people behind the numbers of a unit, as `count_outcomes` counts them; one statement."""
    statement, judged = _names(sitting_id)
    statement = statement.where(*_behind(actor, judged, unit_id, below=below)).offset(skip)
    if outcome is not None:
        statement = statement.where(Candidate.outcome == outcome)
    return [NameRow(*row) for row in session.execute(statement.limit(limit) if limit else statement)]


def all_names(session: Session, actor: Actor, sitting_id: int) -> Sequence[NameRow]:
    """Return everybody who was due, of the units in the actor's scope, for the evidence; one statement."""
    statement, judged = _names(sitting_id)
    rows = session.execute(statement.where(within(judged, actor.scopes(QuizPermission.RESULTS))))
    return [NameRow(*row) for row in rows]


def get_shown_unit(session: Session, actor: Actor, unit_id: int, permission: QuizPermission) -> Unit:
    """Return a unit over which the actor holds `permission`; refuses with Missing."""
    found = session.scalar(select(Unit).where(Unit.id == unit_id, within(Unit, actor.scopes(permission))))
    if found is None:
        raise Missing
    return found


def _names(sitting_id: int) -> tuple[Select[*tuple[Any, ...]], type[Unit]]:
    home, judged = aliased(Unit), aliased(Unit)
    statement = (
        select(
            Person.id,
            Person.staff_no,
            Person.name,
            home.name,
            judged.name,
            Candidate.outcome,
            Candidate.score,
            Attempt.out_of,
        )
        .select_from(Candidate)
        .join(Person, Person.id == Candidate.person_id)
        .join(home, home.id == Candidate.unit_id)
        .join(judged, judged.id == Candidate.judged_unit_id)
        .outerjoin(Attempt, Attempt.id == Candidate.attempt_id)
        .where(Candidate.sitting_id == sitting_id)
        .order_by(judged.path, home.path, Person.staff_no)
    )
    return statement, judged


def _behind(actor: Actor, judged: type[Unit], unit_id: int, *, below: bool) -> list[ColumnElement[bool]]:
    conditions = [within(judged, actor.scopes(QuizPermission.RESULTS))]
    if below:
        root = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
        return [*conditions, judged.path.startswith(root)]
    return [*conditions, judged.id == unit_id]
