"""More time, exemption and deferral: granted and taken back, open attempts timed anew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import update_rows
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.people.models import Person, Unit
from scheduler.quizzes.models import Attempt, Grant, Sitting
from scheduler.quizzes.queries.grants import allowances
from scheduler.quizzes.queries.sittings import get_held
from scheduler.quizzes.rules.timing import closes_for, deadline_of
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.sittings import Concession

_MOST_MINUTES = 1440


def grant(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    sitting_id: int,
    concession: Concession,
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
    minutes: int | None = None,
    reason: str,
    now: datetime,
) -> Grant:
    """Grant more time to a person or a whole unit, or exempt or defer a person; open attempts are timed anew.

    Refuses a blank reason, both or neither of person and unit, and a person who is not due.
    """
    sitting = get_held(session, actor, sitting_id)
    reason = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why."), field="reason")
    if (person_id is None) == (unit_id is None):
        raise Refusal(lazy("Choose a person or a unit."), field="person")
    if (concession is Concession.MORE_TIME) != (minutes is not None):
        raise Refusal(lazy("Say how many minutes."), field="minutes")
    if minutes is not None and not 1 <= minutes <= _MOST_MINUTES:
        raise Refusal(lazy("This must be %(least)s to %(most)s."), field="minutes", least=1, most=_MOST_MINUTES)
    if unit_id is not None and concession is not Concession.MORE_TIME:
        raise Refusal(lazy("Only time is granted to a whole unit."), field="concession")
    if person_id is not None:
        due = select(Attendance.person_id).where(
            Attendance.activity_id == sitting.activity_id, Attendance.person_id == person_id
        )
        if session.scalar(due) is None:
            raise Refusal(lazy("This person is not due."), field="person")
    made = Grant(
        sitting_id=sitting.id,
        person_id=person_id,
        unit_id=unit_id,
        concession=concession,
        minutes=minutes,
        reason=reason,
        made_at=now,
        made_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, "grant", "sitting", sitting.id, now=now, grant_id=made.id, concession=concession)
    retime(session, sitting, now=now)
    return made


def withdraw_grant(session: Session, actor: Actor, sitting_id: int, grant_id: int, *, now: datetime) -> Grant:
    """Take a grant back; open attempts are timed anew."""
    sitting = get_held(session, actor, sitting_id)
    found = session.get(Grant, grant_id)
    if found is None or found.sitting_id != sitting.id or found.withdrawn_at is not None:
        raise Missing
    found.withdrawn_at = now
    session.flush()
    record(session, actor, "withdraw_grant", "sitting", sitting.id, now=now, grant_id=grant_id)
    retime(session, sitting, now=now)
    return found


def retime(session: Session, sitting: Sitting, *, now: datetime) -> None:
    """Give every open attempt the deadline that its grants and the sitting's times come to; one UPDATE."""
    ends_at = session.scalars(select(Activity.ends_at).where(Activity.id == sitting.activity_id)).one()
    granted = allowances(session, [sitting.id])
    deferred = granted.deferred(sitting.id)
    rows = []
    running = session.execute(
        select(Attempt.id, Attempt.person_id, Attempt.started_at, Attempt.deadline, Unit.path)
        .join(Person, Person.id == Attempt.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Attempt.sitting_id == sitting.id, Attempt.ended_at.is_(None))
        .with_for_update(of=Attempt)
    )
    for row in running:
        extra = granted.added_time(sitting.id, row.person_id, row.path)
        closes = closes_for(ends_at, extra, sitting.closed_at, deferred=row.person_id in deferred)
        deadline = max(row.started_at, deadline_of(row.started_at, sitting.length_minutes, extra, closes))
        if deadline != row.deadline:
            state = AttemptState.IN_PROGRESS if deadline >= now else AttemptState.OVERDUE
            rows.append({"id": row.id, "deadline": deadline, "state": state})
    update_rows(session, Attempt, rows)
