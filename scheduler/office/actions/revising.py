"""Changing many sessions and evenings at once, also where they swap rooms among themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.actions.telling import ELSEWHERE, MOVED, tell
from scheduler.agenda.models import Activity, Teaching
from scheduler.agenda.queries import work_calendar
from scheduler.agenda.rules.revisions import move_mark, next_sequence, next_stamp
from scheduler.agenda.rules.workdays import is_tentative
from scheduler.agenda.terms import ActivityKind
from scheduler.audit.actions import record
from scheduler.classes.terms import TeachingMode
from scheduler.core.periods import Span, at
from scheduler.office.rules.planning import SlotChange
from scheduler.office.terms.rows import EveningRow, SessionRow
from scheduler.office.terms.writing import Writing


def revise_slots(session: Session, writing: Writing, changes: Sequence[SlotChange]) -> None:
    """Give the activities of `changes` their new title, time, venue and lecturers; uid stays, revisions rise.

    First all of them leave their venues and lecturers, then each takes its own: so that two may change places.
    The check has seen to it that the outcome books nothing twice; the database has the last word.
    """
    wanted = {change.slot.activity_id: change for change in changes}
    ids = list(wanted)
    standing = session.execute(
        select(
            Activity.id,
            Activity.status,
            Activity.sequence,
            Activity.revised_at,
            Activity.version,
            Activity.starts_at,
            Activity.moved_from,
            Activity.moved_at,
            Activity.holds,
        ).where(Activity.id.in_(ids))
    ).all()
    days = [change.after.day for change in changes]
    published = work_calendar(session, min(days), max(days)).published
    values: list[dict[str, Any]] = []
    teachings: list[dict[str, Any]] = []
    for row in standing:
        after = wanted[row.id].after
        starts_at, ends_at = at(after.day, after.starts, writing.zone), at(after.day, after.ends, writing.zone)
        moves = wanted[row.id].moves
        mark = move_mark(row.status, row.starts_at, starts_at, row.moved_from) if moves else row.moved_from
        values.append(
            {
                "id": row.id,
                "title": after.title,
                "kind": _kind(after),
                "starts_at": starts_at,
                "ends_at": ends_at,
                "venue_id": writing.venues[after.venue_code] if after.venue_code else None,
                "tentative": is_tentative(starts_at, published, writing.zone),
                "sequence": next_sequence(row.sequence, rescheduled=moves),
                "revised_at": next_stamp(row.revised_at, writing.now),
                "version": row.version + 1,
                "moved_from": mark,
                "moved_at": (writing.now if moves else row.moved_at) if mark else None,
            }
        )
        teachings.extend(
            {
                "activity_id": row.id,
                "lecturer_id": writing.lecturers[code],
                "starts_at": starts_at,
                "ends_at": ends_at,
                "holds": row.holds,
            }
            for code in after.lecturer_codes
        )
        _record(session, writing, wanted[row.id])
    _write(session, ids, values, teachings)
    _tell(session, writing, wanted)


def _kind(after: SessionRow | EveningRow) -> ActivityKind:
    if isinstance(after, EveningRow):
        return ActivityKind.LECTURE
    return ActivityKind.FIELD if after.mode is TeachingMode.FIELD else ActivityKind.SESSION


def _write(session: Session, ids: list[int], values: list[dict[str, Any]], teachings: list[dict[str, Any]]) -> None:
    session.flush()
    options = {"synchronize_session": False}
    session.execute(update(Activity).where(Activity.id.in_(ids)).values(venue_id=None).execution_options(**options))
    session.execute(delete(Teaching).where(Teaching.activity_id.in_(ids)).execution_options(**options))
    table = Activity.__table__
    for value in values:
        number = value.pop("id")
        session.execute(update(table).where(table.c.id == number).values(**value))  # type: ignore[arg-type]  # a Table
    if teachings:
        session.execute(insert(Teaching), teachings)
    session.expire_all()


def _tell(session: Session, writing: Writing, wanted: Mapping[int, SlotChange]) -> None:
    """Tell whoever is expected of another time, place or lecturer; a new title alone is no news."""
    for activity in session.scalars(select(Activity).where(Activity.id.in_(wanted))):
        slot, after, moves = wanted[activity.id]
        if moves:
            before = Span(slot.starts_at, slot.ends_at)
            tell(session, writing.actor, activity, MOVED, before=before, now=writing.now)
        elif (after.venue_code, after.lecturer_codes) != (slot.row.venue_code, slot.row.lecturer_codes):
            tell(session, writing.actor, activity, ELSEWHERE, now=writing.now)


def _record(session: Session, writing: Writing, change: SlotChange) -> None:
    names = ("title", "day", "starts", "ends", "venue_code", "lecturer_codes")
    changed = {
        name: [getattr(change.slot.row, name), getattr(change.after, name)]
        for name in names
        if getattr(change.slot.row, name) != getattr(change.after, name)
    }
    verb = "move" if change.moves else "edit"
    record(
        session, writing.actor, verb, "activity", change.slot.activity_id, now=writing.now, changed=changed, by="import"
    )
