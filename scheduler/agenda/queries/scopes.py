"""Calendars by name, as addresses, commands and choices write them: `class:2026-01`, `venue:V03`, `organisation`."""

from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity, Audience, Membership, Venue
from scheduler.agenda.queries.visibility import READER, Sight, sight_of, unit_ids_within, visible_to
from scheduler.agenda.terms import ActivityStatus, AudienceKind, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.errors import Missing
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.people.queries import people_visible_to

_CODES: dict[ScopeKind, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str], InstrumentedAttribute[str]]] = {
    ScopeKind.UNIT: (Unit.id, Unit.code, Unit.name),
    ScopeKind.PERSON: (Person.id, Person.staff_no, Person.name),
    ScopeKind.VENUE: (Venue.id, Venue.code, Venue.name),
    ScopeKind.LECTURER: (Lecturer.id, Lecturer.code, Lecturer.name),
}
_AUDIENCES = {ScopeKind.CLASS: AudienceKind.STUDY_CLASS, ScopeKind.SERIES: AudienceKind.SERIES}
MOST_CHOICES = 80


def get_scope(session: Session, actor: Actor, text: str) -> Scope:
    """Return the calendar that `text` names: `organisation`, or kind:CODE (a series also by its name).

    Refuses with Missing what does not exist, persons whom the actor may not see, and classes that are not known to
    the actor: the name of one that is still a draft is for its planners.
    """
    kind_text, _, code = text.partition(":")
    if kind_text not in set(ScopeKind) or (kind_text != ScopeKind.ORGANISATION and not code):
        raise Missing
    kind = ScopeKind(kind_text)
    if kind is ScopeKind.ORGANISATION:
        return Scope(kind)
    if kind in _AUDIENCES:
        named = or_(Audience.code == code, Audience.name == code) if kind is ScopeKind.SERIES else Audience.code == code
        seen = exists().where(Activity.audience_id == Audience.id, visible_to(actor)).correlate(Audience)
        known = or_(_is_known(sight_of(actor), actor.person_id), seen)
        found = session.scalar(select(Audience.id).where(Audience.kind == _AUDIENCES[kind], named, known))
    else:
        key, coded, _name = _CODES[kind]
        statement = select(key).where(coded == code)
        if kind is ScopeKind.PERSON:
            statement = statement.where(people_visible_to(actor))
        found = session.scalar(statement)
    if found is None:
        raise Missing
    return Scope(kind, found)


def describe_scope(session: Session, scope: Scope) -> tuple[str, str]:
    """Return how `scope` is written (`venue:V03`) and the name of what it is; ("organisation", "") for all."""
    if scope.kind is ScopeKind.ORGANISATION:
        return scope.kind.value, ""
    if scope.kind in _AUDIENCES:
        row = session.execute(select(Audience.code, Audience.name).where(Audience.id == scope.id)).one()
    else:
        key, code, name = _CODES[scope.kind]
        row = session.execute(select(code, name).where(key == scope.id)).one()
    return f"{scope.kind.value}:{row[0]}", row[1]


def scope_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the calendars that a reader is likely to want, as (text, name): own classes and series, open ones, units.

    Two statements; those who oversee get every class that is announced, newest code first, at most 80 in all.
    """
    audiences = plain_rows(session, _audiences(sight_of(actor)), reader_id=actor.person_id)
    kinds = {kind: scope for scope, kind in _AUDIENCES.items()}
    choices = [(f"{kinds[kind].value}:{code}", name) for kind, code, name in audiences]
    led = [grant.unit_id for grant in actor.grants if actor.may(AgendaPermission.OVERSEE, grant.unit_path)]
    units = plain_rows(session, _UNITS, unit_ids=[*led, actor.unit_id])
    return [*((f"{ScopeKind.UNIT.value}:{code}", name) for code, name in units), *choices]


_UNITS = select(Unit.code, Unit.name).where(Unit.id.in_(bindparam("unit_ids", expanding=True))).order_by(Unit.path)


@lru_cache(maxsize=128)
def _audiences(sight: Sight) -> Select[AudienceKind, str, str]:
    return (
        select(Audience.kind, Audience.code, Audience.name)
        .where(Audience.kind.in_(_AUDIENCES.values()), _is_known(sight, READER))
        .order_by(Audience.kind.desc(), Audience.code.desc())
        .limit(MOST_CHOICES)
    )


def _is_known(sight: Sight, reader: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """Return the condition on Audience: open, hosted where one plans, or announced and one's own or one oversees."""
    if sight.everything:
        return true()
    announced = exists().where(Activity.audience_id == Audience.id, Activity.status != ActivityStatus.DRAFT)
    known = announced.correlate(Audience)
    if not sight.overseen:
        mine = select(Membership.audience_id).where(Membership.person_id == reader, Membership.left_at.is_(None))
        return or_(Audience.open, known & Audience.id.in_(mine))
    return or_(Audience.open, known, Audience.host_unit_id.in_(unit_ids_within(sight.managed)))
