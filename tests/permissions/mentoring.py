"""Who may open the pages of mentoring."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.agenda.terms import Consent
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import local_span
from scheduler.mentoring import actions
from scheduler.mentoring.models import ContentArea, GuidanceMode
from scheduler.mentoring.queries.attachments import attachments_of
from scheduler.mentoring.terms import GuidanceInput, PairingPlan
from scheduler.mentoring.terms.attachments import Attachment, Beside
from tests.cast import Cast, Persona
from tests.permissions.table import (
    ADMIN,
    MISSING_ID,
    NOBODY,
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
_PAIRS = (
    (Relation.OWN, Persona.MENTOR, Persona.TRAINEE, "A1"),
    (Relation.SAME, Persona.LECTURER, Persona.FELLOW, "A1"),
    (Relation.OTHER, Persona.STRANGER, Persona.CHARLIE, "B"),
)
PUBLIC = ("mentoring.answer_link", "mentoring.confirm")


def stage(session: "Session", cast: Cast) -> Things:
    """Let a pairing begin for each relation, with a record, a planned meeting and a locked month."""
    now = clock.now()
    edge: dict[str, Any] = {"zone": _ZONE, "now": now}
    today = now.astimezone(_ZONE).date()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    programme = actions.ensure_programmes(session, _SYSTEM, ["导师帮带"], now=now)["导师帮带"]
    mode, area = session.scalar(select(GuidanceMode.id)) or 0, session.scalar(select(ContentArea.id)) or 0
    things: dict[str, int | str] = {"programme": programme}
    for relation, mentor, mentee, unit in _PAIRS:
        first = today - timedelta(days=100)
        plan = PairingPlan(cast.people[mentor], cast.people[mentee], programme, first, today + timedelta(days=200))
        pairing = actions.propose(session, _SYSTEM, plan, **edge)
        actions.activate(session, _SYSTEM, pairing.id, version=pairing.version, reason="x", **edge)
        given = GuidanceInput(today, mode, (area,), "谈话")
        guides = cast.actor(session, mentor)
        beside = Beside((Attachment("要点.txt", "text/plain", b"x"),))
        filed = actions.file_guidance(session, guides, [pairing.id], given, key="k", beside=beside, **edge)
        meeting = actions.plan_meeting(
            session,
            _SYSTEM,
            pairing.id,
            span=local_span(today + timedelta(days=9), time(9), time(10), _ZONE),
            title="谈话",
            consent=Consent(confirmed=True),
            installation_id="test.example",
            **edge,
        )
        things[f"pairing {relation}"] = pairing.id
        things[f"record {relation}"] = filed.record_ids[0]
        things[f"file {relation}"] = attachments_of(session, filed.record_ids[0])[0].key
        things[f"meeting {relation}"] = meeting.id
        things[f"unit {relation}"] = cast.units[unit]
        if relation is not Relation.OWN:
            things[f"lock {relation}"] = actions.lock_month(session, _SYSTEM, cast.units[unit], month, **edge).id
    return things


def _pairing(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"pairing_id": things.get(f"pairing {relation}", MISSING_ID)}


def _step(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    return {**_pairing(cast, things, persona, relation), "step": "suspend"}


def _meeting(cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    activity_id = things.get(f"meeting {relation}", MISSING_ID)
    return {**_pairing(cast, things, persona, relation), "activity_id": activity_id}


def _record(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"record_id": things.get(f"record {relation}", MISSING_ID)}


def _file(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {
        "record_id": things.get(f"record {relation}", MISSING_ID),
        "key": things.get(f"file {relation}", "no-such-file"),
    }


def _form(_cast: Cast, _things: Things, _persona: Persona, _relation: Relation) -> dict[str, Any]:
    return {"kind": "agreement"}


def _lock(_cast: Cast, things: Things, _persona: Persona, relation: Relation) -> dict[str, Any]:
    return {"lock_id": things.get(f"lock {relation}", MISSING_ID)}


def _programme(_cast: Cast, things: Things, _persona: Persona, _relation: Relation) -> dict[str, Any]:
    return {"programme_id": things["programme"]}


def _of(*personas: Persona) -> frozenset[Persona]:
    return frozenset(personas)


_MENTOR: dict[str, Any] = {
    "own": _of(Persona.MENTOR),
    "same": _of(Persona.LECTURER),
    "other": _of(Persona.STRANGER),
}
_MENTEE: dict[str, Any] = {"own": _of(Persona.TRAINEE), "same": _of(Persona.FELLOW), "other": NOBODY}
_EITHER: dict[str, Any] = {
    "own": _of(Persona.MENTOR, Persona.TRAINEE),
    "same": _of(Persona.LECTURER, Persona.FELLOW),
    "other": _of(Persona.STRANGER),
}
_READ_WORDS = _EITHER
"""The programme of the stage leaves the words to the pair."""
_SEEN: dict[str, Any] = {
    "own": READERS | _EITHER["own"],
    "same": READERS | _EITHER["same"],
    "other": ADMIN | _EITHER["other"],
}
_MANAGED: dict[str, Any] = {"own": OFFICERS, "same": OFFICERS, "other": ADMIN}
_PLANNED: dict[str, Any] = {
    "own": OFFICERS | _MENTOR["own"],
    "same": OFFICERS | _MENTOR["same"],
    "other": ADMIN | _MENTOR["other"],
}

ROWS: tuple[Row, ...] = (
    get("mentoring.mine", WITH_ROLE),
    get("mentoring.list_pairings", WITH_ROLE),
    get("mentoring.show_month", READERS),
    get("mentoring.log_month", READERS),
    get("mentoring.propose_pairing", OFFICERS),
    post("mentoring.propose_pairing", OFFICERS, answer=422),
    get("mentoring.list_programmes", ADMIN),
    get("mentoring.list_forms", ADMIN),
    get("mentoring.download_form", ADMIN, where=_form),
    post("mentoring.replace_form", ADMIN, answer=422, where=_form),
    post("mentoring.reset_form", ADMIN, where=_form),
    get("mentoring.add_programme", ADMIN),
    post("mentoring.add_programme", ADMIN, answer=422),
    get("mentoring.edit_programme", ADMIN, where=_programme),
    post("mentoring.edit_programme", ADMIN, where=_programme, answer=422),
    about("mentoring.show_pairing", "GET", _pairing, 200, **_SEEN),
    about("mentoring.assess", "GET", _pairing, 200, **_MANAGED),
    about("mentoring.assess", "POST", _pairing, 422, **_MANAGED),
    get("mentoring.show_progress", READERS, where=_programme),
    about("mentoring.agreement", "GET", _pairing, 200, **_SEEN),
    about("mentoring.log_pairing", "GET", _pairing, 200, **_SEEN),
    about("mentoring.show_record", "GET", _record, 200, **_SEEN),
    about("mentoring.download_attachment", "GET", _file, 200, **_READ_WORDS),
    about("mentoring.agree", "POST", _pairing, 422, **_EITHER),
    about("mentoring.keep_draft", "POST", _pairing, 302, **_MENTOR),
    about("mentoring.withdraw_guidance", "POST", _record, 302, **_MENTOR),
    about("mentoring.make_link", "POST", _record, 200, **_MENTOR),
    about("mentoring.answer_guidance", "POST", _record, 302, **_MENTEE),
    *(
        row
        for name, where, who in (
            ("edit_pairing", _pairing, _MANAGED),
            ("take_step", _step, _MANAGED),
            ("next_term", _pairing, _MANAGED),
            ("file_guidance", _pairing, _MENTOR),
            ("correct_guidance", _record, _MENTOR),
            ("plan_meeting", _pairing, _PLANNED),
            ("cancel_meeting", _meeting, _PLANNED),
        )
        for row in (
            about(f"mentoring.{name}", "GET", where, 200, **who),
            about(f"mentoring.{name}", "POST", where, 422, **who),
        )
    ),
    about(
        "mentoring.lock_month",
        "POST",
        lambda *_: {},
        302,
        same=OFFICERS,
        other=ADMIN,
        month=date(2020, 2, 1).isoformat(),
        unit="unit",
    ),
    about(
        "mentoring.nudge",
        "POST",
        lambda *_: {},
        302,
        same=OFFICERS,
        other=ADMIN,
        month=date(2020, 2, 1).isoformat(),
        unit="unit",
    ),
    about("mentoring.reopen_month", "GET", _lock, 200, same=OFFICERS, other=ADMIN),
    about("mentoring.reopen_month", "POST", _lock, 422, same=OFFICERS, other=ADMIN),
)
