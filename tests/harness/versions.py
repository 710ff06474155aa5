"""Changes as one makes them who has just opened the form: with the present version."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.agenda.actions import change_lecturer, change_venue
from scheduler.agenda.actions.venues import facts_of
from scheduler.agenda.models import Venue
from scheduler.agenda.terms import VenueFacts, VenueKind
from scheduler.core.access import Actor
from scheduler.people.models import Lecturer
from scheduler.people.terms import LecturerFacts, LecturerKind


def version_of(session: Session, model: type[Any], number: int) -> int:
    """Return the present version of a row; 0 if there is none."""
    found = session.get(model, number)
    return int(found.version) if found is not None else 0


def rename_venue(session: Session, actor: Actor, venue_id: int, *, now: datetime, **changes: Any) -> Venue:
    """Change some of what is known of a venue."""
    venue = session.get(Venue, venue_id)
    facts = facts_of(venue) if venue else VenueFacts("-", "-", VenueKind.CLASSROOM, 1)
    version = version_of(session, Venue, venue_id)
    return change_venue(session, actor, venue_id, replace(facts, **changes), version=version, now=now)


def rename_lecturer(session: Session, actor: Actor, lecturer_id: int, *, name: str, now: datetime) -> Lecturer:
    """Give a lecturer another name."""
    lecturer = session.get(Lecturer, lecturer_id)
    code, kind = (lecturer.code, lecturer.kind) if lecturer else ("-", LecturerKind.SCHOLAR)
    version = version_of(session, Lecturer, lecturer_id)
    return change_lecturer(session, actor, lecturer_id, LecturerFacts(code, name, kind), version=version, now=now)
