"""Building the tree of units."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.text import clean_line
from scheduler.people.access import PeoplePermission
from scheduler.people.models import Unit, UnitPlacement
from scheduler.people.terms import NewUnit

DEEPEST = 10
"""Levels of the tree; more is a mistake, and paths have a bounded length."""


def add_unit(session: Session, actor: Actor, new: NewUnit, *, now: datetime) -> Unit:
    """Add one unit below its parent; see `add_units`."""
    return add_units(session, actor, [new], now=now)[0]


def add_units(session: Session, actor: Actor, news: Sequence[NewUnit], *, now: datetime) -> list[Unit]:
    """Add units, in the order given, below parents that stand already; a constant number of statements.

    Refuses a parent out of the actor's reach (Missing), a code that is taken, a tree that gets too deep. Parents
    that are themselves new need a call of their own before: level by level.
    """
    wanted = {new.parent_id for new in news if new.parent_id is not None}
    parents = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    taken = set(session.scalars(select(Unit.code).where(Unit.code.in_([new.code for new in news]))))
    units = []
    for new in news:
        parent_path = "/"
        if new.parent_id is not None:
            if new.parent_id not in parents:
                raise Missing
            parent_path = parents[new.parent_id].path
        actor.require(PeoplePermission.UNITS, parent_path)
        code = clean_line(new.code, limit=40)
        if code in taken:
            raise Refusal(lazy("There is already a unit with the code %(code)s."), field="code", code=code)
        if parent_path.count("/") > DEEPEST:
            raise Refusal(lazy("The tree of units may have at most %(limit)s levels."), field="parent", limit=DEEPEST)
        taken.add(code)
        name = clean_line(new.name, limit=120)
        units.append(Unit(code=code, name=name, kind=new.kind, parent_id=new.parent_id, path="/new/"))
    session.add_all(units)
    session.flush()
    for unit in units:
        unit.path = f"{parents[unit.parent_id].path if unit.parent_id else '/'}{unit.id}/"
    session.add_all(UnitPlacement(unit_id=unit.id, parent_id=unit.parent_id, began_at=now) for unit in units)
    session.flush()
    for unit in units:
        record(session, actor, "added", "unit", unit.id, now=now, code=unit.code, name=unit.name)
    return units
