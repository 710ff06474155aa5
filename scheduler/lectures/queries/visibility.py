"""Who may see a series, said once as an SQL condition."""

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import Session, joinedload

from scheduler.agenda.models import Audience, Membership
from scheduler.agenda.queries import unit_ids_within
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.people.models import Unit


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Series that holds for what `actor` may see.

    Open series are for everybody who has a role; others for their subscribers and for those who plan or enrol in
    the host unit.
    """
    if actor.system:
        return true()
    if not actor.may(LecturePermission.READ):
        return false()
    near = [
        exists().where(Audience.id == Series.audience_id, Audience.open).correlate(Series),
        exists()
        .where(
            Membership.audience_id == Series.audience_id,
            Membership.person_id == actor.person_id,
            Membership.left_at.is_(None),
        )
        .correlate(Series),
    ]
    if looked_after := actor.scopes(LecturePermission.ENROL):
        near.append(
            exists()
            .where(Programme.id == Series.programme_id, Programme.host_unit_id.in_(unit_ids_within(looked_after)))
            .correlate(Series)
        )
    return or_(*near)


def get_series(session: Session, actor: Actor, series_id: int) -> Series:
    """Return a series with programme and audience loaded; refuses with Missing if `actor` may not see it."""
    found = session.scalars(
        select(Series)
        .where(Series.id == series_id, visible_to(actor))
        .options(
            joinedload(Series.programme, innerjoin=True).joinedload(Programme.venue),
            joinedload(Series.audience, innerjoin=True).joinedload(Audience.host_unit, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def get_programme(session: Session, actor: Actor, programme_id: int) -> Programme:
    """Return a programme with its venue loaded; refuses with Missing unless `actor` may see one of its series."""
    found = session.scalars(
        select(Programme)
        .where(Programme.id == programme_id, exists().where(Series.programme_id == Programme.id, visible_to(actor)))
        .options(joinedload(Programme.venue))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def plans_for(session: Session, actor: Actor, unit_id: int) -> bool:
    """Tell whether `actor` plans the evening schools that the unit hosts."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    return path is not None and actor.may(LecturePermission.PLAN, path)


def get_planned(session: Session, actor: Actor, programme_id: int) -> Programme:
    """Return a programme that `actor` may plan, as get_programme does; refuses with Missing."""
    found = get_programme(session, actor, programme_id)
    if not plans_for(session, actor, found.host_unit_id):
        raise Missing
    return found


def get_evening(session: Session, actor: Actor, evening_id: int) -> Evening:
    """Return an evening with series, programme and activity loaded; refuses with Missing."""
    found = session.scalars(
        select(Evening)
        .join(Series, Series.id == Evening.series_id)
        .where(Evening.id == evening_id, visible_to(actor))
        .options(
            joinedload(Evening.series, innerjoin=True).joinedload(Series.programme, innerjoin=True),
            joinedload(Evening.activity, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found
