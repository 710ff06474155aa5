"""What the year's picture shows; a constant number of statements."""

from collections import defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Venue
from scheduler.agenda.queries import visible_to
from scheduler.agenda.terms import ActivityKind, ActivityStatus
from scheduler.classes.models import StudyClass
from scheduler.classes.queries import visible_to as classes_visible_to
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Actor
from scheduler.core.periods import day_span
from scheduler.office.terms.picture import YearClass, YearLecture


def year_classes(session: Session, actor: Actor, year: int) -> list[YearClass]:
    """Return the classes that touch the year and that `actor` may see, without the cancelled ones."""
    rows = session.execute(
        select(
            StudyClass.id,
            StudyClass.code,
            StudyClass.title,
            StudyClass.starts_on,
            StudyClass.ends_on,
            StudyClass.status,
            StudyClass.theme,
        )
        .where(
            StudyClass.starts_on <= date(year, 12, 31),
            StudyClass.ends_on >= date(year, 1, 1),
            StudyClass.status != ClassStatus.CANCELLED,
            classes_visible_to(actor),
        )
        .order_by(StudyClass.starts_on, StudyClass.code)
    )
    return [
        YearClass(row.id, row.code, row.title, row.starts_on, row.ends_on, row.status is ClassStatus.DRAFT, row.theme)
        for row in rows
    ]


def year_lectures(session: Session, actor: Actor, year: int, zone: ZoneInfo) -> list[YearLecture]:
    """Return the evenings of the year that `actor` may see, cancelled ones too."""
    span = day_span(date(year, 1, 1), zone, (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    rows = session.execute(
        select(Activity.id, Activity.title, Activity.starts_at, Activity.status)
        .where(
            Activity.kind == ActivityKind.LECTURE,
            Activity.starts_at >= span.start,
            Activity.starts_at < span.end,
            visible_to(actor),
        )
        .order_by(Activity.starts_at)
    )
    return [YearLecture(row.id, row.title, row.starts_at, row.status is ActivityStatus.CANCELLED) for row in rows]


def venue_load(session: Session, year: int, zone: ZoneInfo) -> dict[date, int]:
    """Return for each day of the year on which venues are in use, how many; which ones and for what is not told."""
    span = day_span(date(year, 1, 1), zone, (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    rows = session.execute(
        select(Activity.venue_id, Activity.starts_at).where(
            Activity.venue_id.is_not(None),
            Activity.status != ActivityStatus.CANCELLED,
            Activity.starts_at >= span.start,
            Activity.starts_at < span.end,
        )
    )
    used: dict[date, set[int | None]] = defaultdict(set)
    for venue_id, starts_at in rows:
        used[starts_at.astimezone(zone).date()].add(venue_id)
    return {day: len(venues) for day, venues in used.items()}


def venue_count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Venue)) or 0
