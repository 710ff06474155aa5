"""The tree of units, and one unit with what is around it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.access import PeoplePermission
from scheduler.people.models import Person, Unit, UnitPlacement
from scheduler.people.queries.visible import units_visible_to
from scheduler.people.terms import UnitKind


@dataclass(slots=True)
class Branch:
    """A unit in the tree, with the units below it and how many people are in it and in all below."""

    id: int
    code: str
    name: str
    kind: UnitKind
    path: str
    people: int
    below: "list[Branch]" = field(default_factory=list)


def unit_tree(session: Session, actor: Actor) -> list[Branch]:
    """Return the tops of the trees that the actor may read, siblings in the order of their codes; one statement."""
    present = select(Person.unit_id, func.count().label("people")).where(Person.left_at.is_(None))
    counts = present.group_by(Person.unit_id).subquery()
    rows = session.execute(
        select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.path, func.coalesce(counts.c.people, 0))
        .outerjoin(counts, counts.c.unit_id == Unit.id)
        .where(units_visible_to(actor))
        .order_by(Unit.code)
    )
    branches = {row[0]: Branch(*row) for row in rows}
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(_parent(branch.path))
        (above.below if above else tops).append(branch)
    for branch in sorted(branches.values(), key=lambda branch: -branch.path.count("/")):
        branch.people += sum(below.people for below in branch.below)
    return tops


def find_units(tops: list[Branch], text: str = "") -> list[Branch]:
    """Return the units of the trees, each before those below it, whose name or code holds `text`."""
    found: list[Branch] = []
    for branch in tops:
        if text.casefold() in f"{branch.code}\n{branch.name}".casefold():
            found.append(branch)
        found += find_units(branch.below, text)
    return found


def _parent(path: str) -> int:
    parts = path.split("/")
    return int(parts[-3] or 0) if len(parts) > 3 else 0  # noqa: PLR2004 - "/1/7/" is "", "1", "7", ""


def unit_choices(session: Session, actor: Actor, permission: PeoplePermission) -> list[tuple[int, str]]:
    """Return (id, name behind its code) of the units in which the actor holds `permission`, for a select field."""
    statement = select(Unit.id, Unit.code, Unit.name).where(units_visible_to(actor, permission)).order_by(Unit.code)
    return [(unit_id, f"{code} {name}") for unit_id, code, name in session.execute(statement)]


def get_unit(
    session: Session, actor: Actor, unit_id: int, permission: PeoplePermission = PeoplePermission.READ
) -> Unit:
    """Return the unit; Missing unless the actor holds `permission` there."""
    unit = session.scalar(select(Unit).where(Unit.id == unit_id, units_visible_to(actor, permission)))
    if unit is None:
        raise Missing
    return unit


def line_above(session: Session, unit: Unit) -> list[tuple[int, str]]:
    """Return (id, name) of the units above, from the top down; their names are no secret."""
    above = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    names = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(above))).all())
    return [(unit_id, names[unit_id]) for unit_id in above]


@dataclass(frozen=True, slots=True)
class Stay:
    """Under which parent (None: at the top) a unit stood, and for how long; `ended_at` None: now."""

    parent: str | None
    began_at: datetime
    ended_at: datetime | None


def placements(session: Session, unit_id: int) -> list[Stay]:
    """Return where the unit stood, the newest first."""
    parent = aliased(Unit)
    rows = session.execute(
        select(parent.name, UnitPlacement.began_at, UnitPlacement.ended_at)
        .outerjoin(parent, parent.id == UnitPlacement.parent_id)
        .where(UnitPlacement.unit_id == unit_id)
        .order_by(UnitPlacement.id.desc())
    )
    return [Stay(*row) for row in rows]


def children(session: Session, unit_id: int) -> list[Unit]:
    """Return the units directly below, in the order of their codes."""
    return list(session.scalars(select(Unit).where(Unit.parent_id == unit_id).order_by(Unit.code)))
