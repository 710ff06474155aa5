"""Who may open the pages of obligations."""

from typing import TYPE_CHECKING, Any

from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import Cadence
from scheduler.obligations.actions import settle
from scheduler.obligations.terms import Metric, ObligationPlan
from scheduler.people.terms import UnitKind
from tests.cast import Cast, Persona
from tests.permissions.table import ADMIN, MISSING_ID, READERS, Relation, Row, Things, about, get, post

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_SUBJECTS = {Relation.SAME: "A", Relation.OTHER: "B"}


def stage(session: "Session", cast: Cast) -> Things:
    """Let every bureau of the city owe a class a year, and each of two bureaus one of its own."""
    now = clock.now()
    things: dict[str, int | str] = {}
    first = now.date().replace(month=1, day=1)
    plan = ObligationPlan(Metric.CLASSES, Cadence.YEAR, "班", "Classes", cast.units["CITY"], 1, first)
    each = ObligationPlan(
        Metric.CLASSES, Cadence.YEAR, "各局", "Each", cast.units["CITY"], 1, first, level=UnitKind.BUREAU
    )
    things["each"] = settle(session, system_actor("tests"), each, now=now).id
    for relation, unit in _SUBJECTS.items():
        own = ObligationPlan(**{name: getattr(plan, name) for name in plan.__slots__} | {"unit_id": cast.units[unit]})
        things[f"obligation {relation}"] = settle(session, system_actor("tests"), own, now=now).id
    return things


def _own(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"obligation_id": things.get(f"obligation {relation}", MISSING_ID)}


def _subject(cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    unit = _SUBJECTS.get(relation)
    return {"obligation_id": things["each"], "subject_id": cast.units[unit] if unit else MISSING_ID}


_SEEN: dict[str, Any] = {"same": READERS, "other": ADMIN}
_MANAGED: dict[str, Any] = {"same": ADMIN, "other": ADMIN}

ROWS: tuple[Row, ...] = (
    get("obligations.list_obligations", READERS),
    get("obligations.settle", ADMIN),
    post("obligations.settle", ADMIN, answer=422),
    post("obligations.begin_usual", ADMIN),
    about("obligations.show_obligation", "GET", _own, 200, **_SEEN),
    about("obligations.revise", "GET", _own, 200, **_MANAGED),
    about("obligations.revise", "POST", _own, 422, **_MANAGED),
    about("obligations.end", "GET", _own, 200, **_MANAGED),
    about("obligations.end", "POST", _own, 422, **_MANAGED),
    about("obligations.resume", "POST", _own, 302, **_MANAGED),
    about("obligations.show_subject", "GET", _subject, 200, **_SEEN),
    about("obligations.waive", "POST", _subject, 422, **_MANAGED),
    about("obligations.lift", "POST", _subject, 404, same=frozenset(), other=frozenset()),
)
