"""Evenings changed, cancelled, restored: this one, this and those that follow, or all that are to come."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activities, edit_activity, move_activity, restore_activity
from scheduler.agenda.terms import KEEP, Consent, Keep
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.periods import Span, local_span
from scheduler.lectures.models import Evening, Programme
from scheduler.lectures.queries import evenings_of_series, get_evening, lecturer_ids_of, plans_for, slots_of, strands_of
from scheduler.lectures.rules import reached, title_of
from scheduler.lectures.terms import EveningChange, EveningRow, Reach, Slot

_NO_CONSENT = Consent()


def change_evenings(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    evening_id: int,
    change: EveningChange,
    reach: Reach,
    *,
    version: int,
    reason: str,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Make an evening what `change` says, and do the same to those that `reach` takes in; returns how many changed.

    Only what differs from the evening as it was is changed in the others: see EveningChange. Evenings that are over
    or cancelled stay as they are. Refuses as agenda.actions.move_activity and edit_activity; then none is changed.
    """
    chosen = open_evening(session, actor, evening_id)
    if change.ends <= change.starts:
        raise Refusal(lazy("The evening ends before it begins."), field="ends")
    rows = _reached(session, chosen, reach, now=now)
    lecturers = lecturer_ids_of(session, [row.activity_id for row in rows])
    before = {row.id: _as_change(row, lecturers[row.activity_id], zone) for row in rows}
    slots = slots_of(chosen.series.programme, len(strands_of(session, chosen.series.programme_id)))
    count = 0
    # From the far end if days move later, so that a shifted evening does not meet its still unshifted neighbour.
    shift = change.day - before[evening_id].day
    for row in sorted(rows, key=lambda one: one.starts_at, reverse=shift > timedelta(0)):
        old = before[row.id]
        wanted = (
            change if row.id == evening_id else carried(before[evening_id], change, old, row, slots.get(row.slot_on))
        )
        if wanted == old:
            continue
        expected = version if row.id == evening_id else row.version
        _apply(session, actor, row, old, wanted, version=expected, reason=reason, consent=consent, zone=zone, now=now)
        count += 1
    facts = {"evening": evening_id, "reach": reach, "count": count, "reason": reason}
    record(session, actor, "change_evenings", "series", chosen.series_id, now=now, **facts)
    return count


def cancel_evenings(
    session: Session, actor: Actor, evening_id: int, reach: Reach, *, version: int, reason: str, now: datetime
) -> int:
    """Cancel an evening and those that `reach` takes in; returns how many. Refuses as agenda.actions.cancel_activity."""
    chosen = open_evening(session, actor, evening_id)
    rows = _reached(session, chosen, reach, now=now)
    expected = {row.activity_id: version if row.id == evening_id else row.version for row in rows}
    cancel_activities(session, actor, expected, reason=reason, now=now)
    facts = {"evening": evening_id, "reach": reach, "count": len(rows), "reason": reason}
    record(session, actor, "cancel_evenings", "series", chosen.series_id, now=now, **facts)
    return len(rows)


def restore_evenings(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    evening_id: int,
    reach: Reach,
    *,
    version: int,
    span: Span | Keep = KEEP,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Take the cancellation of an evening back, and of those to come that `reach` takes in; returns how many.

    With `span` the evening itself comes back at that time; the others keep theirs. Refuses as agenda.actions.restore_activity; then none is restored.
    """
    chosen = open_evening(session, actor, evening_id)
    rows = _reached(session, chosen, reach, now=now, cancelled=True)
    for row in rows:
        expected = version if row.id == evening_id else row.version
        wanted = span if row.id == evening_id else KEEP
        restore_activity(
            session, actor, row.activity_id, version=expected, span=wanted, consent=consent, zone=zone, now=now
        )
    facts = {"evening": evening_id, "reach": reach, "count": len(rows)}
    record(session, actor, "restore_evenings", "series", chosen.series_id, now=now, **facts)
    return len(rows)


def open_evening(session: Session, actor: Actor, evening_id: int) -> Evening:
    """Return an evening of a programme that `actor` plans; refuses with Missing."""
    chosen = get_evening(session, actor, evening_id)
    programme: Programme = chosen.series.programme
    if not plans_for(session, actor, programme.host_unit_id):
        raise Missing
    return chosen


def carried(
    before: EveningChange, after: EveningChange, other: EveningChange, row: EveningRow, slot: Slot | None
) -> EveningChange:
    """Return what `other` becomes when its neighbour went from `before` to `after`: the same differences."""
    wanted = replace(other, day=other.day + (after.day - before.day))
    if (after.starts, after.ends) != (before.starts, before.ends):
        wanted = replace(wanted, starts=after.starts, ends=after.ends)
    if after.venue_id != before.venue_id:
        wanted = replace(wanted, venue_id=after.venue_id)
    if after.lecturer_ids != before.lecturer_ids:
        wanted = replace(wanted, lecturer_ids=after.lecturer_ids)
    if after.title != before.title:
        number = slot.number if slot else 0
        wanted = replace(wanted, title=title_of(after.title, series=row.series, number=number, topic=other.title))
    return wanted


def _reached(
    session: Session, chosen: Evening, reach: Reach, *, now: datetime, cancelled: bool = False
) -> list[EveningRow]:
    rows = evenings_of_series(session, chosen.series_id)
    slots: list[date] = reached(chosen.slot_on, [row.slot_on for row in rows], reach)
    return [
        row
        for row in rows
        if row.id == chosen.id or (row.slot_on in slots and row.is_cancelled is cancelled and row.ends_at > now)
    ]


def _as_change(row: EveningRow, lecturer_ids: tuple[int, ...], zone: ZoneInfo) -> EveningChange:
    start, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return EveningChange(row.title, start.date(), start.time(), end.time(), row.venue_id, lecturer_ids)


def _apply(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    row: EveningRow,
    old: EveningChange,
    wanted: EveningChange,
    *,
    version: int,
    reason: str,
    consent: Consent,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    if (old.day, old.starts, old.ends) != (wanted.day, wanted.starts, wanted.ends):
        moved = move_activity(
            session,
            actor,
            row.activity_id,
            version=version,
            span=local_span(wanted.day, wanted.starts, wanted.ends, zone),
            venue_id=wanted.venue_id,
            lecturer_ids=wanted.lecturer_ids,
            reason=reason,
            consent=consent,
            zone=zone,
            now=now,
        )
        version = moved.version
    edit_activity(
        session,
        actor,
        row.activity_id,
        version=version,
        title=wanted.title,
        venue_id=wanted.venue_id,
        lecturer_ids=wanted.lecturer_ids,
        reason=reason,
        consent=consent,
        zone=zone,
        now=now,
    )
