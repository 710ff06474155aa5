"""Who is signed in, with which roles."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor, Grant
from scheduler.people.models import Account, Person, RoleGrant, SignIn, Unit


def digest(token: str) -> str:
    """Return what is kept of a secret token of full entropy."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignInFound:
    """Who a token makes the reader, and when the sign-in was last noted as used."""

    actor: Actor
    seen_at: datetime


def find_signed_in(session: Session, token: str, *, now: datetime) -> SignInFound | None:
    """Return who is signed in with `token`, with the roles held at `now`; two statements.

    None for an unknown, ended or expired sign-in, a disabled account or a person who has left.
    """
    row = session.execute(
        select(Account, Person, Unit.path, SignIn.seen_at)
        .join(SignIn, SignIn.account_id == Account.id)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(
            SignIn.token_digest == digest(token),
            SignIn.expires_at > now,
            Account.disabled_at.is_(None),
            Person.left_at.is_(None),
        ),
    ).first()
    if row is None:
        return None
    account, person, path, seen_at = row
    return SignInFound(actor_for(session, person, path, account=account), seen_at)


def actor_for(session: Session, person: Person, unit_path: str, *, account: Account | None = None) -> Actor:
    """Return the actor that `person` (of the unit at `unit_path`) is now."""
    return Actor(
        name=person.name,
        account_id=account.id if account else None,
        person_id=person.id,
        staff_no=person.staff_no,
        unit_id=person.unit_id,
        unit_path=unit_path,
        grants=held_grants(session, person.id),
        language=account.language if account else None,
        zone=ZoneInfo(account.zone_name) if account and account.zone_name else None,
    )


def held_grants(session: Session, person_id: int) -> tuple[Grant, ...]:
    """Return the roles that a person holds now."""
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.unit_id, Unit.path)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
    )
    return tuple(Grant(role, unit_id, path) for role, unit_id, path in rows)
