"""Writing lecturers and venues; a new name reaches every calendar that shows it."""

from collections import defaultdict

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.actions import change_venue, rename_lecturer
from scheduler.agenda.models import Venue
from scheduler.office.rules.planning import Plan
from scheduler.office.terms.sheets import SheetKey
from scheduler.office.terms.writing import Writing
from scheduler.people.models import Lecturer, Person, Unit


def write_lecturers(session: Session, writing: Writing, plan: Plan) -> None:
    """Add and change lecturers, and link those who can be nobody but one member of staff."""
    news, changes = plan.new.get(SheetKey.LECTURERS, []), plan.changed.get(SheetKey.LECTURERS, [])
    fields = ("name", "kind", "organisation", "field", "availability")
    if news:
        session.execute(
            insert(Lecturer), [{"code": row.code} | {name: getattr(row, name) for name in fields} for row in news]
        )
        writing.lecturers |= dict(session.execute(select(Lecturer.code, Lecturer.id)).all())
    for change in changes:
        if change.after.name != change.before.name:
            rename_lecturer(session, writing.actor, change.id, name=change.after.name, now=writing.now)
    if changes:
        session.flush()
        values = [{"id": change.id} | {name: getattr(change.after, name) for name in fields} for change in changes]
        session.execute(update(Lecturer), values)
    if news or changes:
        _link_lecturers(session)


def _link_lecturers(session: Session) -> None:
    """Link a lecturer to the one person of the same name in the unit named, or below it; never where two fit."""
    free = session.execute(
        select(Lecturer.id, Lecturer.name, Lecturer.organisation).where(Lecturer.person_id.is_(None))
    )
    wanted = {row.id: (row.name, row.organisation) for row in free if row.organisation}
    linked = set(session.scalars(select(Lecturer.person_id).where(Lecturer.person_id.is_not(None))))
    above = dict(session.execute(select(Unit.id, Unit.name)).all())
    names = {name for name, _ in wanted.values()}
    candidates: dict[tuple[str, str], set[int]] = defaultdict(set)
    people = session.execute(select(Person.id, Person.name, Unit.path).join(Unit, Unit.id == Person.unit_id))
    for person_id, name, path in people:
        if name in names:
            for unit_id in path.strip("/").split("/"):
                candidates[name, above[int(unit_id)]].add(person_id)
    claims: dict[int, list[int]] = defaultdict(list)
    for lecturer_id, who in wanted.items():
        if len(candidates[who]) == 1:
            claims[next(iter(candidates[who]))].append(lecturer_id)
    values = [
        {"id": lecturers[0], "person_id": person_id}
        for person_id, lecturers in claims.items()
        if len(lecturers) == 1 and person_id not in linked
    ]
    if values:
        session.execute(update(Lecturer), values)


def write_venues(session: Session, writing: Writing, plan: Plan) -> None:
    """Add and change venues."""
    news, changes = plan.new.get(SheetKey.VENUES, []), plan.changed.get(SheetKey.VENUES, [])
    if news:
        fields = ("code", "name", "kind", "capacity", "address")
        session.execute(insert(Venue), [{name: getattr(row, name) for name in fields} for row in news])
        writing.venues |= dict(session.execute(select(Venue.code, Venue.id)).all())
    for change in changes:
        after = change.after
        venue = change_venue(
            session,
            writing.actor,
            change.id,
            name=after.name,
            address=after.address,
            capacity=after.capacity,
            now=writing.now,
        )
        venue.kind = after.kind
    session.flush()
