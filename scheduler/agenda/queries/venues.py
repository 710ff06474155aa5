"""Venues."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Venue
from scheduler.agenda.queries.rows import rows_where
from scheduler.agenda.queries.visibility import visible_to
from scheduler.agenda.terms import AgendaRow
from scheduler.core.access import Actor
from scheduler.core.errors import Missing


def find_venues(session: Session, text: str = "", *, page: int = 1, size: int = 40) -> tuple[list[Venue], int]:
    """Return one page (from 1) of the venues whose code, name or address holds `text`, and how many there are."""
    statement = select(Venue)
    if text:
        statement = statement.where(
            or_(*(column.icontains(text, autoescape=True) for column in (Venue.code, Venue.name, Venue.address)))
        )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.scalars(statement.order_by(Venue.code).offset((page - 1) * size).limit(size))
    return list(rows), total


def get_venue(session: Session, venue_id: int) -> Venue:
    """Return a venue; refuses with Missing."""
    venue = session.get(Venue, venue_id)
    if venue is None:
        raise Missing
    return venue


def upcoming_at(session: Session, actor: Actor, venue_id: int, *, now: datetime, limit: int = 20) -> list[AgendaRow]:
    """Return what is on at a venue from now on, as far as `actor` may see it; one statement."""
    statement = rows_where(Activity.venue_id == venue_id, Activity.ends_at > now, visible_to(actor)).limit(limit)
    return [AgendaRow(*row) for row in session.execute(statement)]
