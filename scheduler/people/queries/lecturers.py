"""The expert pool (师资库)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.errors import Missing
from scheduler.people.models import Lecturer, Person
from scheduler.people.terms import LecturerKind

SIZE = 50


@dataclass(frozen=True, slots=True)
class LecturersListed:
    """A page of the pool."""

    rows: Sequence[Lecturer]
    number: int
    pages: int
    total: int


def list_lecturers(
    session: Session, *, text: str = "", kind: LecturerKind | None = None, page: int = 1, size: int = SIZE
) -> LecturersListed:
    """Return a page of the pool by code: `text` in name, organisation, field or code; two statements.

    The pool is the office's own: whoever may read it reads all of it.
    """
    conditions: list[ColumnElement[bool]] = []
    if kind is not None:
        conditions.append(Lecturer.kind == kind)
    if wanted := text.strip():
        columns = (Lecturer.name, Lecturer.organisation, Lecturer.field, Lecturer.code)
        conditions.append(or_(*(column.icontains(wanted, autoescape=True) for column in columns)))
    total = session.scalar(select(func.count()).select_from(Lecturer).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    rows = select(Lecturer).where(*conditions).order_by(Lecturer.code).limit(size).offset((number - 1) * size)
    return LecturersListed(session.scalars(rows).all(), number, pages, total)


def get_lecturer(session: Session, lecturer_id: int) -> Lecturer:
    """Return the lecturer; Missing if there is none."""
    lecturer = session.get(Lecturer, lecturer_id)
    if lecturer is None:
        raise Missing
    return lecturer


def staff_no_of(session: Session, lecturer: Lecturer) -> str:
    """Return the staff number of a lecturer who is on the staff; empty for everybody else."""
    number = select(Person.staff_no).where(Person.id == lecturer.person_id)
    return (session.scalar(number) or "") if lecturer.person_id is not None else ""
