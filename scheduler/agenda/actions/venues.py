"""Venues: made, and changed so that every calendar that shows them learns it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.models import Activity, Venue
from scheduler.agenda.queries import get_venue
from scheduler.agenda.terms import VenueFacts
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line

_SHOWN = ("name", "address")


def create_venues(session: Session, actor: Actor, news: Sequence[VenueFacts], *, now: datetime) -> list[Venue]:
    """Make venues, in the order given. Refuses a code that is taken, and what change_venue refuses."""
    actor.require(AgendaPermission.VENUES)
    facts = [_cleaned(new) for new in news]
    taken = set(session.scalars(select(Venue.code).where(Venue.code.in_([new.code for new in facts]))))
    for new in facts:
        _refuse_taken(new.code, taken)
        taken.add(new.code)
    venues = [Venue(**asdict(new)) for new in facts]
    session.add_all(venues)
    session.flush()
    for venue in venues:
        record(session, actor, "create", "venue", venue.id, now=now, code=venue.code, name=venue.name)
    return venues


def change_venue(
    session: Session, actor: Actor, venue_id: int, facts: VenueFacts, *, version: int, now: datetime
) -> Venue:
    """Change what is known of a venue; if its name or address changed all its activities are revised.

    Refuses with Stale another `version`; a code that is taken, no name, no seat.
    """
    actor.require(AgendaPermission.VENUES)
    venue = get_venue(session, venue_id)
    refuse_stale(venue.version, version)
    after, before = asdict(_cleaned(facts)), asdict(facts_of(venue))
    changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if not changed:
        return venue
    if "code" in changed:
        _refuse_taken(after["code"], set(session.scalars(select(Venue.code).where(Venue.code == after["code"]))))
    for key, (_before, value) in changed.items():
        setattr(venue, key, value)
    if any(key in changed for key in _SHOWN):
        revise_all(session, Activity.venue_id == venue.id, now=now)
    session.flush()
    record(session, actor, "change", "venue", venue.id, now=now, changed=changed)
    return venue


def facts_of(venue: Venue) -> VenueFacts:
    """Return what is known of a venue."""
    return VenueFacts(venue.code, venue.name, venue.kind, venue.capacity, venue.address)


def _cleaned(facts: VenueFacts) -> VenueFacts:
    cleaned = replace(
        facts,
        code=clean_line(facts.code, limit=40, label=lazy_gettext("Code")),
        name=clean_line(facts.name, limit=120, label=lazy_gettext("Name")),
        address=clean_line(facts.address, limit=200, label=lazy_gettext("Address")),
    )
    if not cleaned.code:
        raise Refusal(lazy("A venue needs a code."), field="code")
    if not cleaned.name:
        raise Refusal(lazy("A venue needs a name."), field="name")
    if cleaned.capacity < 1:
        raise Refusal(lazy("A venue has at least one seat."), field="capacity")
    return cleaned


def _refuse_taken(code: str, taken: set[str]) -> None:
    if code in taken:
        raise Refusal(lazy("There is already a venue with the code %(code)s."), field="code", code=code)
