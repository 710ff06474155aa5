"""Who may open the pages of the agenda."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.agenda.actions import create_activities, create_audience, enrol
from scheduler.agenda.models import Venue
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, MembershipSource, VenueKind
from scheduler.core.access import system_actor
from scheduler.core.periods import day_span
from tests.cast import EPOCH, Cast, Persona
from tests.permissions.table import (
    ADMIN,
    MISSING_ID,
    OFFICERS,
    READERS,
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
    """Plan an evening of each unit for one of its trainees, and for everybody one of the bureau B to attend."""
    venue = Venue(code="V1", name="礼堂", kind=VenueKind.AUDITORIUM, capacity=9)
    session.add(venue)
    session.flush()
    things: dict[str, int | str] = {"venue": venue.id}
    wanted = [("activity same", "A1", Persona.FELLOW), ("activity other", "B", Persona.STRANGER)]
    wanted += [(f"activity own {persona}", "B", persona) for persona in Persona]
    for number, (name, unit, persona) in enumerate(wanted):
        code, host = f"K{number}", cast.units[unit]
        audience = create_audience(session, _SYSTEM, AudienceKind.PEOPLE, code, code, host, now=EPOCH)
        people = [cast.people[persona]]
        enrol(session, _SYSTEM, audience.id, people, source=MembershipSource.NAMED, now=EPOCH)
        span = day_span(date(2026, 3, 2) + timedelta(days=number), _ZONE)
        plan = ActivityPlan(ActivityKind.MEETING, code, span, audience.id, host)
        (made,) = create_activities(session, _SYSTEM, [plan], installation_id="test.example", zone=_ZONE, now=EPOCH)
        things[name] = made.id
    return things


def _activity(_cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    own = things[f"activity own {persona}"] if relation is Relation.OWN else MISSING_ID
    return {"activity_id": things.get(f"activity {relation}", own)}


def _venue(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"venue_id": MISSING_ID if relation is Relation.MISSING else things["venue"]}


def _year(_cast: Cast, _things: Things, _persona: Persona, _relation: Relation) -> dict[str, Any]:
    return {"year": 2026}


def _lecturer(cast: Cast, _things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"lecturer_id": MISSING_ID if relation is Relation.MISSING else cast.lecturer_id}


ROWS: tuple[Row, ...] = (
    about(
        "agenda.show_activity",
        "GET",
        _activity,
        200,
        own=WITH_ROLE,
        same=READERS | {Persona.FELLOW},
        other=ADMIN | {Persona.STRANGER},
    ),
    *(
        about(f"agenda.{act}_activity", method, _activity, answer, own=ADMIN, same=OFFICERS, other=ADMIN)
        for act in ("move", "edit", "cancel", "restore")
        for method, answer in (("GET", 200), ("POST", 422))
    ),
    get("agenda.list_venues", WITH_ROLE),
    about("agenda.show_venue", "GET", _venue, 200, same=WITH_ROLE, other=WITH_ROLE),
    about("agenda.edit_venue", "GET", _venue, 200, same=ADMIN, other=ADMIN),
    about("agenda.edit_venue", "POST", _venue, 422, same=ADMIN, other=ADMIN),
    get("agenda.add_venue", ADMIN),
    post("agenda.add_venue", ADMIN, answer=422),
    get("agenda.add_lecturer", ADMIN),
    post("agenda.add_lecturer", ADMIN, answer=422),
    about("agenda.edit_lecturer", "GET", _lecturer, 200, same=ADMIN, other=ADMIN),
    about("agenda.edit_lecturer", "POST", _lecturer, 422, same=ADMIN, other=ADMIN),
    get("agenda.this_year", WITH_ROLE, answer=302),
    get("agenda.show_year", WITH_ROLE, where=_year),
    get("agenda.update_calendar", ADMIN),
    post("agenda.update_calendar", ADMIN, answer=422),
    post("agenda.apply_calendar", ADMIN, answer=422, where=_year),
)
