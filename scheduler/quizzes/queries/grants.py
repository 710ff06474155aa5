"""What was granted for sittings, to whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Attendance
from scheduler.people.models import Person, Unit
from scheduler.quizzes.models import Grant, Sitting
from scheduler.quizzes.rules.timing import extra_time
from scheduler.quizzes.terms.sittings import Concession


@dataclass(frozen=True, slots=True)
class Allowances:
    """What was granted at some sittings and holds: rows of (sitting_id, person_id, path, concession, minutes).

    `path` is that of the unit to which it was granted, with all below it.
    """

    rows: Sequence[Any]

    def added_time(self, sitting_id: int, person_id: int, unit_path: str) -> timedelta:
        """Return the time added for a person of the unit at `unit_path`: the most lenient grant."""
        return extra_time(
            row.minutes
            for row in self.rows
            if row.sitting_id == sitting_id
            and (row.person_id == person_id or (row.path is not None and unit_path.startswith(row.path)))
        )

    def longest(self, sitting_id: int) -> timedelta:
        """Return the most time that was added for anybody."""
        return extra_time(row.minutes for row in self.rows if row.sitting_id == sitting_id)

    def deferred(self, sitting_id: int) -> set[int]:
        """Return who was deferred."""
        return self._with(sitting_id, Concession.DEFERRED)

    def exempt(self, sitting_id: int) -> set[int]:
        """Return who need not sit."""
        return self._with(sitting_id, Concession.EXEMPT)

    def _with(self, sitting_id: int, concession: Concession) -> set[int]:
        return {row.person_id for row in self.rows if row.sitting_id == sitting_id and row.concession is concession}


def allowances(session: Session, sitting_ids: Collection[int]) -> Allowances:
    """Return what was granted at these sittings and holds; one statement."""
    rows = session.execute(
        select(Grant.sitting_id, Grant.person_id, Unit.path, Grant.concession, Grant.minutes)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(Grant.sitting_id.in_(sitting_ids), Grant.withdrawn_at.is_(None))
    )
    return Allowances(rows.all())


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant with the name of whom it is for."""

    id: int
    name: str
    concession: Concession
    minutes: int | None
    reason: str
    made_at: datetime


def grants_of(session: Session, sitting_id: int) -> list[Granted]:
    """Return the grants of a sitting that hold, in the order in which they were made."""
    rows = session.execute(
        select(
            Grant.id,
            func.coalesce(Person.name, Unit.name),
            Grant.concession,
            Grant.minutes,
            Grant.reason,
            Grant.made_at,
        )
        .outerjoin(Person, Person.id == Grant.person_id)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(Grant.sitting_id == sitting_id, Grant.withdrawn_at.is_(None))
        .order_by(Grant.id)
    )
    return [Granted(*row) for row in rows]


def due_choices(session: Session, sitting: Sitting) -> list[tuple[int, str]]:
    """Return everybody who is due as (id, name with unit)."""
    rows = session.execute(
        select(Person.id, Person.name, Unit.name.label("unit"))
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Attendance.activity_id == sitting.activity_id)
        .order_by(Person.name, Person.id)
    )
    return [(row.id, f"{row.name} ({row.unit})") for row in rows]
