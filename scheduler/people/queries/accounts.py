"""One's own account: its sign-ins and links."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.people.models import Account, SignIn, SingleUseLink
from scheduler.people.queries.doors import Claimed, find_claimed_by_account
from scheduler.people.queries.signed_in import digest
from scheduler.people.rules.doors import link_state
from scheduler.people.terms import LinkState


def own_sign_ins(session: Session, actor: Actor, *, now: datetime) -> Sequence[SignIn]:
    """Return the sign-ins of the actor that are open, the last used first."""
    own = (SignIn.account_id == actor.account_id, SignIn.expires_at > now)
    return session.scalars(select(SignIn).where(*own).order_by(SignIn.seen_at.desc(), SignIn.id.desc())).all()


def own_password_set_at(session: Session, actor: Actor) -> datetime | None:
    """Return when the actor's password was set."""
    return session.scalar(select(Account.password_set_at).where(Account.id == actor.account_id))


def find_link(session: Session, token: str, *, now: datetime) -> tuple[LinkState, Claimed | None]:
    """Return what the link of `token` can do, and whose account it opens; unknown also where the account is closed."""
    link = session.scalar(select(SingleUseLink).where(SingleUseLink.token_digest == digest(token)))
    claimed = find_claimed_by_account(session, link.account_id) if link else None
    if link is None or claimed is None:
        return LinkState.UNKNOWN, None
    return link_state(link.used_at, link.expires_at, now), claimed
