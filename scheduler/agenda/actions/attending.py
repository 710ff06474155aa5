"""Attendance rows follow from membership: set-based, never row by row."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Insert, Select, and_, bindparam, delete, exists, insert, literal, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Membership
from scheduler.agenda.terms import AttendanceState
from scheduler.core.database import insert_into

_COLUMNS = ["person_id", "activity_id", "starts_at", "ends_at", "holds", "state"]


def expect_members(session: Session, *, activity_ids: Sequence[int]) -> None:
    """Expect at new activities everybody who is in their audiences; one statement."""
    session.connection().execute(_expect_members(), {"activity_ids": activity_ids})


@cache
def _expect_members() -> Insert:
    new = _expected(Activity.id.in_(bindparam("activity_ids", expanding=True)))
    return insert(Attendance).from_select(_COLUMNS, new, include_defaults=False)


def expect_whole_rosters(session: Session, audience_ids: Sequence[int]) -> None:
    """Expect everybody who is in these audiences at all their activities, also at past ones; one statement."""
    session.execute(
        insert_into(session, Attendance)
        .from_select(
            _COLUMNS,
            _expected(Membership.audience_id.in_(audience_ids)),
            include_defaults=False,
        )
        .on_conflict_do_nothing()
    )


def follow_membership(session: Session, audiences: ColumnElement[bool], *, now: datetime) -> None:
    """Bring attendance of all that is not over into line with membership; two statements.

    `audiences` is a condition on Membership. What was already noted of a person stays.
    """
    session.execute(
        insert_into(session, Attendance)
        .from_select(
            _COLUMNS,
            _expected(and_(audiences, Activity.ends_at > now)),
            include_defaults=False,
        )
        .on_conflict_do_nothing()
    )
    gone = exists().where(
        Activity.id == Attendance.activity_id,
        Membership.audience_id == Activity.audience_id,
        Membership.person_id == Attendance.person_id,
        Membership.left_at.is_not(None),
        audiences,
    )
    session.execute(
        delete(Attendance)
        .where(Attendance.state == AttendanceState.EXPECTED, Attendance.starts_at > now, gone)
        .execution_options(synchronize_session=False)
    )


def _expected(condition: ColumnElement[bool]) -> Select[int, int, datetime, datetime, bool, str]:
    return (
        select(
            Membership.person_id,
            Activity.id,
            Activity.starts_at,
            Activity.ends_at,
            Activity.holds,
            literal(AttendanceState.EXPECTED.value),
        )
        .join(Membership, Membership.audience_id == Activity.audience_id)
        .where(Membership.left_at.is_(None), condition)
    )
