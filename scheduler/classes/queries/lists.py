"""Lists of classes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, extract, func, or_, select
from sqlalchemy.orm import Session

from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.queries.visibility import has_status, visible_to
from scheduler.classes.rules import status_on
from scheduler.classes.terms import ClassRow, ClassStatus
from scheduler.core.access import Actor
from scheduler.people.models import Unit

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """What of the classes is asked for; an empty value asks for all. `year` is that of the first day."""

    text: str = ""
    status: ClassStatus | None = None
    year: int | None = None


def find_classes(
    session: Session, actor: Actor, wanted: ClassFilter, *, today: date, page: int = 1, size: int = PAGE_SIZE
) -> tuple[list[ClassRow], int]:
    """Return one page (from 1) of the classes that `actor` may see, by first day, and how many there are in all."""
    conditions = _conditions(actor, wanted, today)
    total = session.scalar(select(func.count()).select_from(StudyClass).where(*conditions)) or 0
    sessions = (
        select(func.count()).where(ClassSession.class_id == StudyClass.id).correlate(StudyClass).scalar_subquery()
    )
    rows = session.execute(
        select(StudyClass, Unit.name.label("host"), sessions.label("sessions"))
        .join(Unit, Unit.id == StudyClass.host_unit_id)
        .where(*conditions)
        .order_by(StudyClass.starts_on, StudyClass.code)
        .offset((page - 1) * size)
        .limit(size)
    )
    found = [
        ClassRow(
            one.id,
            one.code,
            one.title,
            one.theme,
            one.run_number,
            host,
            one.starts_on,
            one.ends_on,
            one.capacity,
            one.taken,
            status_on(one.status, one.starts_on, one.ends_on, today),
            count,
        )
        for one, host, count in rows
    ]
    return found, total


def class_years(session: Session, actor: Actor) -> list[int]:
    """Return the years in which classes that `actor` may see begin, the latest first."""
    year = extract("year", StudyClass.starts_on)
    return sorted(session.scalars(select(year).where(visible_to(actor)).distinct()), reverse=True)


def class_codes(session: Session, year: int) -> list[str]:
    """Return the codes that begin with `year`, also of classes that nobody here may see: codes are unique."""
    return list(session.scalars(select(StudyClass.code).where(StudyClass.code.startswith(f"{year}-"))))


def _conditions(actor: Actor, wanted: ClassFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = [visible_to(actor)]
    if wanted.text:
        columns = (StudyClass.code, StudyClass.title, StudyClass.theme)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.status:
        conditions.append(has_status(wanted.status, today))
    if wanted.year:
        conditions.append(StudyClass.starts_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    return conditions
