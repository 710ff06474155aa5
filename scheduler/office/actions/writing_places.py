"""Writing lecturers and venues; a new name reaches every calendar that shows it."""

from collections import defaultdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import revise_all
from scheduler.agenda.models import Activity, Teaching, Venue
from scheduler.core.database import update_rows
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
    update_rows(
        session,
        Lecturer,
        [{"id": change.id} | {name: getattr(change.after, name) for name in fields} for change in changes],
    )
    renamed = [change.id for change in changes if change.after.name != change.before.name]
    if renamed:
        taught = select(Teaching.activity_id).where(Teaching.lecturer_id.in_(renamed))
        revise_all(session, Activity.id.in_(taught), now=writing.now)
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
    update_rows(session, Lecturer, values)


def write_venues(session: Session, writing: Writing, plan: Plan) -> None:
    """Add and change venues."""
    news, changes = plan.new.get(SheetKey.VENUES, []), plan.changed.get(SheetKey.VENUES, [])
    fields = ("name", "kind", "capacity", "address")
    if news:
        session.execute(insert(Venue), [{name: getattr(row, name) for name in ("code", *fields)} for row in news])
        writing.venues |= dict(session.execute(select(Venue.code, Venue.id)).all())
    update_rows(
        session,
        Venue,
        [{"id": change.id} | {name: getattr(change.after, name) for name in fields} for change in changes],
    )
    moved = [
        change.id
        for change in changes
        if (change.after.name, change.after.address) != (change.before.name, change.before.address)
    ]
    if moved:
        revise_all(session, Activity.venue_id.in_(moved), now=writing.now)
