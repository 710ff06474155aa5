"""Makes organisations of any size: people in units, and activities that never clash, spread around an instant."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Audience, Teaching, Venue
from scheduler.agenda.terms import ActivityKind, ActivityStatus, AttendanceState, AudienceKind, VenueKind
from scheduler.core.access import Role
from scheduler.people.models import Lecturer, Person, RoleGrant, Unit
from scheduler.people.terms import LecturerKind, UnitKind

ROOMS = 200
"""Venues, and as many lecturers: room k is always taught by lecturer k, so neither is ever booked twice."""
SLOTS = (1, 6, 11)
"""Hours (UTC) at which activities start; each lasts two hours."""
PER_UNIT = 50
BATCH = 5_000
CITY = 1
CLASS = 2
"""The audience that has `class_size` of the activities."""
ME = 1
"""The person whose week is full."""


def organisation(
    session: Session, *, people: int, activities: int, now: datetime, mine: int = 40, class_size: int = 100
) -> None:
    """Fill an empty database with `people` and `activities`, of which `mine` are person 1's in the week of `now`.

    `class_size` activities belong to audience 2; every activity has one more person expected, taken in turn.
    Activities fill all rooms slot by slot, half of the days before `now` and half after.
    """
    units = 1 + people // PER_UNIT
    _fill(session, Unit, ({"id": k, "code": f"U{k}", "name": f"Unit {k}", "kind": UnitKind.CITY if k == CITY else UnitKind.BUREAU,
                           "parent_id": None if k == CITY else CITY, "path": "/1/" if k == CITY else f"/1/{k}/"} for k in range(1, units + 1)))  # fmt: skip
    _fill(session, Person, ({"id": k, "staff_no": f"P{k:06}", "name": f"Person {k}", "unit_id": 1 + k % units, "post": "", "grade": "",
                             "field": "", "phone": "", "email": ""} for k in range(1, people + 1)))  # fmt: skip
    _fill(
        session,
        RoleGrant,
        (
            {"person_id": k, "role": Role.TRAINEE, "unit_id": 1 + k % units, "began_at": now}
            for k in range(1, people + 1)
        ),
    )
    _fill(session, Venue, ({"id": k, "code": f"V{k}", "name": f"Room {k}", "kind": VenueKind.CLASSROOM, "capacity": 60, "address": f"Street {k}"}
                           for k in range(1, ROOMS + 1)))  # fmt: skip
    _fill(session, Lecturer, ({"id": k, "code": f"L{k}", "name": f"Lecturer {k}", "organisation": "", "kind": LecturerKind.SCHOLAR, "field": "",
                               "availability": ""} for k in range(1, ROOMS + 1)))  # fmt: skip
    _fill(session, Audience, ({"id": k, "kind": AudienceKind.STUDY_CLASS, "code": f"C{k}", "name": f"Class {k}", "host_unit_id": CITY, "open": False}
                              for k in (CITY, CLASS)))  # fmt: skip
    spans = list(_spans(activities, now))
    this_week = [k for k, (_room, start) in enumerate(spans, 1) if now <= start < now + timedelta(days=3)][:mine]
    first_of_class = activities // 2
    in_class = range(first_of_class, first_of_class + class_size)
    _fill(session, Activity, ({"id": k, "uid": f"activity-{k:032x}@benchmark", "kind": ActivityKind.SESSION, "title": f"第{k}次课：政策解读与案例研讨",
                               "description": "", "starts_at": start, "ends_at": start + timedelta(hours=2), "status": ActivityStatus.SCHEDULED,
                               "tentative": False, "venue_id": room, "audience_id": CLASS if k in in_class else CITY, "host_unit_id": CITY,
                               "holds": True, "sequence": 0, "revised_at": now, "change_reason": "", "version": 1}
                              for k, (room, start) in enumerate(spans, 1)))  # fmt: skip
    _fill(
        session,
        Teaching,
        ({"activity_id": k, "lecturer_id": room, **_slot(start)} for k, (room, start) in enumerate(spans, 1)),
    )
    _fill(session, Attendance, ({"person_id": 2 + k % (people - 1), "activity_id": k, "state": AttendanceState.EXPECTED, **_slot(start)}
                                for k, (_room, start) in enumerate(spans, 1)))  # fmt: skip
    _fill(
        session,
        Attendance,
        (
            {"person_id": ME, "activity_id": k, "state": AttendanceState.EXPECTED, **_slot(spans[k - 1][1])}
            for k in this_week
        ),
    )


def _slot(start: datetime) -> dict[str, Any]:
    return {"starts_at": start, "ends_at": start + timedelta(hours=2), "holds": True}


def _spans(count: int, now: datetime) -> Iterator[tuple[int, datetime]]:
    days = -(-count // (ROOMS * len(SLOTS)))
    first = (now - timedelta(days=days // 2)).replace(hour=0, minute=0, second=0, microsecond=0)
    every = (
        (room, first + timedelta(days=day, hours=hour))
        for day in range(days)
        for hour in SLOTS
        for room in range(1, ROOMS + 1)
    )
    return islice(every, count)


def _fill(session: Session, model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    table: Table = model.__table__
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(table), batch)
