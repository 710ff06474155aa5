"""Guidance records of a pairing, one record, and the coverage of content areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.mentoring.models import (
    ContentArea,
    GuidanceArea,
    GuidanceMode,
    GuidanceRecord,
    Pairing,
    PairingEvent,
)
from scheduler.mentoring.queries.standings import ASKED_FOR, counts
from scheduler.mentoring.queries.visibility import Shown, get_pairing_of
from scheduler.mentoring.rules.duty import is_late
from scheduler.mentoring.terms import Confirmation, PairingStatus, RecordRow, RecordState
from scheduler.people.models import Person

MOST = 60
"""Records on the page of a pairing at most; the log has all."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A content area of a pairing's programme and how many counted records are about it."""

    id: int
    name: str
    count: int


def records_of(session: Session, shown: Shown, zone: ZoneInfo, *, language: str, limit: int = MOST) -> list[RecordRow]:
    """Return the records of a pairing, the latest first, with their areas; two statements. Words as far as allowed."""
    rows = session.execute(
        select(GuidanceRecord, GuidanceMode.name_zh, GuidanceMode.name_en)
        .join(GuidanceMode, GuidanceMode.id == GuidanceRecord.mode_id)
        .where(GuidanceRecord.pairing_id == shown.pairing.id)
        .order_by(GuidanceRecord.day.desc(), GuidanceRecord.id.desc())
        .limit(limit)
    ).all()
    areas = areas_of(session, [row[0].id for row in rows], language)
    return [
        RecordRow(
            one.id,
            one.pairing_id,
            one.day,
            mode_zh,
            mode_en,
            one.text if shown.reads_words else "",
            one.minutes,
            one.state,
            one.confirmation,
            is_late(one.day, one.first_filed_at.astimezone(zone).date(), shown.pairing.programme.grace_days),
            one.corrects_id,
            areas.get(one.id, ()),
        )
        for one, mode_zh, mode_en in rows
    ]


def areas_of(session: Session, record_ids: Sequence[int], language: str) -> dict[int, tuple[str, ...]]:
    """Return the names of the areas of each record, in the programme's order; one statement."""
    rows = session.execute(
        select(GuidanceArea.record_id, ContentArea)
        .join(ContentArea, ContentArea.id == GuidanceArea.area_id)
        .where(GuidanceArea.record_id.in_(record_ids))
        .order_by(ContentArea.position, ContentArea.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for record_id, area in rows:
        found[record_id] = (*found.get(record_id, ()), area.name(language))
    return found


def get_record(session: Session, actor: Actor, record_id: int) -> tuple[GuidanceRecord, Shown]:
    """Return a record with its mode, and its pairing as the reader sees it; refuses with Missing."""
    shown = get_pairing_of(session, actor, record_id)
    record = session.scalars(
        select(GuidanceRecord)
        .where(GuidanceRecord.id == record_id)
        .options(joinedload(GuidanceRecord.mode, innerjoin=True), joinedload(GuidanceRecord.filed_by))
    ).one_or_none()
    if record is None:
        raise Missing
    return record, shown


def correction_of(session: Session, record_id: int) -> int | None:
    """Return the record that took the place of this one, if any."""
    return session.scalar(select(GuidanceRecord.id).where(GuidanceRecord.corrects_id == record_id))


def coverage(session: Session, pairing_id: int, programme_id: int, language: str) -> list[Covered]:
    """Return the content areas of a pairing's programme in their order, with how often each was covered."""
    rows = session.execute(_covered(), {"pairing_id": pairing_id, "programme_id": programme_id})
    return [Covered(area.id, area.name(language), count) for area, count in rows]


@cache
def _covered() -> Select[ContentArea, int]:
    """Build the statement of every form once: that takes longer than to answer it."""
    covered = (
        select(func.count())
        .where(GuidanceArea.area_id == ContentArea.id, GuidanceArea.record_id == GuidanceRecord.id)
        .where(GuidanceRecord.pairing_id == bindparam("pairing_id", type_=Integer()), counts())
        .correlate(ContentArea)
        .scalar_subquery()
    )
    return (
        select(ContentArea, covered)
        .where(ContentArea.programme_id == bindparam("programme_id", type_=Integer()))
        .order_by(ContentArea.position, ContentArea.id)
    )


def covered_days(session: Session, pairing_id: int) -> list[tuple[int, date]]:
    """Return (area, day of guidance) for each area of each counted record; one statement."""
    rows = session.execute(
        select(GuidanceArea.area_id, GuidanceRecord.day)
        .join(GuidanceRecord, GuidanceRecord.id == GuidanceArea.record_id)
        .where(GuidanceRecord.pairing_id == pairing_id, counts())
        .order_by(GuidanceRecord.day)
    )
    return [(row.area_id, row.day) for row in rows]


def next_areas(session: Session, actor: Actor, language: str) -> dict[int, str]:
    """Return, by pairing, the content area that the actor as mentor has covered least; one statement."""
    found: dict[int, str] = {}
    for pairing_id, area in session.execute(_by_cover(), {"reader_id": actor.person_id}):
        found.setdefault(pairing_id, area.name(language))
    return found


@cache
def _by_cover() -> Select[int, ContentArea]:
    """Build the statement once, as `_covered`."""
    covered = (
        select(func.count())
        .where(GuidanceArea.area_id == ContentArea.id, GuidanceArea.record_id == GuidanceRecord.id)
        .where(GuidanceRecord.pairing_id == Pairing.id, counts())
        .correlate(ContentArea, Pairing)
        .scalar_subquery()
        .label("covered")
    )
    return (
        select(Pairing.id, ContentArea)
        .join(ContentArea, ContentArea.programme_id == Pairing.programme_id)
        .where(Pairing.mentor_id == bindparam("reader_id", type_=Integer()))
        .order_by(Pairing.id, covered, ContentArea.position, ContentArea.id)
    )


def to_answer(session: Session, actor: Actor, today: date, language: str) -> list[Any]:
    """Return the records that wait for the actor's answer as mentee, the latest first: row, mentor's name, areas."""
    rows = session.execute(
        select(GuidanceRecord, Person.name)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .join(Person, Person.id == Pairing.mentor_id)
        .where(
            Pairing.mentee_id == actor.person_id,
            GuidanceRecord.state == RecordState.FILED,
            GuidanceRecord.confirmation == Confirmation.UNCONFIRMED,
            GuidanceRecord.day >= today - ASKED_FOR,
        )
        .order_by(GuidanceRecord.day.desc(), GuidanceRecord.id.desc())
    ).all()
    areas = areas_of(session, [row[0].id for row in rows], language)
    return [(one, mentor, areas.get(one.id, ())) for one, mentor in rows]


def history_of(session: Session, pairing_id: int) -> Sequence[PairingEvent]:
    """Return what happened to a pairing, the latest first."""
    return session.scalars(
        select(PairingEvent).where(PairingEvent.pairing_id == pairing_id).order_by(PairingEvent.id.desc())
    ).all()


def own_proposals(session: Session, actor: Actor) -> list[Pairing]:
    """Return the proposed pairings that wait for the actor's own word, with both people loaded."""
    mentor_asked = (Pairing.mentor_id == actor.person_id) & Pairing.mentor_agreed_at.is_(None)
    mentee_asked = (Pairing.mentee_id == actor.person_id) & Pairing.mentee_agreed_at.is_(None)
    return list(
        session.scalars(
            select(Pairing)
            .where(Pairing.status == PairingStatus.PROPOSED, mentor_asked | mentee_asked)
            .options(joinedload(Pairing.mentor, innerjoin=True), joinedload(Pairing.mentee, innerjoin=True))
            .order_by(Pairing.id)
        )
    )
