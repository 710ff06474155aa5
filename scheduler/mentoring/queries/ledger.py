"""The ledger of guidance: every record as subject, day, row id and why it does not count."""

from datetime import date

from sqlalchemy import Select, case, literal, null, select

from scheduler.mentoring.models import GuidanceRecord
from scheduler.mentoring.terms import Barred, Confirmation, RecordState


def guidance_ledger(since: date | None = None, until: date | None = None) -> Select[int, date, int, str | None]:
    """Return a select of (pairing id, day of guidance, record id, barred reason or null) for days in [since, until).

    Each record stands once; one that counts has no reason. Sum it, or open it as the proof behind a figure.
    """
    barred = case(
        (GuidanceRecord.state == RecordState.WITHDRAWN, literal(Barred.WITHDRAWN.value)),
        (GuidanceRecord.state == RecordState.REPLACED, literal(Barred.REPLACED.value)),
        (GuidanceRecord.confirmation == Confirmation.DISPUTED, literal(Barred.DISPUTED.value)),
        else_=null(),
    )
    statement = select(
        GuidanceRecord.pairing_id.label("subject_id"),
        GuidanceRecord.day.label("day"),
        GuidanceRecord.id.label("row_id"),
        barred.label("barred"),
    )
    if since is not None:
        statement = statement.where(GuidanceRecord.day >= since)
    return statement if until is None else statement.where(GuidanceRecord.day < until)
