"""Venues and lecturers change their names: every calendar that shows them must learn it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.models import Activity, Teaching, Venue
from scheduler.agenda.queries import get_venue
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.text import clean_line
from scheduler.people.models import Lecturer


def rename_venue(session: Session, actor: Actor, venue_id: int, *, name: str, now: datetime) -> Venue:
    """Give a venue another name; all its activities are revised."""
    venue = get_venue(session, venue_id)
    return change_venue(session, actor, venue_id, name=name, address=venue.address, capacity=venue.capacity, now=now)


def change_venue(
    session: Session, actor: Actor, venue_id: int, *, name: str, address: str, capacity: int, now: datetime
) -> Venue:
    """Change name, address and seats of a venue; if name or address changed all its activities are revised."""
    actor.require(AgendaPermission.VENUES)
    venue = get_venue(session, venue_id)
    name = clean_line(name, limit=120, label=lazy("Name"))
    address = clean_line(address, limit=200, label=lazy("Address"))
    if not name:
        raise Refusal(lazy("A venue needs a name."), field="name")
    if capacity < 1:
        raise Refusal(lazy("A venue has at least one seat."), field="capacity")
    before = {"name": venue.name, "address": venue.address, "capacity": venue.capacity}
    after = {"name": name, "address": address, "capacity": capacity}
    if before == after:
        return venue
    venue.name, venue.address, venue.capacity = name, address, capacity
    if (before["name"], before["address"]) != (name, address):
        revise_all(session, Activity.venue_id == venue.id, now=now)
    session.flush()
    changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    record(session, actor, "change", "venue", venue.id, now=now, changed=changed)
    return venue


def rename_lecturer(session: Session, actor: Actor, lecturer_id: int, *, name: str, now: datetime) -> Lecturer:
    """Give a lecturer another name; all activities taught are revised."""
    actor.require(AgendaPermission.VENUES)
    lecturer = session.get(Lecturer, lecturer_id)
    if lecturer is None:
        raise Missing
    name = clean_line(name, limit=80, label=lazy("Name"))
    if not name:
        raise Refusal(lazy("A lecturer needs a name."), field="name")
    if name == lecturer.name:
        return lecturer
    before, lecturer.name = lecturer.name, name
    taught = Activity.id.in_(select(Teaching.activity_id).where(Teaching.lecturer_id == lecturer.id))
    revise_all(session, taught, now=now)
    record(session, actor, "change", "lecturer", lecturer.id, now=now, changed={"name": [before, name]})
    return lecturer
