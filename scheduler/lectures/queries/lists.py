"""Lists of series and programmes, and who subscribes."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Audience, AudienceUnit, Membership
from scheduler.agenda.queries import unit_ids_within
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.access import Actor
from scheduler.lectures.models import Programme, Series
from scheduler.lectures.queries.visibility import visible_to
from scheduler.lectures.terms import SeriesRow
from scheduler.people.models import Person, Unit

PAGE_SIZE = 24


def find_series(
    session: Session, actor: Actor, *, text: str = "", page: int = 1, size: int = PAGE_SIZE, now: datetime
) -> tuple[list[SeriesRow], int]:
    """Return a page of the series that `actor` may see, strand by strand of each programme, and how many there are.

    `text` in the name of the series or of its evening school, or in the topic of an announced evening. Two statements.
    """
    conditions: list[ColumnElement[bool]] = [visible_to(actor)]
    if wanted := text.strip():
        topics = exists().where(
            Activity.audience_id == Series.audience_id,
            Activity.status != ActivityStatus.DRAFT,
            Activity.title.icontains(wanted, autoescape=True),
        )
        named = (column.icontains(wanted, autoescape=True) for column in (Series.name, Programme.name))
        conditions.append(or_(*named, topics.correlate(Series)))
    joined = select(func.count()).select_from(Series).join(Programme, Programme.id == Series.programme_id)
    total = session.scalar(joined.join(Audience, Audience.id == Series.audience_id).where(*conditions)) or 0
    inside = (Membership.audience_id == Series.audience_id) & Membership.left_at.is_(None)
    coming = (
        (Activity.audience_id == Series.audience_id)
        & (Activity.status == ActivityStatus.SCHEDULED)
        & (Activity.ends_at > now)
    )
    upcoming = select(Activity.id).where(coming).order_by(Activity.starts_at).limit(1).correlate(Series)
    following = Activity.id == upcoming.scalar_subquery()
    rows = session.execute(
        select(
            Series.id,
            Series.audience_id,
            Series.name,
            Programme.id,
            Programme.name,
            Programme.weekday,
            Programme.starts_at,
            Programme.ends_at,
            Audience.open,
            select(func.count()).where(inside).correlate(Series).scalar_subquery(),
            select(func.count())
            .where(inside, Membership.person_id == actor.person_id)
            .correlate(Series)
            .scalar_subquery()
            > 0,
            Activity.title,
            Activity.starts_at,
        )
        .join(Programme, Programme.id == Series.programme_id)
        .join(Audience, Audience.id == Series.audience_id)
        .outerjoin(Activity, following)
        .where(*conditions)
        .order_by(Programme.name, Series.turn, Series.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return [SeriesRow(*row) for row in rows.all()], total


def is_subscribed(session: Session, audience_id: int, person_id: int | None) -> bool:
    """Tell whether a person is in the audience of a series."""
    return bool(
        session.scalar(
            select(func.count()).where(
                Membership.audience_id == audience_id,
                Membership.person_id == person_id,
                Membership.left_at.is_(None),
            )
        )
    )


def subscribers_by_unit(session: Session, audience_id: int, scopes: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return how many people of each unit (of those at and below `scopes`) subscribe, the most first."""
    heads = func.count().label("heads")
    rows = session.execute(
        select(Unit.name, heads)
        .join(Person, Person.unit_id == Unit.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.audience_id == audience_id, Membership.left_at.is_(None), Unit.id.in_(unit_ids_within(scopes))
        )
        .group_by(Unit.id, Unit.name)
        .order_by(heads.desc(), Unit.name)
    )
    return list(rows.all())


def enrolled_units(session: Session, audience_id: int) -> list[str]:
    """Return the names of the units that are enrolled as a whole."""
    rows = select(Unit.name).join(AudienceUnit, AudienceUnit.unit_id == Unit.id)
    return list(session.scalars(rows.where(AudienceUnit.audience_id == audience_id).order_by(Unit.code)))
