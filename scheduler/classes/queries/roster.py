"""Who attends a class, and from which units."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session, aliased, selectinload

from scheduler.agenda.models import Activity, Attendance, Membership
from scheduler.agenda.queries import nearest_slots, plan_of, unit_ids_within
from scheduler.agenda.queries import visible_to as activity_visible_to
from scheduler.agenda.terms import ActivityStatus, SlotProposal
from scheduler.classes.models import ClassSession, Quota
from scheduler.classes.rules import quota_home
from scheduler.classes.terms import Overlap, QuotaRow, RosterRow
from scheduler.core.access import Actor
from scheduler.people.models import Person, Unit

_MOST_OVERLAPS = 60


def roster_of(session: Session, audience_id: int, scopes: tuple[str, ...] = ("/",)) -> list[RosterRow]:
    """Return who is enrolled, of the units at and below `scopes`, by unit and staff number; one statement."""
    rows = session.execute(
        select(Person.id, Person.staff_no, Person.name, Unit.name, Unit.path, Person.post, Membership.joined_at)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(
            Membership.audience_id == audience_id,
            Membership.left_at.is_(None),
            Unit.id.in_(unit_ids_within(scopes)),
        )
        .order_by(Unit.path, Person.staff_no)
    )
    return [RosterRow(*row) for row in rows.all()]


def enrolled_ids(session: Session, audience_id: int, person_ids: Collection[int]) -> set[int]:
    """Return which of `person_ids` are on the roster."""
    return set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.audience_id == audience_id,
                Membership.left_at.is_(None),
                Membership.person_id.in_(person_ids),
            )
        )
    )


def heads_by_unit(session: Session, audience_id: int) -> dict[str, int]:
    """Return how many people of each unit (by its path) are on the roster."""
    rows = session.execute(
        select(Unit.path, func.count())
        .join(Person, Person.unit_id == Unit.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.audience_id == audience_id, Membership.left_at.is_(None))
        .group_by(Unit.path)
    )
    return dict(rows.all())


def quotas_of(session: Session, class_id: int, audience_id: int) -> list[QuotaRow]:
    """Return the places of each unit and how many are taken; two statements."""
    rows = session.execute(
        select(Unit.id, Unit.name, Unit.path, Quota.places)
        .join(Quota, Quota.unit_id == Unit.id)
        .where(Quota.class_id == class_id)
        .order_by(Unit.code)
    ).all()
    paths = [row.path for row in rows]
    taken: Counter[str] = Counter()
    for path, heads in heads_by_unit(session, audience_id).items():
        taken[quota_home(paths, path)] += heads
    return [QuotaRow(row.id, row.name, row.path, row.places, taken[row.path]) for row in rows]


def quota_lines(session: Session, class_id: int) -> list[tuple[str, int]]:
    """Return the places of each unit as (its code, places), by code."""
    rows = session.execute(
        select(Unit.code, Quota.places)
        .join(Quota, Quota.unit_id == Unit.id)
        .where(Quota.class_id == class_id)
        .order_by(Unit.code)
    )
    return [(row.code, row.places) for row in rows]


def find_people(session: Session, actor_scopes: tuple[str, ...], staff_nos: Sequence[str]) -> dict[str, Person]:
    """Return the people in service with these staff numbers, of the units at and below the scopes; with units."""
    rows = session.scalars(
        select(Person).where(
            Person.staff_no.in_(staff_nos), Person.left_at.is_(None), Person.unit_id.in_(unit_ids_within(actor_scopes))
        )
    )
    return {person.staff_no: person for person in rows}


def people_of(session: Session, person_ids: Collection[int], scopes: tuple[str, ...]) -> dict[int, str]:
    """Return the unit path of each of `person_ids` that is in service in the units at and below `scopes`."""
    rows = session.execute(
        select(Person.id, Unit.path)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(person_ids), Person.left_at.is_(None), Unit.id.in_(unit_ids_within(scopes)))
    )
    return dict(rows.all())


def overlaps(session: Session, actor: Actor, audience_id: int, person_ids: Collection[int]) -> list[Overlap]:
    """Return what `person_ids` are expected at during sessions of a class, by time; at most 60.

    The other engagement is named where `actor` may see it. One statement.
    """
    # aliases, for the condition on what is visible speaks of these tables itself
    mine, person, expected = aliased(Activity), aliased(Person), aliased(Attendance)
    rows = session.execute(
        select(
            person.id,
            person.name,
            ClassSession.id,
            mine.title,
            Activity.starts_at,
            Activity.ends_at,
            case((activity_visible_to(actor), Activity.title), else_=literal("")),
            Activity.id,
        )
        .join(expected, expected.person_id == person.id)
        .join(Activity, Activity.id == expected.activity_id)
        .join(
            mine,
            and_(
                mine.audience_id == audience_id,
                mine.status != ActivityStatus.CANCELLED,
                expected.starts_at < mine.ends_at,
                expected.ends_at > mine.starts_at,
            ),
        )
        .join(ClassSession, ClassSession.activity_id == mine.id)
        .where(
            person.id.in_(person_ids),
            Activity.status != ActivityStatus.CANCELLED,
            Activity.audience_id != audience_id,
        )
        .order_by(Activity.starts_at, person.staff_no)
        .limit(_MOST_OVERLAPS)
    )
    return [Overlap(*row) for row in rows.all()]


def times_for_all(
    session: Session, session_id: int, newcomers: Collection[int], *, zone: ZoneInfo, now: datetime
) -> list[SlotProposal]:
    """Return the nearest times of a session that suit its venue, lecturers, roster and newcomers; five statements."""
    activity = session.scalars(
        select(Activity)
        .join(ClassSession, ClassSession.activity_id == Activity.id)
        .where(ClassSession.id == session_id)
        .options(selectinload(Activity.teachings))
    ).one()
    return nearest_slots(session, plan_of(activity), zone=zone, now=now, ignoring=[activity.id], newcomers=newcomers)
