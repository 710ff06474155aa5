"""Who may take, hold and mark quizzes."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scheduler.core import clock
from scheduler.quizzes.actions.attempts import start_attempt
from scheduler.quizzes.actions.daily import opt_in
from scheduler.quizzes.actions.schedules import create_schedule, skip
from scheduler.quizzes.queries.schedules import coming
from scheduler.quizzes.terms.schedules import Beat, Rhythm, SchedulePlan
from tests.cast import Cast, Persona
from tests.permissions.table import ADMIN, MISSING_ID, WITH_ROLE, Relation, Row, Things, about, get, post
from tests.quizzes.daily_bank import items
from tests.quizzes.stage import SYSTEM, ZONE, set_stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def stage(session: "Session", cast: Cast) -> Things:
    """Hold a quiz for the section A1, at which the trainee has begun an attempt."""
    now = clock.now()
    held = set_stage(session, cast, opens=now - timedelta(minutes=5), now=now - timedelta(days=1))
    trainee = cast.actor(session, Persona.TRAINEE)
    attempt_id = start_attempt(session, trainee, held.sitting_id, now=now)
    daily = clock.now().astimezone(ZONE).date()
    items(session, 1)
    opt_in(session, trainee, None, today=daily, now=now)
    beat = Beat(Rhythm.WEEK, weekday=3)
    weekly = SchedulePlan("每周一测", held.paper_id, cast.units["A"], beat, daily, unit_ids=(cast.units["A1"],))
    schedule = create_schedule(session, SYSTEM, weekly, now=now)
    first = coming(session, weekly, zone=ZONE, now=now, most=1)[0]
    skip(session, SYSTEM, schedule.id, first, now=now)
    return {
        "schedule": schedule.id,
        "number": int(f"{first.day:%Y%m%d}"),
        "day none": daily.isoformat(),
        "sitting": held.sitting_id,
        "activity": held.activity_id,
        "paper": held.paper_id,
        "attempt": attempt_id,
        "version": next(iter(held.versions.values())),
    }


def _sitting(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"sitting_id": things["sitting"] if relation is Relation.SAME else MISSING_ID}


def _with(*names: str) -> Any:
    """Return the address parts of the sitting, with more of its things; of a sitting that is missing, missing ones."""

    def parts(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
        more = {f"{name}_id": things[name] if relation is Relation.SAME else MISSING_ID for name in names}
        return {**_sitting(cast, things, persona, relation), **more}

    return parts


def _only(name: str) -> Any:
    def parts(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
        return {f"{name}_id": things[name] if relation is Relation.SAME else MISSING_ID}

    return parts


def _slot(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    there = relation is Relation.SAME
    return {"schedule_id": things["schedule"] if there else MISSING_ID, "number": things["number"]}


def _answer(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {
        "sitting_id": things["sitting"] if relation is Relation.SAME else MISSING_ID,
        "attempt_id": things["attempt"],
        "position": 1,
    }


def _grant(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"sitting_id": things["sitting"] if relation is Relation.SAME else MISSING_ID, "grant_id": MISSING_ID}


_A1 = frozenset({Persona.LECTURER, Persona.MENTOR, Persona.TRAINEE, Persona.FELLOW})
"""Who is due: the section A1."""
_TRAINEE = frozenset({Persona.TRAINEE})
_MARKERS = frozenset({Persona.ADMIN, Persona.LECTURER})

ROWS: tuple[Row, ...] = (
    get("quizzes.mine", WITH_ROLE),
    get("quizzes.daily", WITH_ROLE),
    post("quizzes.answer_question", _TRAINEE, day="day"),
    post("quizzes.join_daily", WITH_ROLE),
    post("quizzes.leave_daily", _TRAINEE),
    about("quizzes.enter", "GET", _sitting, 200, same=_A1, other=frozenset()),
    about("quizzes.start", "POST", _sitting, 302, same=_A1, other=frozenset()),
    about("quizzes.sitting_of", "GET", _only("activity"), 302, same=_A1 | ADMIN, other=frozenset()),
    about("quizzes.take", "GET", _only("attempt"), 200, same=_TRAINEE, other=frozenset()),
    about("quizzes.save", "POST", _only("attempt"), 302, same=_TRAINEE, other=frozenset()),
    about("quizzes.submit", "POST", _only("attempt"), 302, same=_TRAINEE, other=frozenset()),
    get("quizzes.papers", ADMIN),
    get("quizzes.new_paper", ADMIN),
    post("quizzes.new_paper", ADMIN, answer=422),
    about("quizzes.change_paper", "GET", _only("paper"), 200, same=ADMIN, other=frozenset()),
    about("quizzes.change_paper", "POST", _only("paper"), 422, same=ADMIN, other=frozenset()),
    get("quizzes.sittings", _MARKERS),
    get("quizzes.schedules", ADMIN),
    get("quizzes.new_schedule", ADMIN),
    post("quizzes.new_schedule", ADMIN, answer=422),
    about("quizzes.show_schedule", "GET", _only("schedule"), 200, same=ADMIN, other=frozenset()),
    about("quizzes.edit_schedule", "GET", _only("schedule"), 200, same=ADMIN, other=frozenset()),
    about("quizzes.edit_schedule", "POST", _only("schedule"), 422, same=ADMIN, other=frozenset()),
    about("quizzes.skip_one", "POST", _slot, 302, same=ADMIN, other=frozenset()),
    about("quizzes.unskip_one", "POST", _slot, 302, same=ADMIN, other=frozenset()),
    about("quizzes.stop", "POST", _only("schedule"), 302, same=ADMIN, other=frozenset()),
    about("quizzes.resume", "POST", _only("schedule"), 302, same=ADMIN, other=frozenset()),
    get("quizzes.new_sitting", ADMIN),
    post("quizzes.new_sitting", ADMIN, answer=422),
    about("quizzes.show_sitting", "GET", _sitting, 200, same=ADMIN, other=frozenset()),
    about("quizzes.edit_rules", "GET", _sitting, 200, same=ADMIN, other=frozenset()),
    about("quizzes.edit_rules", "POST", _sitting, 422, same=ADMIN, other=frozenset()),
    about("quizzes.move", "GET", _sitting, 200, same=ADMIN, other=frozenset()),
    about("quizzes.move", "POST", _sitting, 422, same=ADMIN, other=frozenset()),
    about("quizzes.add_grant", "POST", _sitting, 422, same=ADMIN, other=frozenset()),
    about("quizzes.drop_grant", "POST", _grant, 404, same=frozenset(), other=frozenset()),
    about("quizzes.release", "POST", _sitting, 422, same=ADMIN, other=frozenset()),
    about("quizzes.cancel", "POST", _sitting, 422, same=ADMIN, other=frozenset()),
    about("quizzes.call_attempt_off", "POST", _with("attempt"), 422, same=ADMIN, other=frozenset()),
    about("quizzes.marking", "GET", _sitting, 200, same=ADMIN, other=frozenset()),
    about("quizzes.mark", "POST", _answer, 422, same=ADMIN, other=frozenset()),
    about("quizzes.item_health", "GET", _sitting, 200, same=ADMIN, other=frozenset()),
    about("quizzes.rule", "GET", _with("version"), 200, same=ADMIN, other=frozenset()),
    about("quizzes.rule", "POST", _with("version"), 422, same=ADMIN, other=frozenset()),
)
