"""Single-use links by which somebody sets the own password."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy
from scheduler.people.access import PeoplePermission
from scheduler.people.actions.accounts import get_or_make_account, set_password
from scheduler.people.actions.doors import TOKEN_BYTES
from scheduler.people.actions.reach import reach_account, reach_person
from scheduler.people.models import Account, SingleUseLink
from scheduler.people.queries.signed_in import digest
from scheduler.people.rules.doors import LINK_LIFE, WORN_OUT_LIFE
from scheduler.people.terms import LinkPurpose, PasswordPolicy


def make_link(session: Session, actor: Actor, person_id: int, *, now: datetime) -> str:
    """Make the person a link for the first or a new password and return its token, which nobody can read again.

    It works once within seven days; earlier links of the person stop. Refuses with Missing a person out of reach or
    with more power than the actor may give, and a person who has left.
    """
    person, _ = reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    reach_account(session, actor, person_id)
    if person.left_at is not None:
        raise Refusal(lazy("%(name)s has left. Note the return first, then make the link."), name=person.name)
    account = get_or_make_account(session, person_id)
    purpose = LinkPurpose.RESET_PASSWORD if account.password_hash else LinkPurpose.FIRST_PASSWORD
    return _write_link(session, actor, account, purpose, LINK_LIFE, now=now)


def make_own_link(session: Session, actor: Actor, *, now: datetime) -> str:
    """Make the link by which somebody who knew a worn-out password replaces it at once; the token lasts minutes."""
    account = get_or_make_account(session, actor.person_id or 0)
    return _write_link(session, actor, account, LinkPurpose.RESET_PASSWORD, WORN_OUT_LIFE, now=now)


def _write_link(
    session: Session, actor: Actor, account: Account, purpose: LinkPurpose, life: timedelta, *, now: datetime
) -> str:
    unused = (SingleUseLink.account_id == account.id, SingleUseLink.used_at.is_(None))
    session.execute(update(SingleUseLink).where(*unused).values(used_at=now))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SingleUseLink(
            token_digest=digest(token), account_id=account.id, purpose=purpose, made_at=now, expires_at=now + life
        )
    )
    record(session, actor, "link_made", "account", account.id, now=now, purpose=purpose)
    return token


def use_link(
    session: Session, actor: Actor, token: str, password: str, *, policy: PasswordPolicy, now: datetime
) -> None:
    """Spend the link of `token`, which is `actor`'s own, on a new password.

    Refuses a password that the policy does not allow (the link can then be tried again), and a link that was spent
    or ran out in the meantime.
    """
    spent = session.scalar(
        update(SingleUseLink)
        .where(
            SingleUseLink.token_digest == digest(token),
            SingleUseLink.account_id == actor.account_id,
            SingleUseLink.used_at.is_(None),
            SingleUseLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(SingleUseLink.id)
    )
    if spent is None:
        raise Refusal(lazy("This link has been used, or it ran out. Ask for a new one."))
    set_password(session, actor, actor.person_id or 0, password, policy=policy, now=now)
