"""Who may open the inbox."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from scheduler.notices.actions import post as post_notices
from scheduler.notices.models import Notice
from tests.cast import EPOCH, Cast, Persona
from tests.permissions.table import (
    EVERYBODY,
    MISSING_ID,
    NOBODY,
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


def stage(session: "Session", cast: Cast) -> Things:
    """Post a notice to everybody."""
    post_notices(
        session,
        cast.people.values(),
        kind="class_published",
        subject="test:1",
        slot="1",
        message_id="Saved.",
        address="/account",
        now=EPOCH,
    )
    rows = session.execute(select(Notice.recipient_id, Notice.id)).all()
    ids = dict(row for row in rows)
    return {persona.value: ids[cast.people[persona]] for persona in EVERYBODY}


def _notice(_cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    whose = {
        Relation.OWN: persona,
        Relation.SAME: Persona.TRAINEE if persona is Persona.FELLOW else Persona.FELLOW,
        Relation.OTHER: Persona.CHARLIE if persona is Persona.STRANGER else Persona.STRANGER,
    }.get(relation)
    return {"notice_id": things[whose.value] if whose else MISSING_ID}


PUBLIC = {
    "notices.mute_by_link": "the mail's holder mutes without a password",
    "notices.mute_by_link_now": "the mail's holder mutes without a password",
}

ROWS: tuple[Row, ...] = (
    get("notices.preferences", WITH_ROLE),
    post("notices.preferences", WITH_ROLE, quiet="usual"),
    post("notices.unmute_topic", WITH_ROLE, where=lambda *_: {"topic": "classes"}),
    about("notices.mute_topic", "POST", _notice, 302, own=WITH_ROLE, same=NOBODY, other=NOBODY),
    get("notices.inbox", WITH_ROLE),
    post("notices.read_all", WITH_ROLE),
    about("notices.open_notice", "POST", _notice, 302, own=WITH_ROLE, same=NOBODY, other=NOBODY),
)
