"""Calendars by name, as addresses, commands and choices write them: `class:2026-01`, `venue:V03`, `organisation`."""

from functools import lru_cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Audience, Membership, Venue
from scheduler.agenda.terms import AudienceKind, Scope, ScopeKind
from scheduler.core.access import Actor
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

    Refuses with Missing what does not exist, and persons whom the actor may not see.
    """
    kind_text, _, code = text.partition(":")
    if kind_text not in set(ScopeKind) or (kind_text != ScopeKind.ORGANISATION and not code):
        raise Missing
    kind = ScopeKind(kind_text)
    if kind is ScopeKind.ORGANISATION:
        return Scope(kind)
    if kind in _AUDIENCES:
        named = or_(Audience.code == code, Audience.name == code) if kind is ScopeKind.SERIES else Audience.code == code
        found = session.scalar(select(Audience.id).where(Audience.kind == _AUDIENCES[kind], named))
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

    Two statements; those who oversee get every class, newest code first, at most 80 in all.
    """
    audiences = session.execute(
        _audiences(every=actor.may(AgendaPermission.OVERSEE)), {"reader_id": actor.person_id}
    ).all()
    kinds = {kind: scope for scope, kind in _AUDIENCES.items()}
    choices = [(f"{kinds[kind].value}:{code}", name) for kind, code, name in audiences]
    led = [grant.unit_id for grant in actor.grants if actor.may(AgendaPermission.OVERSEE, grant.unit_path)]
    units = session.execute(_UNITS, {"unit_ids": [*led, actor.unit_id]}).all()
    return [*((f"{ScopeKind.UNIT.value}:{code}", name) for code, name in units), *choices]


_UNITS = select(Unit.code, Unit.name).where(Unit.id.in_(bindparam("unit_ids", expanding=True))).order_by(Unit.path)


@lru_cache(maxsize=2)
def _audiences(*, every: bool) -> Select[AudienceKind, str, str]:
    mine = select(Membership.audience_id).where(
        Membership.person_id == bindparam("reader_id"), Membership.left_at.is_(None)
    )
    audiences = select(Audience.kind, Audience.code, Audience.name).where(Audience.kind.in_(_AUDIENCES.values()))
    if not every:
        audiences = audiences.where(or_(Audience.open, Audience.id.in_(mine)))
    return audiences.order_by(Audience.kind.desc(), Audience.code.desc()).limit(MOST_CHOICES)
