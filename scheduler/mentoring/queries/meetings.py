"""Planned guidance sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.mentoring.models import GuidanceRecord, Pairing
from scheduler.mentoring.terms import RecordState
from scheduler.people.models import Person

LOOK_BACK = timedelta(days=35)
"""How long a meeting that was held waits for its record on the pages."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planned session of a pairing; `is_over` when it can become a record."""

    activity_id: int
    pairing_id: int
    mentee: str
    title: str
    starts_at: datetime
    ends_at: datetime
    version: int
    is_over: bool


def meetings_of(session: Session, pairing_id: int, *, now: datetime) -> list[Meeting]:
    """Return the sessions of a pairing that are to come, or were held lately and have no record; by time."""
    return _found(session, Pairing.id == pairing_id, now)


def own_meetings(session: Session, actor: Actor, *, now: datetime) -> list[Meeting]:
    """Return those of all pairings that the actor guides."""
    return _found(session, Pairing.mentor_id == actor.person_id, now)


def _found(session: Session, condition: ColumnElement[bool], now: datetime) -> list[Meeting]:
    recorded = exists().where(
        GuidanceRecord.activity_id == Activity.id,
        GuidanceRecord.pairing_id == Pairing.id,
        GuidanceRecord.state == RecordState.FILED,
    )
    rows = session.execute(
        select(
            Activity.id,
            Pairing.id,
            Person.name,
            Activity.title,
            Activity.starts_at,
            Activity.ends_at,
            Activity.version,
        )
        .join(Pairing, Pairing.audience_id == Activity.audience_id)
        .join(Person, Person.id == Pairing.mentee_id)
        .where(
            condition,
            Activity.status == ActivityStatus.SCHEDULED,
            Activity.starts_at > now - LOOK_BACK,
            ~recorded,
        )
        .order_by(Activity.starts_at)
    ).all()
    return [Meeting(*row, row.starts_at <= now) for row in rows]
