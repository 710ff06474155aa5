"""Who may open the pages of lecture series."""

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.agenda.models import CalendarDay
from scheduler.agenda.terms import DayKind
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.lectures import actions
from scheduler.lectures.models import Evening, Series
from scheduler.lectures.terms import ProgrammePlan
from tests.cast import Cast, Persona
from tests.permissions.table import (
    ADMIN,
    MISSING_ID,
    OFFICERS,
    WITH_ROLE,
    Relation,
    Row,
    Things,
    about,
    get,
    post,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_SYSTEM = system_actor("tests")
_ZONE = ZoneInfo("Asia/Shanghai")


def stage(session: "Session", cast: Cast) -> Things:
    """Open an evening school of each unit, with its evenings of the next weeks and a holiday to decide about."""
    now = clock.now()
    first = (now + timedelta(days=7)).date()
    things: dict[str, int | str] = {}
    for weekday, (relation, unit) in enumerate(((Relation.SAME, "A1"), (Relation.OTHER, "B"))):
        plan = ProgrammePlan(
            name=f"School {unit}",
            weekday=weekday,
            starts=time(19),
            ends=time(21),
            begins_on=first,
            ends_on=first + timedelta(days=20),
            host_unit_id=cast.units[unit],
            venue_id=None,
            strands=(f"Strand {unit}",),
        )
        holiday = first + timedelta(days=(weekday - first.weekday()) % 7)
        session.add(CalendarDay(day=holiday, kind=DayKind.OFF, name_zh="假日", name_en="Holiday", source="test"))
        things[f"holiday {relation}"] = holiday.isoformat()
        programme = actions.create_programme(session, _SYSTEM, plan, now=now)
        session.flush()
        actions.generate_evenings(
            session,
            _SYSTEM,
            programme.id,
            pattern="{series} {number}",
            installation_id="test.example",
            zone=_ZONE,
            now=now,
        )
        things[f"programme {relation}"] = programme.id
        things[f"series {relation}"] = session.scalars(
            select(Series.id).where(Series.programme_id == programme.id)
        ).one()
        evening = session.scalars(
            select(Evening).join(Series).where(Series.programme_id == programme.id).limit(1)
        ).one()
        things[f"evening {relation}"], things[f"planned {relation}"] = evening.id, evening.activity_id
    return things


def _programme(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"programme_id": things.get(f"programme {relation}", MISSING_ID)}


def _series(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"series_id": things.get(f"series {relation}", MISSING_ID)}


def _evening(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"evening_id": things.get(f"evening {relation}", MISSING_ID)}


def _planned(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"activity_id": things.get(f"planned {relation}", MISSING_ID)}


def _holiday(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    return {**_programme(cast, things, persona, relation), "day": things.get(f"holiday {relation}", "2026-10-01")}


_PLAN: dict[str, Any] = {"same": ADMIN, "other": ADMIN}
ROWS: tuple[Row, ...] = (
    get("lectures.list_series", WITH_ROLE),
    about("lectures.show_series", "GET", _series, 200, same=WITH_ROLE, other=WITH_ROLE),
    about("lectures.show_programme", "GET", _programme, 200, same=WITH_ROLE, other=WITH_ROLE),
    about("lectures.subscribe", "POST", _series, 302, same=WITH_ROLE, other=WITH_ROLE),
    about("lectures.unsubscribe", "POST", _series, 302, same=WITH_ROLE, other=WITH_ROLE),
    about("lectures.evening_of", "GET", _planned, 302, **_PLAN),
    get("lectures.create_programme", ADMIN),
    post("lectures.create_programme", ADMIN, answer=422),
    *(
        row
        for name, where in (
            ("edit_programme", _programme),
            ("generate", _programme),
            ("decide_holiday", _holiday),
            ("edit_evening", _evening),
            ("cancel_evening", _evening),
            ("restore_evening", _evening),
        )
        for row in (
            about(f"lectures.{name}", "GET", where, 200, **_PLAN),
            about(f"lectures.{name}", "POST", where, 422, **_PLAN),
        )
    ),
    about("lectures.enrol", "GET", _series, 200, same=OFFICERS, other=OFFICERS),
    about("lectures.enrol", "POST", _series, 422, same=OFFICERS, other=OFFICERS),
)
