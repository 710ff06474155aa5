"""Who may open results of quizzes and retraining orders."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from scheduler.core import clock
from scheduler.quizzes.actions.results import close_sitting, settle_sitting
from scheduler.quizzes.models import RetrainingOrder
from tests.cast import Cast, Persona
from tests.permissions.table import ADMIN, MISSING_ID, READERS, Relation, Row, Things, about, get
from tests.quizzes.stage_results import crowd, hold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_UNITS = {Relation.SAME: ("A1", "A"), Relation.OTHER: ("B", "B")}


def stage(session: "Session", cast: Cast) -> Things:
    """Let nobody of either bureau come to a sitting of its own: each has a result and an order."""
    then = clock.now() - timedelta(days=9)
    things: dict[str, int | str] = {}
    for relation, (home, unit) in _UNITS.items():
        held = hold(session, cast, crowd(session, cast, home, 6), host=unit, at=then)
        close_sitting(session, held.of(session), now=then + timedelta(hours=1))
        settle_sitting(session, held.of(session), now=then + timedelta(days=5))
        order = session.scalars(select(RetrainingOrder.id).where(RetrainingOrder.sitting_id == held.id)).one()
        things |= {f"sitting {relation}": held.id, f"order {relation}": order}
    return things


def _sitting(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"sitting_id": things.get(f"sitting {relation}", MISSING_ID)}


def _unit(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    unit = cast.units[_UNITS[relation][1]] if relation in _UNITS else MISSING_ID
    return {**_sitting(cast, things, persona, relation), "unit_id": unit}


def _order(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"order_id": things.get(f"order {relation}", MISSING_ID)}


_SEEN: dict[str, Any] = {"same": READERS, "other": ADMIN}
_MANAGED: dict[str, Any] = {"same": ADMIN, "other": ADMIN}

ROWS: tuple[Row, ...] = (
    about("quizzes.show_results", "GET", _sitting, 200, **_SEEN),
    about("quizzes.take_evidence", "POST", _sitting, 200, **_SEEN),
    about("quizzes.show_unit_result", "GET", _unit, 200, **_SEEN),
    about("quizzes.decide_retraining", "POST", _unit, 422, **_MANAGED),
    get("quizzes.list_orders", READERS),
    about("quizzes.show_order", "GET", _order, 200, **_SEEN),
    about("quizzes.confirm_order", "POST", _order, 422, **_MANAGED),
    about("quizzes.withdraw_order", "POST", _order, 422, **_MANAGED),
)
