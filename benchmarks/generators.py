"""Makes organisations of any size: people in units, activities that never clash, some people to sign in as."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Table, insert, select, text
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Audience, Membership, Teaching, Venue
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityStatus,
    AttendanceState,
    AudienceKind,
    MembershipSource,
    ScopeKind,
    VenueKind,
)
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassMode, ClassStatus
from scheduler.core.access import Role
from scheduler.core.database import Sessions
from scheduler.core.periods import week_start
from scheduler.feeds.models import Subscription
from scheduler.feeds.terms import Language, Part
from scheduler.people.models import Account, Lecturer, Person, RoleGrant, SignIn, Unit
from scheduler.people.terms import LecturerKind, UnitKind

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
"""A Wednesday, 10:00 in Shanghai."""
ROOMS = 200
"""Venues, and as many lecturers: room k is always taught by lecturer k, so neither is ever booked twice."""
SLOTS = (1, 6, 11)
"""Hours (UTC) at which activities start; each lasts two hours. From 3 to 6 every room is free."""
PER_UNIT = 50
BATCH = 5_000
CITY, CLASS = 1, 2
"""Ids of audiences: of most activities, and of the class that HOLDER attends."""
ME, FEW, HOLDER, ADMIN = 1, 2, 3, 4
"""Ids of the persons (and their accounts) with 40 and with 10 activities this week, with a feed of `class_size`
events, and of the one who may see and plan everything."""
MEMBERS = range(5, 55)
"""Ids of the fifty who, with HOLDER, are members of the class."""
MINE, FEWER = 40, 10


@dataclass(frozen=True, slots=True)
class Size:
    """How big an organisation is. `class_size` activities belong to the class."""

    people: int = 1_000
    activities: int = 10_000
    class_size: int = 100


def token(person_id: int) -> str:
    """Return the token of the sign-in, and of the subscription, of a person."""
    return hashlib.sha256(f"benchmark {person_id}".encode()).hexdigest()


def organisation(sessions: Sessions, size: Size) -> None:
    """Fill an empty, migrated database; activities lie room by room, slot by slot, half of them before NOW."""
    with sessions.write() as session:
        _people(session, size)
        spans = list(_spans(size.activities))
        _places(session)
        _activities(session, size, spans)
        _doors(session)
    _settle(sessions.engine)


def _people(session: Session, size: Size) -> None:
    units = 1 + size.people // PER_UNIT
    _fill(
        session,
        Unit,
        (
            {
                "id": number,
                "code": f"U{number}",
                "name": f"第{number}单位",
                "kind": UnitKind.CITY if number == CITY else UnitKind.BUREAU,
                "parent_id": None if number == CITY else CITY,
                "path": "/1/" if number == CITY else f"/1/{number}/",
            }
            for number in range(1, units + 1)
        ),
    )
    _fill(
        session,
        Person,
        (
            {"id": number, "staff_no": f"P{number:06}", "name": f"人员{number}", "unit_id": 1 + number % units}
            for number in range(1, size.people + 1)
        ),
    )
    _fill(
        session,
        RoleGrant,
        (
            {
                "person_id": number,
                "role": Role.ADMIN if number == ADMIN else Role.TRAINEE,
                "unit_id": CITY if number == ADMIN else 1 + number % units,
                "began_at": NOW,
            }
            for number in range(1, size.people + 1)
        ),
    )


def _places(session: Session) -> None:
    rooms = range(1, ROOMS + 1)
    _fill(
        session,
        Venue,
        (
            {
                "id": number,
                "code": f"V{number}",
                "name": f"第{number}教室",
                "kind": VenueKind.CLASSROOM,
                "capacity": 60,
                "address": f"中山路{number}号",
            }
            for number in rooms
        ),
    )
    _fill(
        session,
        Lecturer,
        (
            {"id": number, "code": f"L{number}", "name": f"讲师{number}", "kind": LecturerKind.SCHOLAR}
            for number in rooms
        ),
    )
    _fill(
        session,
        Audience,
        (
            {
                "id": number,
                "kind": AudienceKind.STUDY_CLASS,
                "code": f"C{number}",
                "name": f"第{number}期专题研修班",
                "host_unit_id": CITY,
                "open": False,
            }
            for number in (CITY, CLASS)
        ),
    )
    day = NOW.date()
    _fill(
        session,
        StudyClass,
        (
            {
                "id": number,
                "code": f"C{number}",
                "title": f"第{number}期专题研修班",
                "host_unit_id": CITY,
                "starts_on": day,
                "ends_on": day + timedelta(days=30),
                "capacity": 60,
                "taken": len(MEMBERS) + 1 if number == CLASS else 0,
                "mode": ClassMode.FULL_TIME,
                "status": ClassStatus.PUBLISHED,
                "published_at": NOW,
                "audience_id": number,
                "version": 1,
            }
            for number in (CITY, CLASS)
        ),
    )
    _fill(
        session,
        Membership,
        (
            {"audience_id": CLASS, "person_id": number, "source": MembershipSource.NAMED, "joined_at": NOW}
            for number in (HOLDER, *MEMBERS)
        ),
    )


def _activities(session: Session, size: Size, spans: list[tuple[int, datetime]]) -> None:
    first = max(size.activities // 2 - size.class_size // 2, 0)
    of_class = range(first, first + size.class_size)
    _fill(
        session,
        Activity,
        (
            {
                "id": number,
                "uid": f"activity-{number:032x}@benchmark",
                "kind": ActivityKind.SESSION,
                "title": f"第{number}次课：政策解读与案例研讨",
                "starts_at": start,
                "ends_at": start + timedelta(hours=2),
                "status": ActivityStatus.SCHEDULED,
                "venue_id": room,
                "audience_id": CLASS if number - 1 in of_class else CITY,
                "host_unit_id": CITY,
                "revised_at": NOW,
                "version": 1,
            }
            for number, (room, start) in enumerate(spans, 1)
        ),
    )
    _fill(
        session,
        Teaching,
        ({"activity_id": number, "lecturer_id": room, **_slot(start)} for number, (room, start) in enumerate(spans, 1)),
    )
    others = size.people - MEMBERS.start
    _fill(
        session,
        Attendance,
        (_expected(MEMBERS.start + number % others, number, start) for number, (_room, start) in enumerate(spans, 1)),
    )
    _fill(session, Attendance, (_expected(HOLDER, index + 1, spans[index][1]) for index in of_class))
    week = _of_this_week(spans)
    for person, wanted in ((ME, MINE), (FEW, FEWER)):
        _fill(session, Attendance, (_expected(person, number, spans[number - 1][1]) for number in week[:wanted]))


def _of_this_week(spans: list[tuple[int, datetime]]) -> list[int]:
    """Return ids of activities of this week, spread evenly over its days and slots."""
    monday = (NOW - (NOW.date() - week_start(NOW.date()))).replace(hour=0)
    ids = [
        number
        for number, (room, start) in enumerate(spans, 1)
        if room <= -(-MINE // 21) and monday <= start < monday + timedelta(days=7)
    ]
    return ids[::2] + ids[1::2]


def sign_in(session: Session, people: Iterable[int]) -> None:
    """Let those of the people sign in who have no account yet, and be signed in."""
    new = sorted(set(people) - set(session.scalars(select(Account.person_id))))
    _fill(session, Account, ({"id": person, "person_id": person} for person in new))
    _fill(
        session,
        SignIn,
        (
            {
                "token_digest": hashlib.sha256(token(person).encode()).hexdigest(),
                "account_id": person,
                "began_at": NOW,
                "seen_at": NOW,
                "expires_at": NOW + timedelta(hours=12),
            }
            for person in new
        ),
    )


def _doors(session: Session) -> None:
    people = (ME, FEW, HOLDER, ADMIN)
    sign_in(session, people)
    _fill(
        session,
        Subscription,
        (
            {
                "owner_id": person,
                "label": "日历",
                "scope_kind": ScopeKind.ORGANISATION if person == ADMIN else ScopeKind.PERSON,
                "scope_id": None if person == ADMIN else person,
                "part": Part.ALL,
                "language": Language.ZH,
                "token_digest": hashlib.sha256(token(person).encode()).hexdigest(),
                "made_at": NOW,
            }
            for person in people
        ),
    )


def _settle(engine: Engine) -> None:
    """Do what a database would have done by itself over the weeks in which so much is entered."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            for model in (Unit, Person, Account, Lecturer, Venue, Audience, Activity, StudyClass):
                name = model.__tablename__  # the ids were given, so the sequences have not moved
                reset = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608 - a name of our own
                connection.execute(text(reset))
            connection.execute(text("VACUUM ANALYZE"))
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _expected(person: int, activity: int, start: datetime) -> dict[str, Any]:
    return {"person_id": person, "activity_id": activity, "state": AttendanceState.EXPECTED, **_slot(start)}


def _slot(start: datetime) -> dict[str, Any]:
    return {"starts_at": start, "ends_at": start + timedelta(hours=2), "holds": True}


def _spans(count: int) -> Iterator[tuple[int, datetime]]:
    days = -(-count // (ROOMS * len(SLOTS)))
    first = (NOW - timedelta(days=days // 2)).replace(hour=0, minute=0, second=0, microsecond=0)
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
