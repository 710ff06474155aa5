"""Who may subscribe to and take away calendars."""

from typing import TYPE_CHECKING, Any

from scheduler.agenda.terms import ScopeKind
from scheduler.feeds.models import Subscription
from scheduler.feeds.terms import Language
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

PUBLIC = {"feeds.feed": "calendar programs cannot sign in: the token is the secret"}


def stage(session: "Session", cast: Cast) -> Things:
    """Give everybody a subscription to the own calendar."""
    things: dict[str, int | str] = {}
    for persona in EVERYBODY:
        row = Subscription(
            owner_id=cast.people[persona],
            label="mine",
            scope_kind=ScopeKind.PERSON,
            scope_id=cast.people[persona],
            language=Language.ZH,
            token_digest=persona.value,
            made_at=EPOCH,
        )
        session.add(row)
        session.flush()
        things[persona.value] = row.id
    return things


def _subscription(_cast: Cast, things: Things, persona: Persona, relation: Relation) -> dict[str, Any]:
    whose = {
        Relation.OWN: persona,
        Relation.SAME: Persona.TRAINEE if persona is Persona.FELLOW else Persona.FELLOW,
        Relation.OTHER: Persona.CHARLIE if persona is Persona.STRANGER else Persona.STRANGER,
    }.get(relation)
    return {"subscription_id": things[whose.value] if whose else MISSING_ID}


ROWS: tuple[Row, ...] = (
    get("feeds.subscriptions", WITH_ROLE),
    post("feeds.subscribe", WITH_ROLE, answer=200),
    post("feeds.subscribe_mine", WITH_ROLE, answer=200),
    about("feeds.ask_to_revoke", "GET", _subscription, 200, own=WITH_ROLE, same=NOBODY, other=NOBODY),
    about("feeds.revoke", "POST", _subscription, 302, own=WITH_ROLE, same=NOBODY, other=NOBODY),
    get("feeds.export", WITH_ROLE),
    get("feeds.export_ics", WITH_ROLE),
    get("feeds.export_sheet", WITH_ROLE),
    get("feeds.export_print", WITH_ROLE),
)
