"""Opening and closing the doors: sign-ins are rows, tries are counted."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing
from scheduler.people.models import DoorKnock, SignIn, SingleUseLink
from scheduler.people.queries.signed_in import digest
from scheduler.people.rules.doors import KEPT, SEEN_EVERY, retry_at, window_start
from scheduler.people.terms import Door

TOKEN_BYTES = 32
"""256 random bits; only the digest is kept."""


def knock(session: Session, door: Door, limits: dict[str, int], *, now: datetime) -> datetime | None:
    """Count a try at `door` for each knocker of `limits` (an account, an address), before it is known how it ends.

    Returns from when on to try again if any has more tries than its limit in this window, else None. The caller
    commits it whatever happens to the request, or a refusal would not count; a success is taken back by `pardon`.
    """
    start = window_start(now)
    waits = []
    for knocker, limit in sorted(limits.items()):
        insert = insert_into(session, DoorKnock).values(door=door, knocker=knocker, window_start=start, failures=1)
        tries = session.execute(
            insert.on_conflict_do_update(
                index_elements=[DoorKnock.door, DoorKnock.knocker, DoorKnock.window_start],
                set_={"failures": DoorKnock.failures + 1},
            ).returning(DoorKnock.failures)
        ).scalar_one()
        waits.append(retry_at(tries, limit, now))
    return max((wait for wait in waits if wait), default=None)


def pardon(session: Session, door: Door, account: str, address: str, *, now: datetime) -> None:
    """Take back what `knock` counted for a try that succeeded: all tries of the account, one of the address."""
    start = window_start(now)
    here = (DoorKnock.door == door, DoorKnock.window_start == start)
    session.execute(update(DoorKnock).where(*here, DoorKnock.knocker == account).values(failures=0))
    session.execute(
        update(DoorKnock)
        .where(*here, DoorKnock.knocker == address, DoorKnock.failures > 0)
        .values(failures=DoorKnock.failures - 1)
    )


def open_sign_in(session: Session, actor: Actor, *, hours: int, address: str, client: str, now: datetime) -> str:
    """Sign `actor` in for `hours` and return the token for the cookie; `client` is what the browser calls itself."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SignIn(
            token_digest=digest(token),
            account_id=actor.account_id,
            began_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=hours),
            address=address[:60],
            client=client[:200],
        )
    )
    record(session, actor, "signed_in", "account", actor.account_id, now=now, address=address)
    return token


def mark_seen(session: Session, token: str, *, now: datetime) -> None:
    """Note that the sign-in of `token` was used; writes only where the last note is older than five minutes."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_digest == digest(token), SignIn.seen_at < now - SEEN_EVERY)
        .values(seen_at=now)
    )


def close_sign_in(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """End the sign-in of `token` at once; an unknown one is no error."""
    session.execute(delete(SignIn).where(SignIn.token_digest == digest(token)))
    record(session, actor, "signed_out", "account", actor.account_id, now=now)


def close_sign_ins(
    session: Session,
    actor: Actor,
    account_ids: Collection[int],
    *,
    now: datetime,
    keep: str | None = None,
    reason: str = "",
) -> int:
    """End all sign-ins of the accounts at once, except the one of the token `keep`; returns how many ended."""
    ended: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]  # a DELETE answers with a cursor
        delete(SignIn).where(
            SignIn.account_id.in_(account_ids), *([SignIn.token_digest != digest(keep)] if keep else [])
        )
    )
    if ended.rowcount:
        for account_id in account_ids:
            record(session, actor, "sign_ins_ended", "account", account_id, now=now, reason=reason)
    return ended.rowcount


def close_own_sign_in(session: Session, actor: Actor, sign_in_id: int, *, now: datetime) -> None:
    """End one of the actor's own sign-ins; Missing if it is not one of them."""
    own = (SignIn.id == sign_in_id, SignIn.account_id == actor.account_id)
    if session.scalar(delete(SignIn).where(*own).returning(SignIn.id)) is None:
        raise Missing
    record(session, actor, "sign_ins_ended", "account", actor.account_id, now=now, reason="own")


def forget_expired(session: Session, *, now: datetime) -> None:
    """Drop tries, sign-ins and links that ran out long enough ago; three statements."""
    before = now - KEPT
    session.execute(delete(DoorKnock).where(DoorKnock.window_start < before))
    session.execute(delete(SignIn).where(SignIn.expires_at < before))
    session.execute(delete(SingleUseLink).where(SingleUseLink.expires_at < before))
