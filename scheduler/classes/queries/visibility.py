"""Who may see a class, said once as an SQL condition."""

from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, literal, or_, select, true
from sqlalchemy.orm import Session, joinedload

from scheduler.agenda.models import Activity, Membership, Teaching
from scheduler.agenda.queries import unit_ids_within
from scheduler.classes.access import ClassPermission
from scheduler.classes.models import Quota, StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.models import Lecturer, Person, Unit


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on StudyClass that holds for what `actor` may see.

    Planners of the host unit see everything of it. Others see no drafts, and of the rest what they attend or
    teach; who looks after or leads a unit also sees what it hosts, has places in or sends people to.
    """
    if actor.system:
        return true()
    if not actor.may(ClassPermission.READ):
        return false()
    announced = [_attends(actor.person_id), _teaches(actor.person_id)]
    if led := actor.scopes(ClassPermission.ROSTER):
        announced += [StudyClass.host_unit_id.in_(unit_ids_within(led)), _sends_people(led), _has_places(led)]
    seen = and_(StudyClass.status != ClassStatus.DRAFT, or_(*announced))
    if planned := actor.scopes(ClassPermission.PLAN):
        return or_(StudyClass.host_unit_id.in_(unit_ids_within(planned)), seen)
    return seen


def has_status(status: ClassStatus, today: date) -> ColumnElement[bool]:
    """Return the condition for classes that are of `status` on `today`; the same rule as rules.status_on."""
    published = StudyClass.status == ClassStatus.PUBLISHED
    if status is ClassStatus.PUBLISHED:
        return and_(published, StudyClass.starts_on > today)
    if status is ClassStatus.RUNNING:
        return and_(published, StudyClass.starts_on <= today, StudyClass.ends_on >= today)
    if status is ClassStatus.FINISHED:
        return and_(published, StudyClass.ends_on < today)
    return StudyClass.status == status


def get_class(session: Session, actor: Actor, class_id: int, *, locked: bool = False) -> StudyClass:
    """Return a class with its units and audience loaded; refuses with Missing if `actor` may not see it.

    `locked`: read afresh, and nobody else changes it until this transaction ends.
    """
    return _the_one(session, _with_all(locked=locked).where(visible_to(actor)), class_id)


def get_planned(session: Session, actor: Actor, class_id: int, *, locked: bool = False) -> StudyClass:
    """Return a class that `actor` may plan, as get_class does; refuses with Missing."""
    # planners of the host unit see everything of it: the permission is all there is to ask
    found = _the_one(session, _with_all(locked=locked), class_id)
    actor.require(ClassPermission.PLAN, found.host_unit.path)
    return found


@lru_cache(maxsize=2)
def _with_all(*, locked: bool) -> Select[StudyClass]:
    statement = (
        select(StudyClass)
        .where(StudyClass.id == bindparam("class_id"))
        .options(
            joinedload(StudyClass.host_unit, innerjoin=True),
            joinedload(StudyClass.organiser_unit),
            joinedload(StudyClass.audience, innerjoin=True),
        )
    )
    if locked:
        return statement.with_for_update(of=StudyClass).execution_options(populate_existing=True)
    return statement


def _the_one(session: Session, statement: Select[StudyClass], class_id: int) -> StudyClass:
    found = session.scalars(statement, {"class_id": class_id}).one_or_none()
    if found is None:
        raise Missing
    return found


def _attends(person_id: int | None) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Membership.audience_id == StudyClass.audience_id,
            Membership.person_id == person_id,
            Membership.left_at.is_(None),
        )
        .correlate(StudyClass)
    )


def _teaches(person_id: int | None) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Activity.audience_id == StudyClass.audience_id,
            Teaching.activity_id == Activity.id,
            Lecturer.id == Teaching.lecturer_id,
            Lecturer.person_id == person_id,
        )
        .correlate(StudyClass)
    )


def _sends_people(paths: tuple[str, ...]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Membership.audience_id == StudyClass.audience_id,
            Membership.left_at.is_(None),
            Person.id == Membership.person_id,
            Person.unit_id.in_(unit_ids_within(paths)),
        )
        .correlate(StudyClass)
    )


def _has_places(paths: tuple[str, ...]) -> ColumnElement[bool]:
    # the places of a bureau are also those of its sections, so a unit above the scope counts as well
    near = [or_(Unit.path.startswith(path, autoescape=True), literal(path).startswith(Unit.path)) for path in paths]
    return (
        exists()
        .where(Quota.class_id == StudyClass.id, Unit.id == Quota.unit_id, or_(false(), *near))
        .correlate(StudyClass)
    )
