"""What a mentor has typed and not filed: kept on the server too, so that it survives the phone."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing
from scheduler.mentoring.models import GuidanceDraft, Pairing

MOST_CHARACTERS = 8000
"""What is kept of a draft at most, all fields together."""


def save_draft(session: Session, actor: Actor, pairing_id: int, fields: dict[str, Any], *, now: datetime) -> None:
    """Keep what the actor typed for a pairing that the actor guides; nothing typed takes the draft away.

    Not audited: nobody but the author ever sees it. Refuses with Missing any other pairing.
    """
    own = select(Pairing.id).where(Pairing.id == pairing_id, Pairing.mentor_id == actor.person_id)
    if session.scalar(own) is None:
        raise Missing
    kept = {name: value for name, value in fields.items() if value}
    if not kept or sum(len(str(value)) for value in kept.values()) > MOST_CHARACTERS:
        mine = (GuidanceDraft.author_id == actor.person_id, GuidanceDraft.pairing_id == pairing_id)
        session.execute(delete(GuidanceDraft).where(*mine))
        return
    statement = insert_into(session, GuidanceDraft).values(
        author_id=actor.person_id, pairing_id=pairing_id, fields=kept, saved_at=now
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["author_id", "pairing_id"], set_={"fields": kept, "saved_at": now}
        )
    )
