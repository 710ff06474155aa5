"""The evaluator: how the subjects of an obligation stand in a period, however many, in one statement.

It changes nothing, so "what if it were 3 a month" is the same statement with another number.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.ledger import at_least, summed
from scheduler.mentoring.queries import owed_of, pairing_names, pairings_owing
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.queries.metrics import Moment, ledgers_of, people_of
from scheduler.obligations.terms import MEASURES, Figures, Standing, Subject, UnitStanding
from scheduler.people.models import Person, Unit


def standings(
    obligation: Obligation, at: Moment, paths: Sequence[str], *, number: int | None = None, unit_id: int | None = None
) -> CTE:
    """Return a query with a row for each subject within the units at and below `paths`.

    Its columns: subject_id, unit_id, required, counted, excused, waiver_id, waived_for; names are joined by who shows
    them. `number` stands in for the obligation's own ("what if"); `unit_id` leaves only the subjects of that unit. The
    obligation's unit is loaded.
    """
    subjects = _subjects(obligation, at, paths, unit_id)
    done = _done(obligation, at, subjects)
    counted, excused = func.coalesce(done.c.counted, 0), func.coalesce(done.c.excused, 0)
    owed = _owed(obligation, at, subjects, number) - excused
    rows = (
        select(
            subjects.c.subject_id,
            subjects.c.unit_id,
            at_least(0, owed).label("required"),
            counted.label("counted"),
            excused.label("excused"),
            Waiver.id.label("waiver_id"),
            Waiver.reason.label("waived_for"),
        )
        .select_from(subjects)
        .outerjoin(done, done.c.subject_id == subjects.c.subject_id)
        .outerjoin(
            Waiver,
            and_(
                Waiver.obligation_id == obligation.id,
                Waiver.subject_id == subjects.c.subject_id,
                Waiver.period_start == at.period.first,
                Waiver.lifted_at.is_(None),
            ),
        )
        .cte()
    )
    of_units = MEASURES[obligation.metric].subject is Subject.UNIT
    return rows.prefix_with("MATERIALIZED") if of_units else rows  # or each use of a headcount would compute it anew


def all_figures(session: Session, rows: dict[int, CTE]) -> dict[int, Figures]:
    """Return the figures of many obligations, by the keys given; one statement."""
    if not rows:
        return {}
    found = session.execute(union_all(*(_figures(one, literal(key)) for key, one in rows.items())))
    return {row[0]: _as_figures(row) for row in found}


def unit_figures(session: Session, rows: CTE, *, skip: int, limit: int) -> list[UnitStanding]:
    """Return the figures of each unit that has subjects, those with most outstanding first."""
    outstanding = _sum(_owing(rows), rows.c.required) - _sum(_owing(rows), _reached(rows))
    each = (
        _figures(rows, rows.c.unit_id).add_columns(outstanding.label("outstanding")).group_by(rows.c.unit_id).subquery()
    )
    chosen = select(each, Unit.name).join(Unit, Unit.id == each.c.unit_id)
    found = session.execute(chosen.order_by(each.c.outstanding.desc(), Unit.name, Unit.id).offset(skip).limit(limit))
    return [UnitStanding(row[0], row.name, _as_figures(row)) for row in found]


def count_units(session: Session, rows: CTE) -> int:
    """Return how many units have subjects."""
    return session.scalar(select(func.count(rows.c.unit_id.distinct()))) or 0


def single_standings(
    session: Session,
    obligation: Obligation,
    rows: CTE,
    *,
    behind: bool = False,
    skip: int = 0,
    limit: int | None = None,
) -> list[Standing]:
    """Return the subjects one by one, those with most outstanding first; `behind` leaves only those that owe still."""
    left = case((_owing(rows), rows.c.required - rows.c.counted), else_=0)
    named, name = _named(obligation, rows)
    chosen = named.order_by(left.desc(), Unit.name, name, rows.c.subject_id).offset(skip).limit(limit)
    if behind:
        chosen = chosen.where(left > 0)
    return [_as_standing(row) for row in session.execute(chosen)]


def one_standing(session: Session, obligation: Obligation, rows: CTE, subject_id: int) -> Standing | None:
    """Return how one subject stands; None if it is not among them."""
    named, _name = _named(obligation, rows)
    row = session.execute(named.where(rows.c.subject_id == subject_id)).one_or_none()
    return None if row is None else _as_standing(row)


def owing_subjects(rows: CTE) -> Select[*tuple[Any, ...]]:
    """Return a select of (subject_id, path, outstanding) of those that owe still."""
    outstanding = rows.c.required - rows.c.counted
    owing = select(rows.c.subject_id, Unit.path, outstanding.label("outstanding")).join(Unit, Unit.id == rows.c.unit_id)
    return owing.where(_owing(rows), outstanding > 0)


def _named(obligation: Obligation, rows: CTE) -> tuple[Select[*tuple[Any, ...]], ColumnElement[str]]:
    """Return the rows with name and unit, and the name's column."""
    chosen = select(rows, Unit.name.label("unit")).join(Unit, Unit.id == rows.c.unit_id)
    if MEASURES[obligation.metric].subject is Subject.UNIT:
        return chosen.add_columns(Unit.name.label("name")), Unit.name.expression
    names = pairing_names().subquery()
    return chosen.add_columns(names.c.name).join(names, names.c.subject_id == rows.c.subject_id), names.c.name


def _subjects(obligation: Obligation, at: Moment, paths: Sequence[str], unit_id: int | None) -> CTE:
    """Return (subject_id, unit_id) and of pairings also (number, days)."""
    unit: ColumnElement[int]
    if MEASURES[obligation.metric].subject is Subject.PAIRING:
        chosen, unit = pairings_owing(at.period), Person.unit_id.expression
    else:
        chosen, unit = select(Unit.id.label("subject_id"), Unit.id.label("unit_id")), Unit.id.expression
        chosen = chosen.where(Unit.kind == obligation.level if obligation.level else Unit.id == obligation.unit_id)
    if unit_id is not None:
        chosen = chosen.where(unit == unit_id)
    of_it = unit_ids_within((obligation.unit.path,))  # as lists of ids: asked once for each unit, not for each subject
    return chosen.where(unit.in_(of_it), unit.in_(unit_ids_within(paths))).cte().prefix_with("MATERIALIZED")


def _done(obligation: Obligation, at: Moment, subjects: CTE) -> Subquery:
    """Return (subject_id, counted, excused); what units below did counts for the unit above."""
    parts = [summed(one.subquery()) for one in ledgers_of(obligation.metric, at)]
    if MEASURES[obligation.metric].subject is Subject.PAIRING:
        return parts[0].subquery()
    return _rolled_up(union_all(*parts).subquery(), subjects, "counted", "excused")


def _rolled_up(own: FromClause, subjects: CTE, *names: str) -> Subquery:
    """Return the sums of the columns `names` over each subject's unit and all below; the first column of `own` is a unit."""
    above, below = aliased(Unit), aliased(Unit)
    sums = [func.sum(own.c[name]).label(name) for name in names]
    return (
        select(subjects.c.subject_id, *sums)
        .select_from(subjects)
        .join(above, above.id == subjects.c.unit_id)
        .join(below, below.path.startswith(above.path))
        .join(own, own.c[0] == below.id)
        .group_by(subjects.c.subject_id)
        .subquery()
    )


def _owed(obligation: Obligation, at: Moment, subjects: CTE, number: int | None) -> ColumnElement[int]:
    stated = number if number is not None else obligation.number
    is_pairing = MEASURES[obligation.metric].subject is Subject.PAIRING
    if is_pairing:
        each = subjects.c.number if stated is None else literal(stated, Integer)
        return owed_of(each, subjects.c.days)
    each = literal(stated, Integer) if stated is not None else literal(0)
    people = people_of(obligation.base, at)
    if people is None:
        return each
    rolled = _rolled_up(people.subquery(), subjects, "people")
    heads = select(rolled.c.people).where(rolled.c.subject_id == subjects.c.subject_id).scalar_subquery()
    return (each * func.coalesce(heads, 0) + literal(obligation.per - 1)) // literal(obligation.per)


def _owing(rows: CTE) -> ColumnElement[bool]:
    return rows.c.waiver_id.is_(None)


def _reached(rows: CTE) -> ColumnElement[int]:
    return case((rows.c.counted < rows.c.required, rows.c.counted), else_=rows.c.required)


def _sum(condition: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


def _figures(rows: CTE, key: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    owing = _owing(rows)
    return select(
        key,
        func.count(rows.c.subject_id),
        _sum(owing & (rows.c.counted >= rows.c.required), 1),
        _sum(~owing, 1),
        _sum(owing, rows.c.required),
        _sum(owing, _reached(rows)),
    )


def _as_figures(row: Sequence[Any]) -> Figures:
    subjects, met, waived, required, reached = (int(value) for value in row[1:6])
    return Figures(subjects, met, waived, required, reached)


def _as_standing(row: Any) -> Standing:
    return Standing(
        row.subject_id,
        row.name,
        row.unit,
        int(row.required),
        int(row.counted),
        int(row.excused),
        row.waiver_id,
        row.waived_for or "",
    )
