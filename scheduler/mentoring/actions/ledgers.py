"""Bringing in the guidance records of a ledger that was kept elsewhere."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.core.database import insert_into
from scheduler.core.periods import day_span
from scheduler.mentoring.models import GuidanceArea, GuidanceRecord
from scheduler.mentoring.terms import Confirmation, RecordState

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A record as a ledger states it; the caller has checked that the pairing may have it."""

    pairing_id: int
    day: date
    mode_id: int
    area_ids: tuple[int, ...]
    text: str
    minutes: int | None
    place: str
    next_step: str
    confirmation: Confirmation


def import_guidance(session: Session, records: Sequence[LedgerRecord], *, zone: ZoneInfo, now: datetime) -> int:
    """Add records in bulk and return how many are new; what stands already (pairing, day, words) stays as it is.

    They count as filed on the evening of their day, for on paper they were, and as filed by nobody: that marks what an
    import brought. Nobody is asked to confirm them. The caller audits the import as a whole.
    """
    statement = insert_into(session, GuidanceRecord).on_conflict_do_nothing()
    rows = [_row(one, zone, now) for one in records]
    count = 0
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        session.execute(statement, part)
        keys = {str(row["key"]): one for row, one in zip(part, records[start : start + _CHUNK], strict=True)}
        made = session.execute(
            select(GuidanceRecord.id, GuidanceRecord.pairing_id, GuidanceRecord.key)
            .outerjoin(GuidanceArea, GuidanceArea.record_id == GuidanceRecord.id)
            .where(GuidanceRecord.key.in_(list(keys)), GuidanceArea.record_id.is_(None))
        ).all()
        count += len(made)
        areas = [{"record_id": row.id, "area_id": area} for row in made for area in keys[row.key].area_ids]
        if areas:
            session.execute(insert(GuidanceArea), areas)
    return count


def _row(one: LedgerRecord, zone: ZoneInfo, now: datetime) -> dict[str, object]:
    digest = hashlib.sha256(one.text.encode()).hexdigest()[:32]
    return {
        "pairing_id": one.pairing_id,
        "day": one.day,
        "mode_id": one.mode_id,
        "text": one.text,
        "text_digest": digest,
        "minutes": one.minutes or None,
        "place": one.place,
        "next_step": one.next_step,
        "next_day": None,
        "key": f"ledger-{one.pairing_id}-{one.day:%Y%m%d}-{digest}",
        "meeting": None,
        "activity_id": None,
        "filed_at": now,
        "filed_by_id": None,
        "first_filed_at": min(now, day_span(one.day, zone).end),
        "corrects_id": None,
        "state": RecordState.FILED,
        "confirmation": one.confirmation,
        "answered_at": None if one.confirmation is Confirmation.UNCONFIRMED else now,
        "answer": "",
    }
