"""What records of a ledger are checked against: pairings, their programmes' lists, locked months, what is filed."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.core.text import fold
from scheduler.mentoring.models import (
    ContentArea,
    GuidanceMode,
    GuidanceRecord,
    MonthLock,
    Pairing,
    PairingPause,
)
from scheduler.mentoring.terms import PairingStatus, RecordState
from scheduler.office.terms.known import Guided
from scheduler.people.models import Person, Unit

_NOT_YET = (PairingStatus.PROPOSED, PairingStatus.AGREED)


def known_records(session: Session) -> dict[str, Any]:
    """Return the fields of Known that records ask for; six statements."""
    return {
        "guided": _guided(session),
        "modes": _names(session, GuidanceMode),
        "areas": _names(session, ContentArea),
        "filed": frozenset(
            (row.pairing_id, row.day, row.text_digest)
            for row in session.execute(
                select(GuidanceRecord.pairing_id, GuidanceRecord.day, GuidanceRecord.text_digest).where(
                    GuidanceRecord.state == RecordState.FILED
                )
            )
        ),
        "locked": frozenset(
            (row.path, row.month)
            for row in session.execute(
                select(Unit.path, MonthLock.month)
                .join(Unit, Unit.id == MonthLock.unit_id)
                .where(MonthLock.reopened_at.is_(None))
            )
        ),
    }


def _guided(session: Session) -> dict[tuple[str, str], tuple[Guided, ...]]:
    pauses: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for row in session.execute(select(PairingPause.pairing_id, PairingPause.starts_on, PairingPause.ends_on)):
        pauses[row.pairing_id].append((row.starts_on, row.ends_on))
    mentor = aliased(Person)
    rows = session.execute(
        select(Pairing, mentor.staff_no, Person.staff_no, Unit.path)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(Person, Person.id == Pairing.mentee_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Pairing.status.not_in(_NOT_YET))
        .order_by(Pairing.starts_on, Pairing.id)
    )
    found: dict[tuple[str, str], list[Guided]] = defaultdict(list)
    for one, mentor_no, mentee_no, path in rows:
        own = tuple(pauses.get(one.id, ()))
        found[mentor_no, mentee_no].append(Guided(one.id, one.programme_id, one.starts_on, one.last_day, own, path))
    return {pair: tuple(own) for pair, own in found.items()}


def _names(session: Session, model: type[GuidanceMode | ContentArea]) -> dict[tuple[int, str], int]:
    rows = session.execute(select(model.programme_id, model.id, model.name_zh, model.name_en).order_by(model.id.desc()))
    return {(row.programme_id, fold(name)): row.id for row in rows for name in (row.name_en, row.name_zh)}
