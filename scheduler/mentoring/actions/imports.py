"""Pairings that come in from a workbook: many at once, in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.mentoring.actions.programmes import ensure_programmes
from scheduler.mentoring.models import Pairing, PairingEvent
from scheduler.mentoring.terms import PairingEventKind, PairingStatus


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """A pairing as a workbook states it; `ends_on` is its last day."""

    mentor_id: int
    mentee_id: int
    programme: str
    starts_on: date
    ends_on: date
    content_areas: str = ""


def import_pairings(
    session: Session, actor: Actor, pairings: Sequence[PairingFacts], *, today: date, now: datetime
) -> None:
    """Add pairings that were agreed elsewhere, completed where their last day is over; makes missing programmes.

    The caller has checked the rows and the actor's right.
    """
    if not pairings:
        return
    programmes = ensure_programmes(session, actor, (one.programme for one in pairings), now=now)
    rows = [_row(one, programmes, today) for one in pairings]
    added = session.execute(insert(Pairing).returning(Pairing.id, Pairing.status, Pairing.starts_on), rows).all()
    events = [_began(key, starts_on, actor, now) for key, _status, starts_on in added]
    session.execute(insert(PairingEvent), events)


def revise_pairings(
    session: Session, actor: Actor, changes: Mapping[int, PairingFacts], *, today: date, now: datetime
) -> None:
    """Give standing pairings (by id) another programme, last day and content areas; two people and first day stay."""
    if not changes:
        return
    programmes = ensure_programmes(session, actor, (one.programme for one in changes.values()), now=now)
    table = cast("Table", Pairing.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("key"))
        .values(
            programme_id=bindparam("programme"),
            ends_on=bindparam("last_day"),
            content_areas=bindparam("areas"),
            version=table.c.version + 1,
        )
    )
    session.connection().execute(
        statement,
        [
            {
                "key": key,
                "programme": programmes[one.programme],
                "last_day": one.ends_on,
                "areas": one.content_areas,
            }
            for key, one in changes.items()
        ],
    )
    session.execute(
        insert(PairingEvent),
        [{**_began(key, today, actor, now), "what": PairingEventKind.PERIOD_CHANGED} for key in changes],
    )


def _row(one: PairingFacts, programmes: Mapping[str, int], today: date) -> dict[str, object]:
    over = one.ends_on < today
    return {
        "mentor_id": one.mentor_id,
        "mentee_id": one.mentee_id,
        "programme_id": programmes[one.programme],
        "term": 1,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "closed_on": one.ends_on if over else None,
        "content_areas": one.content_areas,
        "goals": "",
        "development_plan": "",
        "status": PairingStatus.COMPLETED if over else PairingStatus.ACTIVE,
        "version": 1,
    }


def _began(pairing_id: int, day: date, actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "pairing_id": pairing_id,
        "what": PairingEventKind.ACTIVATED,
        "day": day,
        "noted_at": now,
        "by_id": actor.person_id,
        "by_name": actor.name[:80],
        "reason": "",
        "before": "",
    }
