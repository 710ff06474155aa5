"""Who was on the staff, and where, at an instant."""

from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, case, exists, func, literal, null, or_, select

from scheduler.core.access import Role
from scheduler.core.database import UtcDateTime
from scheduler.people.models import Person, PersonPlace, RoleGrant, UnitPlacement


def staff_at(instant: datetime | None = None) -> Subquery:
    """Return (person_id, unit_id) of the staff at an instant, None: now.

    What was before the first units were entered is not known: the people of that day stand in for those of before.
    """
    if instant is None:
        return select(Person.id.label("person_id"), Person.unit_id).where(Person.left_at.is_(None)).subquery()
    known = _not_before(instant, select(func.min(UnitPlacement.began_at)).scalar_subquery())
    later = (PersonPlace.person_id == Person.id, PersonPlace.until > known)
    place = select(PersonPlace.unit_id).where(*later).order_by(PersonPlace.until, PersonPlace.id).limit(1)
    unit = case(
        (exists().where(*later), place.scalar_subquery()),
        (or_(Person.left_at.is_(None), Person.left_at > known), Person.unit_id),
        else_=null(),
    ).label("unit_id")
    rows = select(Person.id.label("person_id"), unit).subquery()
    return select(rows).where(rows.c.unit_id.is_not(None)).subquery()


def trainees_at(instant: datetime | None = None) -> Subquery:
    """Return (person_id, unit_id) of those of the staff who trained at an instant, None: now."""
    staff = staff_at(instant)
    trains = (RoleGrant.person_id == staff.c.person_id, RoleGrant.role == Role.TRAINEE)
    if instant is None:
        return select(staff).where(exists().where(*trains, RoleGrant.ended_at.is_(None))).subquery()
    first = select(func.min(RoleGrant.began_at)).where(RoleGrant.role == Role.TRAINEE).scalar_subquery()
    known = _not_before(instant, first)
    held = (RoleGrant.began_at <= known, or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > known))
    return select(staff).where(exists().where(*trains, *held)).subquery()


def _not_before(instant: datetime, first: ColumnElement[datetime]) -> ColumnElement[datetime]:
    asked = literal(instant, UtcDateTime())
    return case((first > asked, first), else_=asked)
