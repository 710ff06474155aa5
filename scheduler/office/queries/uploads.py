"""Uploaded workbooks."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.errors import Missing
from scheduler.office.models import YearImport
from scheduler.people.models import Person


class Upload(NamedTuple):
    """An upload with the name of who made it."""

    row: YearImport
    by: str


def recent_uploads(session: Session, limit: int = 20) -> list[Upload]:
    """Return the newest uploads."""
    statement = (
        select(YearImport, Person.name)
        .join(Person, Person.id == YearImport.uploaded_by_id)
        .order_by(YearImport.id.desc())
        .limit(limit)
    )
    return [Upload(*row) for row in session.execute(statement)]


def get_upload(session: Session, import_id: int) -> YearImport:
    """Return an upload; refuses with Missing."""
    row = session.get(YearImport, import_id)
    if row is None:
        raise Missing
    return row
