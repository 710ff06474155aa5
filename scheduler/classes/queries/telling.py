"""Who is told when something of a class becomes known."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Membership, Teaching
from scheduler.agenda.terms import ActivityStatus
from scheduler.classes.models import Quota, StudyClass
from scheduler.core.access import Role
from scheduler.people.models import Lecturer, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Told:
    """Person ids: those enrolled, lecturers of the staff, and training officers of the units that have places."""

    enrolled: tuple[int, ...]
    lecturers: tuple[int, ...]
    officers: tuple[int, ...]

    @property
    def everybody(self) -> tuple[int, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.enrolled, *self.lecturers, *self.officers)))


def find_told(session: Session, of: StudyClass) -> Told:
    """Return who is told about a class: who attends, who teaches, and who may send people; three statements."""
    enrolled = session.scalars(
        select(Membership.person_id)
        .where(Membership.audience_id == of.audience_id, Membership.left_at.is_(None))
        .order_by(Membership.person_id)
    )
    lecturers = session.scalars(
        select(Lecturer.person_id)
        .join(Teaching, Teaching.lecturer_id == Lecturer.id)
        .join(Activity, Activity.id == Teaching.activity_id)
        .where(
            Activity.audience_id == of.audience_id,
            Activity.status != ActivityStatus.CANCELLED,
            Lecturer.person_id.is_not(None),
        )
        .distinct()
    )
    officers = session.scalars(
        select(RoleGrant.person_id)
        .join(Quota, Quota.unit_id == RoleGrant.unit_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            Quota.class_id == of.id,
            RoleGrant.role == Role.UNIT_OFFICER,
            RoleGrant.ended_at.is_(None),
            Person.left_at.is_(None),
        )
        .distinct()
    )
    return Told(tuple(enrolled), tuple(person_id for person_id in lecturers if person_id is not None), tuple(officers))
