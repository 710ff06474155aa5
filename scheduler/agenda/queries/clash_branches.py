"""The parts of the one statement that finds clashes: each a join from the plans, as values, into an index range."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    cast,
    column,
    func,
    literal,
    null,
    select,
    union,
    union_all,
    values,
)
from sqlalchemy.orm import aliased

from scheduler.agenda.models import Activity, Attendance, Membership, Teaching, Venue
from scheduler.agenda.terms import LONGEST, ActivityPlan, ActivityStatus, ClashKind
from scheduler.core.database import UtcDateTime
from scheduler.people.models import Lecturer, Person

Branch = Select[*tuple[Any, ...]]


def word(kind: ClashKind) -> ColumnElement[str]:
    """Return the name of `kind` as a column of type text on both engines."""
    return cast(literal(kind.value), String)


def all_against(plans: Sequence[ActivityPlan], ignoring: Collection[int]) -> Subquery:
    """Return (number, kind, resource_id, resource, people, activity_id, other_number): all that clashes with `plans`."""
    wanted = _wanted(plans)
    engaged = _engaged(plans)
    participants = _participants(wanted, engaged)
    branches = [_of_members_teaching(wanted, ignoring), _of_people(participants, ignoring)]
    if any(plan.venue_id is not None for plan in plans):
        branches += [_of_venues(wanted, ignoring), _of_seats(wanted)]
    if engaged is not None:
        branches.append(_of_lecturers(engaged, ignoring))
    if len(plans) > 1:
        branches.append(_among_plans(participants))
    return union_all(*branches).subquery("found")


def _wanted(plans: Sequence[ActivityPlan]) -> CTE:
    rows = [
        (number, plan.venue_id, plan.audience_id, plan.span.start, plan.span.end, plan.span.start - LONGEST)
        for number, plan in enumerate(plans)
    ]
    return (
        values(
            column("number", Integer),
            column("venue_id", Integer),
            column("audience_id", Integer),
            *_slot_columns(),
            name="wanted_rows",
        )
        .data(rows)
        .cte("wanted")
    )


def _engaged(plans: Sequence[ActivityPlan]) -> CTE | None:
    rows = [
        (number, lecturer_id, plan.span.start, plan.span.end, plan.span.start - LONGEST)
        for number, plan in enumerate(plans)
        for lecturer_id in plan.lecturer_ids
    ]
    if not rows:
        return None
    return (
        values(column("number", Integer), column("lecturer_id", Integer), *_slot_columns(), name="engaged_rows")
        .data(rows)
        .cte("engaged")
    )


def _slot_columns() -> list[ColumnElement[Any]]:
    return [column(name, UtcDateTime()) for name in ("starts_at", "ends_at", "since")]


def _participants(wanted: CTE, engaged: CTE | None) -> CTE:
    """Return who would be there: members of the audience, and lecturers who are on the staff."""
    slot = ("starts_at", "ends_at", "since")
    members = select(wanted.c.number, Membership.person_id, *(wanted.c[name] for name in slot)).join(
        Membership, (Membership.audience_id == wanted.c.audience_id) & Membership.left_at.is_(None)
    )
    if engaged is None:
        return members.cte("participants")
    staff = (
        select(engaged.c.number, Lecturer.person_id, *(engaged.c[name] for name in slot))
        .join(Lecturer, Lecturer.id == engaged.c.lecturer_id)
        .where(Lecturer.person_id.is_not(None))
    )
    return union(members, staff).cte("participants")


def _overlaps(table: Any, slot: CTE) -> ColumnElement[bool]:
    # `since` is a day before the start: no activity is longer, so the index range has two sides.
    condition: ColumnElement[bool] = (
        (table.starts_at > slot.c.since) & (table.starts_at < slot.c.ends_at) & (table.ends_at > slot.c.starts_at)
    )
    return condition


def _stands(activity: Any, ignoring: Collection[int]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = activity.status != ActivityStatus.CANCELLED
    return condition & activity.id.not_in(list(ignoring)) if ignoring else condition


def _found(slot: CTE, kind: ClashKind, resource_id: Any, resource: Any, activity_id: Any, people: Any = None) -> Branch:
    return select(
        slot.c.number,
        word(kind).label("kind"),
        resource_id.label("resource_id"),
        resource.label("resource"),
        (literal(1) if people is None else people).label("people"),
        activity_id.label("activity_id"),
        cast(null(), Integer).label("other_number"),
    )


def _of_venues(wanted: CTE, ignoring: Collection[int]) -> Branch:
    other = aliased(Activity)
    return (
        _found(wanted, ClashKind.VENUE, Venue.id, Venue.name, other.id)
        .join(other, (other.venue_id == wanted.c.venue_id) & _overlaps(other, wanted))
        .join(Venue, Venue.id == other.venue_id)
        .where(_stands(other, ignoring))
    )


def _of_seats(wanted: CTE) -> Branch:
    members = (
        select(func.count())
        .where(Membership.audience_id == wanted.c.audience_id, Membership.left_at.is_(None))
        .correlate(wanted)
        .scalar_subquery()
    )
    return (
        _found(wanted, ClashKind.CAPACITY, Venue.id, Venue.name, cast(null(), Integer), members)
        .join(Venue, Venue.id == wanted.c.venue_id)
        .where(members > Venue.capacity)
    )


def _of_lecturers(engaged: CTE, ignoring: Collection[int]) -> Branch:
    other = aliased(Activity)
    return (
        _found(engaged, ClashKind.LECTURER, Lecturer.id, Lecturer.name, other.id)
        .join(Teaching, (Teaching.lecturer_id == engaged.c.lecturer_id) & _overlaps(Teaching, engaged))
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .join(other, other.id == Teaching.activity_id)
        .where(_stands(other, ignoring))
    )


def _of_people(participants: CTE, ignoring: Collection[int]) -> Branch:
    other = aliased(Activity)
    return (
        _found(participants, ClashKind.PERSON, func.min(Person.id), func.min(Person.name), other.id, func.count())
        .join(Attendance, (Attendance.person_id == participants.c.person_id) & _overlaps(Attendance, participants))
        .join(Person, Person.id == Attendance.person_id)
        .join(other, other.id == Attendance.activity_id)
        .where(_stands(other, ignoring))
        .group_by(participants.c.number, other.id)
    )


def _of_members_teaching(wanted: CTE, ignoring: Collection[int]) -> Branch:
    other = aliased(Activity)
    return (
        _found(wanted, ClashKind.PERSON, func.min(Lecturer.person_id), func.min(Lecturer.name), other.id, func.count())
        .join(Membership, (Membership.audience_id == wanted.c.audience_id) & Membership.left_at.is_(None))
        .join(Lecturer, Lecturer.person_id == Membership.person_id)
        .join(Teaching, (Teaching.lecturer_id == Lecturer.id) & _overlaps(Teaching, wanted))
        .join(other, other.id == Teaching.activity_id)
        .where(_stands(other, ignoring))
        .group_by(wanted.c.number, other.id)
    )


def _among_plans(participants: CTE) -> Branch:
    one, two = participants.alias("one"), participants.alias("two")
    return (
        select(
            two.c.number,
            word(ClashKind.PERSON),
            func.min(Person.id),
            func.min(Person.name),
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
        .join(Person, Person.id == two.c.person_id)
        .group_by(two.c.number, one.c.number)
    )
