"""The expert pool (师资库): lecturers made, and changed so that every calendar that names them learns it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.models import Activity, Teaching
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.people.models import Lecturer, Person
from scheduler.people.queries import get_lecturer
from scheduler.people.terms import LecturerFacts

_LIMITS = {
    "code": (40, lazy_gettext("Code")),
    "name": (80, lazy_gettext("Full name")),
    "organisation": (120, lazy_gettext("Organisation")),
    "field": (80, lazy_gettext("Professional field")),
    "availability": (120, lazy_gettext("Available")),
}


def create_lecturers(session: Session, actor: Actor, news: Sequence[LecturerFacts], *, now: datetime) -> list[Lecturer]:
    """Add lecturers to the pool, in the order given. Refuses a code that is taken, and what change_lecturer refuses."""
    actor.require(AgendaPermission.VENUES)
    facts = [_cleaned(new) for new in news]
    taken = set(session.scalars(select(Lecturer.code).where(Lecturer.code.in_([new.code for new in facts]))))
    for new in facts:
        _refuse_taken(new.code, taken)
        taken.add(new.code)
    lecturers = [Lecturer(**_columns(session, new)) for new in facts]
    session.add_all(lecturers)
    session.flush()
    for lecturer in lecturers:
        record(session, actor, "create", "lecturer", lecturer.id, now=now, code=lecturer.code, name=lecturer.name)
    return lecturers


def change_lecturer(
    session: Session, actor: Actor, lecturer_id: int, facts: LecturerFacts, *, version: int, now: datetime
) -> Lecturer:
    """Change what is known of a lecturer; another name revises all activities taught.

    Refuses with Stale another `version`; a code that is taken, no name, a staff number that nobody has or that
    another lecturer is linked with.
    """
    actor.require(AgendaPermission.VENUES)
    lecturer = get_lecturer(session, lecturer_id)
    refuse_stale(lecturer.version, version)
    cleaned = _cleaned(facts)
    if cleaned.code != lecturer.code:
        _refuse_taken(cleaned.code, set(session.scalars(select(Lecturer.code).where(Lecturer.code == cleaned.code))))
    after = _columns(session, cleaned, lecturer.id)
    changed = {key: [getattr(lecturer, key), value] for key, value in after.items() if getattr(lecturer, key) != value}
    for key, (_before, value) in changed.items():
        setattr(lecturer, key, value)
    if "name" in changed:
        taught = Activity.id.in_(select(Teaching.activity_id).where(Teaching.lecturer_id == lecturer.id))
        revise_all(session, taught, now=now)
    session.flush()
    if changed:
        record(session, actor, "change", "lecturer", lecturer.id, now=now, changed=changed)
    return lecturer


def _cleaned(facts: LecturerFacts) -> LecturerFacts:
    texts: dict[str, Any] = {
        name: clean_line(getattr(facts, name), limit=limit, label=label) for name, (limit, label) in _LIMITS.items()
    }
    cleaned = replace(facts, **texts)
    if not cleaned.code:
        raise Refusal(lazy("A lecturer needs a code."), field="code")
    if not cleaned.name:
        raise Refusal(lazy("A lecturer needs a name."), field="name")
    return cleaned


def _columns(session: Session, facts: LecturerFacts, lecturer_id: int | None = None) -> dict[str, object]:
    """Return the columns of a lecturer; whoever is on the staff is looked up by the number."""
    values = asdict(facts)
    number = values.pop("staff_no").strip()
    values["person_id"] = None
    if number:
        person_id = session.scalar(select(Person.id).where(Person.staff_no == number, Person.left_at.is_(None)))
        if person_id is None:
            raise Refusal(lazy("Nobody on the staff has the number %(staff_no)s."), field="staff_no", staff_no=number)
        other = session.scalar(
            select(Lecturer.code).where(Lecturer.person_id == person_id, Lecturer.id != (lecturer_id or 0))
        )
        if other is not None:
            raise Refusal(lazy("That person is the lecturer %(code)s already."), field="staff_no", code=other)
        values["person_id"] = person_id
    return values


def _refuse_taken(code: str, taken: set[str]) -> None:
    if code in taken:
        raise Refusal(lazy("There is already a lecturer with the code %(code)s."), field="code", code=code)
