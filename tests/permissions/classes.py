"""Who may open the pages of study classes."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.classes import actions
from scheduler.classes.rules import HOURS
from scheduler.classes.terms import ClassPlan, PartOfDay, SessionPlan
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.people.models import Person
from tests.cast import Cast, Persona
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
    """Publish a class of each unit with one session, and plan a draft of either."""
    now = clock.now()
    edge: dict[str, Any] = {"zone": _ZONE, "now": now}
    first = (now + timedelta(days=30)).date()
    things: dict[str, int | str] = {}
    for number, (relation, unit) in enumerate(((Relation.SAME, "A1"), (Relation.OTHER, "B"))):
        person = Person(staff_no=f"P-{unit}", name="何人", unit_id=cast.units[unit])
        session.add(person)
        session.flush()
        things[f"person {relation}"] = person.id
        for name in ("class", "draft"):
            made = actions.create_class(session, _SYSTEM, _plan(f"{name} {unit}", cast.units[unit], first), now=now)
            things[f"{name} {relation}"] = made.id
            if name == "class":
                held = _session_plan(first + timedelta(days=number))
                row = actions.add_session(session, _SYSTEM, made.id, held, installation_id="test.example", **edge)
                shown = [row.id]
                session.flush()
                actions.publish_class(session, _SYSTEM, made.id, version=made.version, shown=shown, now=now)
                things[f"session {relation}"], things[f"planned {relation}"] = row.id, row.activity_id
                actions.enrol_people(session, _SYSTEM, made.id, [person.id], **edge)
    return things


def _plan(code: str, host: int, first: date) -> ClassPlan:
    last = first + timedelta(days=3)
    return ClassPlan(code=code, title=code, host_unit_id=host, starts_on=first, ends_on=last, capacity=5)


def _session_plan(day: date) -> SessionPlan:
    starts, ends = HOURS[PartOfDay.MORNING]
    return SessionPlan(day=day, part_of_day=PartOfDay.MORNING, starts=starts, ends=ends, topic="形势与政策")


def _class(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"class_id": things.get(f"class {relation}", MISSING_ID)}


def _draft(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"class_id": things.get(f"draft {relation}", MISSING_ID)}


def _session(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    return {
        **_class(cast, things, persona, relation),
        "session_id": things.get(f"session {relation}", MISSING_ID),
    }


def _planned(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"activity_id": things.get(f"planned {relation}", MISSING_ID)}


def _member(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    return {
        **_class(cast, things, persona, relation),
        "person_id": things.get(f"person {relation}", MISSING_ID),
    }


_PLAN: dict[str, Any] = {"same": ADMIN, "other": ADMIN}
_ENROL: dict[str, Any] = {"same": OFFICERS, "other": ADMIN}
ROWS: tuple[Row, ...] = (
    get("classes.list_classes", WITH_ROLE),
    about("classes.show_class", "GET", _class, 200, same=READERS, other=ADMIN),
    get("classes.create_class", ADMIN),
    post("classes.create_class", ADMIN, answer=422),
    *(
        row
        for name in ("edit_class", "copy_class", "publish_class", "cancel_class", "add_session")
        for row in (
            about(f"classes.{name}", "GET", _class, 200, **_PLAN),
            about(f"classes.{name}", "POST", _class, 422, **_PLAN),
        )
    ),
    *(
        row
        for name in ("show_session", "cancel_session", "restore_session")
        for row in (
            about(f"classes.{name}", "GET", _session, 200, **_PLAN),
            about(f"classes.{name}", "POST", _session, 422, **_PLAN),
        )
    ),
    about("classes.session_of", "GET", _planned, 302, **_PLAN),
    about("classes.edit_roster", "GET", _class, 200, **_ENROL),
    about("classes.edit_roster", "POST", _class, 422, **_ENROL),
    about("classes.remove_person", "POST", _class, 302, person="person", **_ENROL),
    about("classes.put_back", "POST", _member, 302, **_ENROL),
)
DRAFTS: tuple[Row, ...] = (about("classes.show_class", "GET", _draft, 200, same=ADMIN, other=ADMIN),)
"""A draft is there for planners only, not even for who reads its unit."""
ROWS += DRAFTS
