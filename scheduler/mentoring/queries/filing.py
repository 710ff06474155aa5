"""What has to be known to file a record, in one statement, and what its form shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.mentoring.models import (
    GuidanceArea,
    GuidanceDraft,
    GuidanceMode,
    GuidanceRecord,
    MonthLock,
    Pairing,
    PairingPause,
)
from scheduler.mentoring.rules.filing import DayFacts
from scheduler.mentoring.terms import OPEN
from scheduler.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What decides whether a mentor may file a record of a day for a pairing."""

    pairing_id: int
    programme_id: int
    mentee_id: int
    mentor: str
    on_day: DayFacts
    has_mode: bool
    has_activity: bool
    """The planned meeting that the record is to come from is one of this pairing."""
    has_draft: bool
    record_id: int | None
    """The record that was filed with the same key before."""


def filing_facts(
    session: Session,
    actor: Actor,
    pairing_ids: Collection[int],
    *,
    day: date,
    mode_id: int,
    key: str,
    activity_id: int | None = None,
) -> list[FilingFacts]:
    """Return the facts of those of the pairings that `actor` guides, in the order of their ids; one statement."""
    mentor = aliased(Person)
    rows = session.execute(
        select(
            Pairing.id,
            Pairing.programme_id,
            Pairing.mentee_id,
            mentor.name,
            Person.name,
            Pairing.status,
            Pairing.starts_on,
            _last_day(),
            _paused(day),
            is_locked(day),
            exists().where(GuidanceMode.id == mode_id, GuidanceMode.programme_id == Pairing.programme_id),
            exists().where(Activity.id == activity_id, Activity.audience_id == Pairing.audience_id),
            exists().where(GuidanceDraft.pairing_id == Pairing.id, GuidanceDraft.author_id == actor.person_id),
            _filed(key),
        )
        .join(Person, Person.id == Pairing.mentee_id)
        .join(Unit, Unit.id == Person.unit_id)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .where(Pairing.id.in_(pairing_ids), Pairing.mentor_id == actor.person_id)
        .order_by(Pairing.id)
    )
    found = []
    for pairing_id, programme_id, mentee_id, mentor_name, *rest in rows:
        on_day = DayFacts(*rest[:6])
        found.append(FilingFacts(pairing_id, programme_id, mentee_id, mentor_name, on_day, *rest[6:]))
    return found


def is_locked(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition, beside the mentee's Unit, that the month of `day` is locked for that unit."""
    locking = aliased(Unit)
    month = day.replace(day=1) if isinstance(day, date) else day
    return (
        exists()
        .where(
            MonthLock.month == month,
            MonthLock.reopened_at.is_(None),
            MonthLock.unit_id == locking.id,
            Unit.path.startswith(locking.path),
        )
        .correlate(Unit)
    )


def _last_day() -> ColumnElement[date]:
    last: ColumnElement[date] = case((Pairing.closed_on < Pairing.ends_on, Pairing.closed_on), else_=Pairing.ends_on)
    return last


def _paused(day: date) -> ColumnElement[bool]:
    return exists().where(
        PairingPause.pairing_id == Pairing.id,
        PairingPause.starts_on <= day,
        PairingPause.ends_on.is_(None) | (PairingPause.ends_on > day),
    )


def _filed(key: str) -> Any:
    return (
        select(GuidanceRecord.id)
        .where(GuidanceRecord.pairing_id == Pairing.id, GuidanceRecord.key == key)
        .correlate(Pairing)
        .scalar_subquery()
    )


def modes_of(session: Session, programme_id: int, language: str) -> list[tuple[int, str]]:
    """Return the ways of guidance of a programme as (id, name), in their order."""
    rows = session.scalars(
        select(GuidanceMode)
        .where(GuidanceMode.programme_id == programme_id)
        .order_by(GuidanceMode.position, GuidanceMode.id)
    )
    return [(one.id, one.name(language)) for one in rows]


def joint_choices(session: Session, actor: Actor, pairing: Pairing) -> list[tuple[int, str]]:
    """Return the mentor's other pairings in force of the same programme, as (id, mentee's name): for a joint session."""
    rows = session.execute(
        select(Pairing.id, Person.name)
        .join(Person, Person.id == Pairing.mentee_id)
        .where(
            Pairing.mentor_id == actor.person_id,
            Pairing.programme_id == pairing.programme_id,
            Pairing.status.in_(OPEN),
            Pairing.id != pairing.id,
        )
        .order_by(Person.name)
    )
    return [(row.id, row.name) for row in rows]


def own_draft(session: Session, actor: Actor, pairing_id: int) -> GuidanceDraft | None:
    """Return what the actor typed for a pairing that the actor guides and did not file; never another's draft."""
    return session.scalars(
        select(GuidanceDraft)
        .join(Pairing, Pairing.id == GuidanceDraft.pairing_id)
        .where(
            GuidanceDraft.pairing_id == pairing_id,
            GuidanceDraft.author_id == actor.person_id,
            Pairing.mentor_id == actor.person_id,
        )
    ).one_or_none()


def usual_mode(session: Session, pairing_id: int, programme_id: int) -> int | None:
    """Return how the pairing's latest guidance was given, else the first way of the programme."""
    latest = session.scalar(
        select(GuidanceRecord.mode_id)
        .where(GuidanceRecord.pairing_id == pairing_id)
        .order_by(GuidanceRecord.id.desc())
        .limit(1)
    )
    return latest or session.scalar(
        select(GuidanceMode.id)
        .where(GuidanceMode.programme_id == programme_id)
        .order_by(GuidanceMode.position, GuidanceMode.id)
        .limit(1)
    )


def find_meeting(session: Session, pairing: Pairing, activity_id: int) -> Activity | None:
    """Return a planned meeting of the pairing that is not cancelled."""
    return session.scalars(
        select(Activity).where(
            Activity.id == activity_id,
            Activity.audience_id == pairing.audience_id,
            Activity.status != ActivityStatus.CANCELLED,
        )
    ).one_or_none()


def area_ids_of(session: Session, record_id: int) -> list[int]:
    """Return the content areas that a record is about."""
    return list(session.scalars(select(GuidanceArea.area_id).where(GuidanceArea.record_id == record_id)))
