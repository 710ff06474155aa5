"""Building the tree of units."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.people.access import PeoplePermission
from scheduler.people.actions.reach import reach_unit
from scheduler.people.models import Unit, UnitPlacement
from scheduler.people.terms import NewUnit

DEEPEST = 10
"""Levels of the tree; more is a mistake, and paths have a bounded length."""


def lock_tree(session: Session) -> None:
    """Let one change of the tree wait for another, or two moves could make a ring between them."""
    roots = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    session.execute(roots.with_for_update(key_share=True))


def add_unit(session: Session, actor: Actor, new: NewUnit, *, now: datetime) -> Unit:
    """Add one unit below its parent; see `add_units`."""
    return add_units(session, actor, [new], now=now)[0]


def add_units(session: Session, actor: Actor, news: Sequence[NewUnit], *, now: datetime) -> list[Unit]:
    """Add units, in the order given, below parents that stand already; a constant number of statements.

    Refuses a parent out of the actor's reach (Missing), a code that is taken, a tree that gets too deep. Parents
    that are themselves new need a call of their own before: level by level.
    """
    lock_tree(session)
    codes = [clean_line(new.code, limit=40, label=lazy_gettext("Code")) for new in news]
    wanted = {new.parent_id for new in news if new.parent_id is not None}
    parents = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    taken = set(session.scalars(select(Unit.code).where(Unit.code.in_(codes))))
    units = []
    for code, new in zip(codes, news, strict=True):
        parent_path = "/"
        if new.parent_id is not None:
            if new.parent_id not in parents:
                raise Missing
            parent_path = parents[new.parent_id].path
        actor.require(PeoplePermission.UNITS, parent_path)
        if not code:
            raise Refusal(lazy("A unit needs a code."), field="code")
        if code in taken:
            raise Refusal(lazy("There is already a unit with the code %(code)s."), field="code", code=code)
        if parent_path.count("/") > DEEPEST:
            raise too_deep()
        taken.add(code)
        name = clean_name(new.name)
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


def rename_unit(session: Session, actor: Actor, unit_id: int, name: str, *, version: int, now: datetime) -> Unit:
    """Give a unit another name; its code, by which imports know it, stays.

    Refuses with Missing a unit out of reach, with Stale another `version`.
    """
    unit = reach_unit(session, actor, unit_id, PeoplePermission.UNITS)
    refuse_stale(unit.version, version)
    before, unit.name = unit.name, clean_name(name)
    if before != unit.name:
        record(session, actor, "renamed", "unit", unit.id, now=now, before=before, after=unit.name)
    return unit


def move_unit(session: Session, actor: Actor, unit_id: int, parent_id: int, *, version: int, now: datetime) -> Unit:
    """Put a unit with all that is below it under another parent, and keep where it stood before.

    Roles and visibility follow the new place from the next request on; nobody is signed out. Refuses with Missing a
    unit or parent out of reach, and a place inside the unit itself or too deep; with Stale another `version`.
    """
    lock_tree(session)
    unit = reach_unit(session, actor, unit_id, PeoplePermission.UNITS)
    parent = reach_unit(session, actor, parent_id, PeoplePermission.UNITS)
    if unit.parent_id == parent_id:
        return unit
    refuse_stale(unit.version, version)
    if unit.parent_id is None:
        raise Refusal(lazy("The top of the tree cannot be moved."), field="parent")
    if parent.path.startswith(unit.path):
        raise Refusal(lazy("A unit cannot be put below itself."), field="parent")
    before, after = unit.path, f"{parent.path}{unit.id}/"
    deepest = session.scalars(select(Unit.path).where(Unit.path.startswith(before, autoescape=True))).all()
    if max(path.count("/") for path in deepest) + after.count("/") - before.count("/") > DEEPEST + 1:
        raise too_deep()
    former = unit.parent_id
    unit.parent_id = parent_id
    session.flush()
    session.execute(
        update(Unit)
        .where(Unit.path.startswith(before, autoescape=True))
        .values(path=literal(after) + func.substr(Unit.path, len(before) + 1))
        .execution_options(synchronize_session="fetch")
    )
    open_row = (UnitPlacement.unit_id == unit.id, UnitPlacement.ended_at.is_(None))
    session.execute(update(UnitPlacement).where(*open_row).values(ended_at=now))
    session.add(UnitPlacement(unit_id=unit.id, parent_id=parent_id, began_at=now))
    record(session, actor, "moved", "unit", unit.id, now=now, before=former, after=parent_id)
    return unit


def clean_name(name: str) -> str:
    """Return a unit's name fit to be kept; refuses an empty one."""
    cleaned = clean_line(name, limit=120, label=lazy_gettext("Name"))
    if not cleaned:
        raise Refusal(lazy("A unit needs a name."), field="name")
    return cleaned


def too_deep() -> Refusal:
    return Refusal(lazy("The tree of units may have at most %(limit)s levels."), field="parent", limit=DEEPEST)
