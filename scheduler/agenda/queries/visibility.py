"""Who may see an activity, and which activities belong to a calendar: each said once, as an SQL condition.

Building a condition takes several times as long as the database needs to answer it. Statements that are sent often
are therefore built once for each Sight and kind of calendar, with READER, OF and WITHIN in place of values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, false, or_, select, true, union_all

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity, Attendance, Audience, Teaching
from scheduler.agenda.terms import LONGEST, ActivityStatus, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.database import UtcDateTime
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer, Person, Unit

_Key = int | ColumnElement[int] | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What of an actor's rights shapes the condition of what may be seen; all trainees share one."""

    everything: bool
    anything: bool
    overseen: tuple[str, ...]
    managed: tuple[str, ...]


def sight_of(actor: Actor) -> Sight:
    return Sight(
        actor.system,
        actor.may(AgendaPermission.READ),
        actor.scopes(AgendaPermission.OVERSEE),
        actor.scopes(AgendaPermission.MANAGE),
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a slot that overlaps a span starts between, and ends after; instants, or places for them."""

    since: datetime | ColumnElement[datetime]
    start: datetime | ColumnElement[datetime]
    end: datetime | ColumnElement[datetime]


READER: ColumnElement[int] = bindparam("reader_id", type_=Integer)
OF: ColumnElement[int] = bindparam("of_id", type_=Integer)
WITHIN = Bounds(*(bindparam(name, type_=UtcDateTime()) for name in ("since", "start", "end")))


def values_of(actor: Actor, scope: Scope, span: Span) -> dict[str, Any]:
    """Return the values of READER, OF and WITHIN."""
    return {
        "reader_id": actor.person_id,
        "of_id": scope.id,
        "since": span.start - LONGEST,
        "start": span.start,
        "end": span.end,
    }


def unit_ids_within(paths: Iterable[str]) -> Select[int]:
    """Return a select of the ids of the units at `paths` and below them."""
    return select(Unit.id).where(or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for what `actor` may see.

    The planners of the host unit see everything of it. Beyond that drafts are seen by nobody, and the rest by
    those who attend or teach, by everybody for an open audience, and by those who lead or look after the host
    unit or a unit whose people attend. Without a role: nothing.
    """
    return seen_with(sight_of(actor), actor.person_id)


def seen_with(sight: Sight, reader: _Key) -> ColumnElement[bool]:
    """Return `visible_to` for a person (an id, or READER) with that sight."""
    if sight.everything:
        return true()
    if not sight.anything:
        return false()
    announced = [_is_theirs(reader), _audience_is_open()]
    if sight.overseen:
        hosted = Activity.host_unit_id.in_(unit_ids_within(sight.overseen))
        announced = [hosted, *announced, _attended_from(sight.overseen)]
    seen = (Activity.status != ActivityStatus.DRAFT) & or_(*announced)
    return or_(Activity.host_unit_id.in_(unit_ids_within(sight.managed)), seen) if sight.managed else seen


def in_scope(scope: Scope, span: Span | None = None) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for what belongs to a calendar.

    With `span`, also that it overlaps the span, written so that a person's week reads only that week's rows.
    A unit's calendar holds what the unit and those below host, and what their people attend.
    """
    if scope.id is None and scope.kind is not ScopeKind.ORGANISATION:
        return false()
    return held_by(scope.kind, scope.id, None if span is None else _bounds(span))


def held_by(kind: ScopeKind, key: _Key, bounds: Bounds | None) -> ColumnElement[bool]:
    """Return `in_scope` for the calendar of that kind of `key` (an id, or OF)."""
    inside = true() if bounds is None else _meets(Activity, bounds)
    if kind is ScopeKind.ORGANISATION:
        return inside
    if kind is ScopeKind.PERSON:
        return Activity.id.in_(ids_of_person(key, bounds))
    if kind is ScopeKind.LECTURER:
        return Activity.id.in_(_within(select(Teaching.activity_id).where(Teaching.lecturer_id == key), bounds))
    if kind is ScopeKind.VENUE:
        return inside & (Activity.venue_id == key)
    if kind is ScopeKind.UNIT:
        root = select(Unit.path).where(Unit.id == key).scalar_subquery()
        below = select(Unit.id).where(Unit.path.startswith(root))
        return inside & or_(Activity.host_unit_id.in_(below), _attended_by_people_of(below))
    return inside & (Activity.audience_id == key)


_Timed = type[Activity] | type[Attendance] | type[Teaching]


def overlapping(table: _Timed, span: Span) -> ColumnElement[bool]:
    """Return the condition that the slot of `table` overlaps `span`, with a two-sided range on the start.

    No activity is longer than a day (a check of the table), so none that began earlier can reach into it.
    """
    return _meets(table, _bounds(span))


def _bounds(span: Span) -> Bounds:
    return Bounds(span.start - LONGEST, span.start, span.end)


def _meets(table: _Timed, bounds: Bounds) -> ColumnElement[bool]:
    return (table.starts_at > bounds.since) & (table.starts_at < bounds.end) & (table.ends_at > bounds.start)


def ids_of_person(key: _Key, bounds: Bounds | None) -> Select[int]:
    """Return the select of the activities that a person (an id, or OF) attends or teaches."""
    attends = _within(select(Attendance.activity_id).where(Attendance.person_id == key), bounds, Attendance)
    teaches = _within(select(Teaching.activity_id).join(Lecturer).where(Lecturer.person_id == key), bounds, Teaching)
    both = union_all(attends, teaches).subquery()
    return select(both.c.activity_id)


def _within(
    statement: Select[int], bounds: Bounds | None, table: type[Attendance] | type[Teaching] = Teaching
) -> Select[int]:
    return statement if bounds is None else statement.where(_meets(table, bounds))


def _is_theirs(key: _Key) -> ColumnElement[bool]:
    attends = exists().where(Attendance.person_id == key, Attendance.activity_id == Activity.id)
    teaches = exists().where(
        Teaching.activity_id == Activity.id, Teaching.lecturer_id == Lecturer.id, Lecturer.person_id == key
    )
    return or_(attends.correlate(Activity), teaches.correlate(Activity))


def _audience_is_open() -> ColumnElement[bool]:
    return exists().where(Audience.id == Activity.audience_id, Audience.open).correlate(Activity)


def _attended_from(paths: Iterable[str]) -> ColumnElement[bool]:
    return _attended_by_people_of(unit_ids_within(paths))


def _attended_by_people_of(units: Select[int]) -> ColumnElement[bool]:
    attends = exists().where(
        Attendance.activity_id == Activity.id, Attendance.person_id == Person.id, Person.unit_id.in_(units)
    )
    return attends.correlate(Activity)
