"""Who may see an activity, and which activities belong to a calendar: each said once, as an SQL condition."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true, union_all

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity, Attendance, Audience, Teaching
from scheduler.agenda.terms import LONGEST, ActivityStatus, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer, Person, Unit


def unit_ids_within(paths: Iterable[str]) -> Select[int]:
    """Return a select of the ids of the units at `paths` and below them."""
    return select(Unit.id).where(or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for what `actor` may see.

    The planners of the host unit see everything of it. Beyond that drafts are seen by nobody, and the rest by
    those who attend or teach, by everybody for an open audience, and by those who lead or look after the host
    unit or a unit whose people attend. Without a role: nothing.
    """
    if actor.system:
        return true()
    if not actor.may(AgendaPermission.READ):
        return false()
    announced = [_is_theirs(actor.person_id), _audience_is_open()]
    if overseen := actor.scopes(AgendaPermission.OVERSEE):
        announced = [Activity.host_unit_id.in_(unit_ids_within(overseen)), *announced, _attended_from(overseen)]
    seen = (Activity.status != ActivityStatus.DRAFT) & or_(*announced)
    if managed := actor.scopes(AgendaPermission.MANAGE):
        return or_(Activity.host_unit_id.in_(unit_ids_within(managed)), seen)
    return seen


def in_scope(  # noqa: PLR0911 - one for each kind of calendar
    scope: Scope, span: Span | None = None
) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for what belongs to a calendar.

    With `span`, also that it overlaps the span, written so that a person's week reads only that week's rows.
    A unit's calendar holds what the unit and those below host, and what their people attend.
    """
    inside = true() if span is None else overlapping(Activity, span)
    if scope.kind is ScopeKind.ORGANISATION:
        return inside
    if scope.id is None:
        return false()
    if scope.kind is ScopeKind.PERSON:
        return Activity.id.in_(_ids_of_person(scope.id, span))
    if scope.kind is ScopeKind.LECTURER:
        return Activity.id.in_(_within(select(Teaching.activity_id).where(Teaching.lecturer_id == scope.id), span))
    if scope.kind is ScopeKind.VENUE:
        return inside & (Activity.venue_id == scope.id)
    if scope.kind is ScopeKind.UNIT:
        root = select(Unit.path).where(Unit.id == scope.id).scalar_subquery()
        below = select(Unit.id).where(Unit.path.startswith(root))
        return inside & or_(Activity.host_unit_id.in_(below), _attended_by_people_of(below))
    return inside & (Activity.audience_id == scope.id)


def overlapping(table: type[Activity] | type[Attendance] | type[Teaching], span: Span) -> ColumnElement[bool]:
    """Return the condition that the slot of `table` overlaps `span`, with a two-sided range on the start.

    No activity is longer than a day (a check of the table), so none that began earlier can reach into it.
    """
    return (table.starts_at > span.start - LONGEST) & (table.starts_at < span.end) & (table.ends_at > span.start)


def _ids_of_person(person_id: int, span: Span | None) -> Select[int]:
    attends = _within(select(Attendance.activity_id).where(Attendance.person_id == person_id), span, Attendance)
    teaches = _within(
        select(Teaching.activity_id).join(Lecturer).where(Lecturer.person_id == person_id), span, Teaching
    )
    both = union_all(attends, teaches).subquery()
    return select(both.c.activity_id)


def _within(
    statement: Select[int], span: Span | None, table: type[Attendance] | type[Teaching] = Teaching
) -> Select[int]:
    return statement if span is None else statement.where(overlapping(table, span))


def _is_theirs(person_id: int | None) -> ColumnElement[bool]:
    attends = exists().where(Attendance.person_id == person_id, Attendance.activity_id == Activity.id)
    teaches = exists().where(
        Teaching.activity_id == Activity.id, Teaching.lecturer_id == Lecturer.id, Lecturer.person_id == person_id
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
