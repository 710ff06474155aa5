"""Who comes to a series: people by themselves, or enrolled one by one or as a unit."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda import actions as agenda
from scheduler.agenda.queries import unit_ids_within
from scheduler.agenda.terms import MembershipSource
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.models import Series
from scheduler.lectures.queries import get_series
from scheduler.people.models import Person, Unit


def subscribe(session: Session, actor: Actor, series_id: int, *, now: datetime) -> Series:
    """Let the actor come to an open series from now on. Refuses a closed one, and an actor who is no person."""
    series, person_id = _own(session, actor, series_id)
    if not series.audience.open:
        raise Refusal(lazy("This series is not open: your unit's training officer enrols."))
    agenda.enrol(session, actor, series.audience_id, [person_id], source=MembershipSource.SELF, now=now)
    record(session, actor, "subscribe", "series", series.id, now=now)
    return series


def unsubscribe(session: Session, actor: Actor, series_id: int, *, now: datetime) -> Series:
    """Let the actor leave an open series; later evenings vanish from the own calendar. Refuses a closed series."""
    series, person_id = _own(session, actor, series_id)
    if not series.audience.open:
        raise Refusal(lazy("This series is not open: your unit's training officer enrols."))
    agenda.leave(session, actor, series.audience_id, [person_id], now=now)
    record(session, actor, "unsubscribe", "series", series.id, now=now)
    return series


def enrol_people(session: Session, actor: Actor, series_id: int, person_ids: Collection[int], *, now: datetime) -> int:
    """Enrol people of the actor's scope in a series; returns how many are new. Refuses others with Missing."""
    series = get_series(session, actor, series_id)
    scopes = actor.scopes(LecturePermission.ENROL)
    known = session.scalars(
        select(Person.id).where(
            Person.id.in_(person_ids), Person.left_at.is_(None), Person.unit_id.in_(unit_ids_within(scopes))
        )
    ).all()
    if set(person_ids) - set(known):
        raise Missing
    added = agenda.enrol(session, actor, series.audience_id, sorted(known), source=MembershipSource.NAMED, now=now)
    record(session, actor, "enrol", "series", series.id, now=now, people=sorted(known))
    return added


def enrol_unit(session: Session, actor: Actor, series_id: int, unit_id: int, *, now: datetime) -> int:
    """Enrol a whole unit of the actor's scope, also whoever joins it later; returns how many came in."""
    series = get_series(session, actor, series_id)
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise Missing
    actor.require(LecturePermission.ENROL, path)
    added = agenda.enrol_unit(session, actor, series.audience_id, unit_id, now=now)
    record(session, actor, "enrol_unit", "series", series.id, now=now, unit_id=unit_id)
    return added


def _own(session: Session, actor: Actor, series_id: int) -> tuple[Series, int]:
    actor.require(LecturePermission.SUBSCRIBE)
    if actor.person_id is None:
        raise Missing
    return get_series(session, actor, series_id), actor.person_id
