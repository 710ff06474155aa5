"""Uploaded workbooks."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.office.access import OfficePermission
from scheduler.office.models import YearImport
from scheduler.people.models import Person, Unit


class Upload(NamedTuple):
    """An upload with the name of who made it."""

    row: YearImport
    by: str


def require_whole_tree(session: Session, actor: Actor) -> None:
    """Refuse with Missing unless `actor` may import for every unit: the rows of a workbook reach all of them."""
    actor.require(OfficePermission.IMPORT)
    for path in session.scalars(select(Unit.path).where(Unit.parent_id.is_(None))):
        actor.require(OfficePermission.IMPORT, path)


def recent_uploads(session: Session, actor: Actor, limit: int = 20) -> list[Upload]:
    """Return the newest uploads; refuses with Missing who may not import."""
    require_whole_tree(session, actor)
    statement = (
        select(YearImport, Person.name)
        .join(Person, Person.id == YearImport.uploaded_by_id)
        .order_by(YearImport.id.desc())
        .limit(limit)
    )
    return [Upload(*row) for row in session.execute(statement)]


def get_upload(session: Session, actor: Actor, import_id: int) -> YearImport:
    """Return an upload; refuses with Missing, also who may not import."""
    require_whole_tree(session, actor)
    row = session.get(YearImport, import_id)
    if row is None:
        raise Missing
    return row
