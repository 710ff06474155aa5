"""What a person is still expected at."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Audience, Membership, Teaching
from scheduler.agenda.terms import ActivityStatus
from scheduler.people.models import Lecturer


def to_come(person_id: int, now: datetime) -> ColumnElement[bool]:
    """Return the condition on Membership: the person is in, and the audience has something to come or nothing yet."""
    of_audience = Activity.audience_id == Membership.audience_id
    anything = exists().where(of_audience).correlate(Membership)
    coming = exists().where(of_audience, Activity.ends_at > now).correlate(Membership)
    return (Membership.person_id == person_id) & Membership.left_at.is_(None) & or_(~anything, coming)


def coming_audiences(session: Session, person_id: int, *, now: datetime) -> list[str]:
    """Return the names of the audiences in which the person has a place in what is to come; one statement."""
    names = select(Audience.name).join(Membership, Membership.audience_id == Audience.id)
    return list(session.scalars(names.where(to_come(person_id, now)).order_by(Audience.name)))


def count_coming_lessons(session: Session, person_id: int, *, now: datetime) -> int:
    """Return how many activities to come name the person as lecturer."""
    taught = (
        select(func.count())
        .select_from(Teaching)
        .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
        .join(Activity, Activity.id == Teaching.activity_id)
        .where(Lecturer.person_id == person_id, Teaching.ends_at > now, Activity.status != ActivityStatus.CANCELLED)
    )
    return session.scalar(taught) or 0
