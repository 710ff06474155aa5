"""Who is told of retraining, and of a sitting that its schedule could not make."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.models import Activity
from scheduler.core.access import Role
from scheduler.core.errors import lazy
from scheduler.notices.actions import Letter, post, post_all
from scheduler.people.models import Person, RoleGrant, Unit
from scheduler.quizzes.models import QuizSchedule, RetrainingOrder, ScheduledSitting, Sitting
from scheduler.quizzes.rules.rates import rate_in_words

_PROPOSED = lazy(
    "%(unit)s reached %(rate)s in “%(title)s”, below %(threshold)s%%: round %(round)s of retraining is proposed."
)
_CONFIRMED = lazy("You are to train again after “%(title)s”: the class and its test are in your calendar.")
_ESCALATED = lazy(
    "%(unit)s is still below %(threshold)s%% after round %(round)s of retraining for “%(title)s”. Please decide."
)

_NOT_MADE = lazy("“%(title)s” of %(day)s could not be planned. Open the schedule to see why, and what to do.")


def tell_proposed(session: Session, orders: Sequence[RetrainingOrder], *, now: datetime) -> None:
    """Tell the officers of each unit, and the admins above it."""
    letters = _letters(session, orders, (Role.ADMIN, Role.UNIT_OFFICER))
    post_all(session, letters, kind="retraining_proposed", message_id=_PROPOSED, now=now)


def tell_escalated(session: Session, orders: Sequence[RetrainingOrder], *, now: datetime) -> None:
    """Tell the admins above each unit that the last round did not help."""
    letters = _letters(session, orders, (Role.ADMIN,))
    post_all(session, letters, kind="quiz_escalated", message_id=_ESCALATED, now=now)


def tell_confirmed(
    session: Session, order: RetrainingOrder, person_ids: Sequence[int], title: str, *, now: datetime
) -> None:
    """Tell those who are to train again."""
    post(
        session,
        person_ids,
        kind="retraining_confirmed",
        subject=f"retraining:{order.id}",
        slot=now.isoformat(),
        message_id=_CONFIRMED,
        address=f"/classes/{order.class_id}",
        now=now,
        title=title,
    )


def tell_not_made(session: Session, schedule: QuizSchedule, slot: ScheduledSitting, *, now: datetime) -> None:
    """Tell the admins above the host of a schedule, once for each day or lesson of it."""
    post(
        session,
        _holders(session, {schedule.host_unit_id}, (Role.ADMIN,))[schedule.host_unit_id],
        kind="quiz_not_made",
        subject=f"quiz_schedule:{schedule.id}",
        slot=f"{slot.day}:{slot.lesson_id or ''}",
        message_id=_NOT_MADE,
        address=f"/quizzes/schedules/{schedule.id}",
        now=now,
        title=schedule.name,
        day=slot.day.isoformat(),
    )


def _holders(session: Session, unit_ids: Collection[int], roles: Collection[Role]) -> dict[int, list[int]]:
    """Return who holds one of the roles at or above each unit; one statement."""
    above, unit = aliased(Unit), aliased(Unit)
    told: dict[int, list[int]] = defaultdict(list)
    for unit_id, person_id in session.execute(
        select(unit.id, RoleGrant.person_id)
        .join(above, above.id == RoleGrant.unit_id)
        .join(unit, unit.path.startswith(above.path))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(unit.id.in_(unit_ids), RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None), Person.left_at.is_(None))
        .distinct()
        .order_by(unit.id, RoleGrant.person_id)
    ):
        told[unit_id].append(person_id)
    return told


def _letters(session: Session, orders: Sequence[RetrainingOrder], roles: Collection[Role]) -> list[Letter]:
    """Return a letter for each order, to all who hold one of the roles at or above its unit; two statements."""
    if not orders:
        return []
    told = _holders(session, {order.unit_id for order in orders}, roles)
    names = {
        row.id: row
        for row in session.execute(
            select(RetrainingOrder.id, Unit.name, Activity.title)
            .join(Unit, Unit.id == RetrainingOrder.unit_id)
            .join(Sitting, Sitting.id == RetrainingOrder.sitting_id)
            .join(Activity, Activity.id == Sitting.activity_id)
            .where(RetrainingOrder.id.in_([order.id for order in orders]))
        )
    }
    return [
        Letter(
            tuple(told[order.unit_id]),
            f"retraining:{order.id}",
            f"{order.state.value}:{order.version}",
            f"/quizzes/retraining/{order.id}",
            {
                "unit": names[order.id].name,
                "title": names[order.id].title,
                "rate": rate_in_words(order.passed, order.counted),
                "threshold": order.threshold,
                "round": order.round,
            },
        )
        for order in orders
    ]
