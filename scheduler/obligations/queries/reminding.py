"""Who is to be told of what is still owed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduler.core.access import Role
from scheduler.mentoring.models import Pairing
from scheduler.obligations.models import Obligation, Reminder
from scheduler.obligations.queries.metrics import Moment
from scheduler.obligations.queries.standings import owing_subjects, standings
from scheduler.obligations.terms import Behind, Step
from scheduler.people.models import Account, Person, RoleGrant, Unit


def not_yet_told(session: Session, obligation: Obligation, at: Moment, step: Step) -> list[Behind]:
    """Return the subjects that owe still and of which nobody was told on this rung of the ladder; one statement."""
    rows = standings(obligation, at, ("/",))
    told = exists().where(
        Reminder.obligation_id == obligation.id,
        Reminder.subject_id == rows.c.subject_id,
        Reminder.period_start == at.period.first,
        Reminder.step == step,
    )
    found = session.execute(owing_subjects(rows).where(~told).order_by(rows.c.subject_id))
    return [Behind(row.subject_id, row.path, int(row.outstanding)) for row in found]


def mentors_of(session: Session, pairing_ids: Collection[int]) -> dict[int, int]:
    """Return the mentor (person id) of each pairing."""
    rows = session.execute(select(Pairing.id, Pairing.mentor_id).where(Pairing.id.in_(pairing_ids)))
    return {row.id: row.mentor_id for row in rows}


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a role, and where."""

    held: dict[str, tuple[int, ...]]
    """Persons by the path of the unit in which they hold it."""

    def nearest(self, path: str) -> tuple[int, ...]:
        """Return those who hold it in the unit at `path`, or else in the next above that has somebody."""
        while path != "/":
            if path in self.held:
                return self.held[path]
            path = path[: path.rstrip("/").rfind("/") + 1]
        return ()


def holders_of(session: Session, role: Role) -> Holders:
    """Return who on the staff holds a role, where."""
    rows = session.execute(
        select(Unit.path, RoleGrant.person_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, RoleGrant.ended_at.is_(None), Person.left_at.is_(None))
        .order_by(Unit.path, RoleGrant.person_id)
    )
    held: dict[str, tuple[int, ...]] = {}
    for path, person_id in rows:
        held[path] = (*held.get(path, ()), person_id)
    return Holders(held)


def languages_of(session: Session, people: Iterable[int]) -> dict[int, str]:
    """Return the language that each person chose to read; those who chose none are left out."""
    rows = select(Account.person_id, Account.language).where(
        Account.person_id.in_(list(people)), Account.language.is_not(None)
    )
    return {row.person_id: row.language for row in session.execute(rows)}
