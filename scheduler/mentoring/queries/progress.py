"""How a programme does in a year: coverage, attainment, the load of its mentors; by unit, set-based."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.periods import Cadence, period_of
from scheduler.mentoring.models import Attainment, Pairing, Programme
from scheduler.mentoring.terms import OPEN, PairingStatus
from scheduler.people.models import Person, Unit
from scheduler.people.queries.staff import trainees_at

_OVER = (PairingStatus.COMPLETED, PairingStatus.ENDED_EARLY)


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """People and pairings of the mentees of one unit; `covered` are those of the `eligible` who had a mentor in the year."""

    unit: str
    eligible: int = 0
    covered: int = 0
    ended: int = 0
    """Pairings whose last day was in the year."""
    assessed: int = 0
    attained: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """A programme in a year; `load` says how many mentors guide how many mentees now."""

    units: list[UnitProgress]
    load: dict[int, int]

    def total(self, name: str) -> int:
        """Return the sum of a figure over the units."""
        return sum(getattr(one, name) for one in self.units)


def progress_of(session: Session, programme: Programme, paths: Sequence[str], year: int) -> Progress:
    """Return how a programme does in a year, for the mentees of the units at and below `paths`; four statements."""
    period = period_of(Cadence.YEAR, date(year, 1, 1))
    within = Person.unit_id.in_(unit_ids_within(paths))
    own = Pairing.programme_id == programme.id
    people = trainees_at()
    eligible = _by_unit(
        session, select(Person.unit_id, func.count()).join(people, people.c.person_id == Person.id).where(within)
    )
    in_force = (
        own,
        Pairing.status.not_in((PairingStatus.PROPOSED, PairingStatus.AGREED)),
        Pairing.starts_on < period.end,
        Pairing.ends_on >= period.first,
        or_(Pairing.closed_on.is_(None), Pairing.closed_on >= period.first),
    )
    covered = _by_unit(
        session,
        select(Person.unit_id, func.count(Person.id.distinct()))
        .join(people, people.c.person_id == Person.id)
        .join(Pairing, Pairing.mentee_id == Person.id)
        .where(within, *in_force),
    )
    last_day: ColumnElement[date] = func.coalesce(Pairing.closed_on, Pairing.ends_on)
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            Unit.path,
            _sum(Pairing.status.in_(_OVER) & (last_day >= period.first) & (last_day < period.end)),
            _sum(Attainment.id.is_not(None) & (Attainment.day >= period.first) & (Attainment.day < period.end)),
            _sum(Attainment.attained & (Attainment.day >= period.first) & (Attainment.day < period.end)),
        )
        .join(Person, Person.unit_id == Unit.id)
        .outerjoin(Pairing, (Pairing.mentee_id == Person.id) & own)
        .outerjoin(Attainment, (Attainment.pairing_id == Pairing.id) & Attainment.replaced_at.is_(None))
        .where(Unit.id.in_(unit_ids_within(paths)))
        .group_by(Unit.id, Unit.name, Unit.path)
        .order_by(Unit.path)
    ).all()
    units = [
        UnitProgress(row.name, eligible.get(row.id, 0), covered.get(row.id, 0), int(row[3]), int(row[4]), int(row[5]))
        for row in rows
    ]
    mentors = session.execute(
        select(Pairing.mentor_id, func.count())
        .join(Person, Person.id == Pairing.mentee_id)
        .where(own, Pairing.status.in_(OPEN), within)
        .group_by(Pairing.mentor_id)
    )
    load = Counter(row[1] for row in mentors)
    shown = [one for one in units if one.eligible or one.covered or one.ended or one.assessed]
    return Progress(shown, dict(sorted(load.items())))


def attainments_of(session: Session, pairing_id: int) -> Sequence[Attainment]:
    """Return the assessments of a pairing, also those that were changed, the newest first."""
    own = select(Attainment).where(Attainment.pairing_id == pairing_id)
    return session.scalars(own.order_by(Attainment.id.desc())).all()


def _by_unit(session: Session, statement: "object") -> dict[int, int]:
    rows = session.execute(statement.group_by(Person.unit_id))  # type: ignore[attr-defined]  # a select of two columns
    return {row[0]: row[1] for row in rows}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
