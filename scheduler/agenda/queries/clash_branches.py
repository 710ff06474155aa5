"""The parts of the one statement that finds clashes: each a join from the plans, as values, into an index range."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from scheduler.agenda.models import Activity, Attendance, Membership, Teaching, Venue
from scheduler.agenda.terms import LONGEST, ActivityPlan, ActivityStatus, ClashKind
from scheduler.core.database import UtcDateTime
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer

Branch = Select[*tuple[Any, ...]]
MOST = 500
"""A planner reads a handful; this only bounds the answer to a whole year laid over another."""


def word(kind: ClashKind) -> ColumnElement[str]:
    """Return the name of `kind` as a column of type text on both engines."""
    return cast(literal(kind.value), String)


@lru_cache(maxsize=4)
def statement(dialect: str, *, several: bool) -> Branch:
    """Return the select of (number, kind, resource_id, people, activity_id, other_number).

    Only ids: names are looked up where something clashes, so that no table of names comes between a plan and the
    index range that it asks for. Built once for each engine: the plans travel as JSON in the parameters of `parameters`, so that neither building
    nor compiling it is paid again. `several` adds what plans of one call take from each other's people.
    """
    rows = _JsonRows(dialect)
    wanted = rows.table("wanted", number=Integer(), venue_id=Integer(), audience_id=Integer(), **_SLOT)
    engaged = rows.table("engaged", number=Integer(), lecturer_id=Integer(), **_SLOT)
    participants = _participants(wanted, engaged)
    near = _anywhere if dialect == "sqlite" else _near
    branches = [
        _of_venues(wanted, near),
        _of_lecturers(engaged, near),
        _of_people(participants, near),
        _of_members_teaching(wanted, near),
        _of_seats(wanted),
    ]
    if several:
        branches.append(_among_plans(participants))
    found = union_all(*branches).subquery("found")
    return select(found).order_by(found.c.number).limit(MOST)


def parameters(dialect: str, plans: Sequence[ActivityPlan], ignoring: Collection[int]) -> dict[str, object]:
    """Return the parameters of `statement`."""
    form = "%Y-%m-%d %H:%M:%S.%f" + ("" if dialect == "sqlite" else "+00")

    def slot(span: Span) -> list[str]:
        instants = (span.start, span.end, span.start - LONGEST)
        return [instant.astimezone(UTC).strftime(form) for instant in instants]

    wanted = [[number, plan.venue_id, plan.audience_id, *slot(plan.span)] for number, plan in enumerate(plans)]
    engaged = [
        [number, lecturer_id, *slot(plan.span)]
        for number, plan in enumerate(plans)
        for lecturer_id in plan.lecturer_ids
    ]
    texts = {"wanted": json.dumps(wanted), "engaged": json.dumps(engaged)}
    if dialect == "sqlite":
        return {**texts, "ignoring": list(ignoring)}
    return {
        **texts,
        "wanted_count": len(wanted),
        "engaged_count": len(engaged),
        "first": min(plan.span.start for plan in plans) - LONGEST,
        "last": max(plan.span.end for plan in plans),
        "ignoring": list(ignoring),
    }


_SLOT: dict[str, TypeEngine[Any]] = {"starts_at": UtcDateTime(), "ends_at": UtcDateTime(), "since": UtcDateTime()}


class _JsonRows:
    """Tables out of JSON parameters: an array of arrays, read by each engine's own functions."""

    def __init__(self, dialect: str) -> None:
        self._sqlite = dialect == "sqlite"

    def table(self, name: str, **columns: TypeEngine[Any]) -> CTE:
        """Return the rows of parameter `name` as a table with `columns`."""
        text = bindparam(name, type_=String())
        source = func.json_each(text) if self._sqlite else func.jsonb_array_elements(cast(text, JSONB))
        rows = source.table_valued("value", name=f"{name}_rows")
        table = select(
            *(self._cell(rows.c.value, place, kind).label(label) for place, (label, kind) in enumerate(columns.items()))
        )
        if not self._sqlite:
            # PostgreSQL takes any such function for 100 rows and would rather read whole tables; the limit says how many
            table = table.limit(bindparam(f"{name}_count", type_=Integer()))
        return table.cte(name)

    def _cell(self, row: ColumnElement[Any], place: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        if self._sqlite:
            # the bare value, named as of its type: times are compared as the texts that SQLite keeps
            return type_coerce(func.json_extract(row, f"$[{place}]"), kind)
        return cast(type_coerce(row, JSONB)[place].astext, kind)


def _participants(wanted: CTE, engaged: CTE) -> CTE:
    """Return who would be there: members of the audience, and lecturers who are on the staff."""
    slot = ("starts_at", "ends_at", "since")
    members = select(wanted.c.number, Membership.person_id, *(wanted.c[name] for name in slot)).join(
        Membership, (Membership.audience_id == wanted.c.audience_id) & Membership.left_at.is_(None)
    )
    staff = (
        select(engaged.c.number, Lecturer.person_id, *(engaged.c[name] for name in slot))
        .join(Lecturer, Lecturer.id == engaged.c.lecturer_id)
        .where(Lecturer.person_id.is_not(None))
    )
    return union(members, staff).cte("participants")


_Near = Callable[[Any], ColumnElement[bool]]


def _anywhere(_table: Any) -> ColumnElement[bool]:
    return true()


def _near(table: Any) -> ColumnElement[bool]:
    # The bounds of all plans, which each join also has for its own: from plain values PostgreSQL can tell that few
    # rows lie within, and does not read the whole table instead.
    first, last = (bindparam(name, type_=UtcDateTime()) for name in ("first", "last"))
    condition: ColumnElement[bool] = (table.starts_at > first) & (table.starts_at < last)
    return condition


def _overlaps(table: Any, slot: CTE, near: _Near) -> ColumnElement[bool]:
    # `since` is a day before the start: no activity is longer, so the index range has two sides.
    condition: ColumnElement[bool] = (
        (table.starts_at > slot.c.since) & (table.starts_at < slot.c.ends_at) & (table.ends_at > slot.c.starts_at)
    )
    return condition & near(table)


def _stands(activity: Any) -> ColumnElement[bool]:
    ignored = activity.id.not_in(bindparam("ignoring", type_=Integer(), expanding=True))
    condition: ColumnElement[bool] = (activity.status != ActivityStatus.CANCELLED) & ignored
    return condition


def _found(slot: CTE, kind: ClashKind, resource_id: Any, activity_id: Any, people: Any = None) -> Branch:
    return select(
        slot.c.number,
        word(kind).label("kind"),
        resource_id.label("resource_id"),
        (literal(1) if people is None else people).label("people"),
        activity_id.label("activity_id"),
        cast(null(), Integer).label("other_number"),
    )


def _of_venues(wanted: CTE, near: _Near) -> Branch:
    other = aliased(Activity)
    return (
        _found(wanted, ClashKind.VENUE, other.venue_id, other.id)
        .join(other, (other.venue_id == wanted.c.venue_id) & _overlaps(other, wanted, near))
        .where(_stands(other))
    )


def _of_seats(wanted: CTE) -> Branch:
    members = (
        select(func.count())
        .where(Membership.audience_id == wanted.c.audience_id, Membership.left_at.is_(None))
        .correlate(wanted)
        .scalar_subquery()
    )
    return (
        _found(wanted, ClashKind.CAPACITY, Venue.id, cast(null(), Integer), members)
        .join(Venue, Venue.id == wanted.c.venue_id)
        .where(members > Venue.capacity)
    )


def _of_lecturers(engaged: CTE, near: _Near) -> Branch:
    other = aliased(Activity)
    return (
        _found(engaged, ClashKind.LECTURER, Teaching.lecturer_id, other.id)
        .join(Teaching, (Teaching.lecturer_id == engaged.c.lecturer_id) & _overlaps(Teaching, engaged, near))
        .join(other, other.id == Teaching.activity_id)
        .where(_stands(other))
    )


def _of_people(participants: CTE, near: _Near) -> Branch:
    other = aliased(Activity)
    return (
        _found(participants, ClashKind.PERSON, func.min(Attendance.person_id), other.id, func.count())
        .join(
            Attendance, (Attendance.person_id == participants.c.person_id) & _overlaps(Attendance, participants, near)
        )
        .join(other, other.id == Attendance.activity_id)
        .where(_stands(other))
        .group_by(participants.c.number, other.id)
    )


def _of_members_teaching(wanted: CTE, near: _Near) -> Branch:
    other = aliased(Activity)
    return (
        _found(wanted, ClashKind.PERSON, func.min(Lecturer.person_id), other.id, func.count())
        .join(Membership, (Membership.audience_id == wanted.c.audience_id) & Membership.left_at.is_(None))
        .join(Lecturer, Lecturer.person_id == Membership.person_id)
        .join(Teaching, (Teaching.lecturer_id == Lecturer.id) & _overlaps(Teaching, wanted, near))
        .join(other, other.id == Teaching.activity_id)
        .where(_stands(other))
        .group_by(wanted.c.number, other.id)
    )


def _among_plans(participants: CTE) -> Branch:
    one, two = participants.alias("one"), participants.alias("two")
    return (
        select(
            two.c.number,
            word(ClashKind.PERSON),
            func.min(two.c.person_id),
            func.count(),
            cast(null(), Integer),
            one.c.number,
        )
        .join(
            one,
            (one.c.person_id == two.c.person_id)
            & (one.c.number < two.c.number)
            & (one.c.starts_at < two.c.ends_at)
            & (two.c.starts_at < one.c.ends_at),
        )
        .group_by(two.c.number, one.c.number)
    )
