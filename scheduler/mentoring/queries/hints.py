"""The latest records of those whom a mentor guides, as hints look at them."""

from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.mentoring.models import ContentArea, GuidanceArea, GuidanceRecord, Pairing
from scheduler.mentoring.rules.hints import advise
from scheduler.mentoring.terms import OPEN, RecordState
from scheduler.mentoring.terms.hints import HINT_NAMES, Past

LOOKED_AT = 12
"""Records of each pairing, the latest: half a year as a rule."""


def hints_for(
    session: Session, actor: Actor, zone: ZoneInfo, language: str
) -> dict[int, list[tuple[str, dict[str, str]]]]:
    """Return, by pairing that the actor guides, what to say: message ids with their facts. One statement.

    Only the author's own records are read, and what is said is for the author alone.
    """
    areas: dict[int, list[int]] = {}
    records: dict[int, dict[int, GuidanceRecord]] = {}
    names: dict[int | None, str] = {}
    for one, area in session.execute(_latest(), {"reader_id": actor.person_id}):
        names[area.id] = area.name(language)
        areas.setdefault(one.id, []).append(area.id)
        records.setdefault(one.pairing_id, {})[one.id] = one
    advice = {
        pairing_id: advise([_past(one, tuple(areas[one.id]), zone) for one in own.values()])
        for pairing_id, own in records.items()
    }
    return {
        pairing_id: [(HINT_NAMES[one.hint], {"area": names.get(one.area_id, "")}) for one in own]
        for pairing_id, own in advice.items()
        if own
    }


@cache
def _latest() -> Select[GuidanceRecord, ContentArea]:
    """Build the statement of every mentor's page once: that takes longer than to answer it."""
    reader = bindparam("reader_id", type_=Integer())
    place = func.row_number().over(
        partition_by=GuidanceRecord.pairing_id, order_by=(GuidanceRecord.day.desc(), GuidanceRecord.id.desc())
    )
    latest = (
        select(GuidanceRecord.id, place.label("place"))
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .where(
            Pairing.mentor_id == reader,
            Pairing.status.in_(OPEN),
            GuidanceRecord.filed_by_id == reader,
            GuidanceRecord.state == RecordState.FILED,
        )
        .subquery()
    )
    return (
        select(GuidanceRecord, ContentArea)
        .join(latest, latest.c.id == GuidanceRecord.id)
        .join(GuidanceArea, GuidanceArea.record_id == GuidanceRecord.id)
        .join(ContentArea, ContentArea.id == GuidanceArea.area_id)
        .where(latest.c.place <= LOOKED_AT)
        .order_by(GuidanceRecord.pairing_id, latest.c.place, GuidanceArea.area_id)
    )


def _past(one: GuidanceRecord, area_ids: tuple[int, ...], zone: ZoneInfo) -> Past:
    return Past(one.day, one.first_filed_at.astimezone(zone).date(), one.text, area_ids, one.meeting)
