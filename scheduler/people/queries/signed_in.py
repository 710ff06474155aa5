"""Who is signed in, with which roles."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from scheduler.core.access import Actor, Grant
from scheduler.core.database import UtcDateTime, plain_rows
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
    """Return who is signed in with `token`, with the roles held at `now`; one statement, as every page asks it.

    None for an unknown, ended or expired sign-in, a disabled account or a person who has left.
    """
    rows = plain_rows(session, _BY_TOKEN, digest=digest(token), instant=now)
    if not rows:
        return None
    row = rows[0]
    actor = Actor(
        name=row.name,
        account_id=row.account_id,
        person_id=row.person_id,
        staff_no=row.staff_no,
        email=row.email,
        unit_id=row.unit_id,
        unit_path=row.unit_path,
        grants=tuple(Grant(each.role, each.place_id, each.place_path) for each in rows if each.role),
        language=row.language,
        zone=ZoneInfo(row.zone_name) if row.zone_name else None,
    )
    return SignInFound(actor, row.seen_at)


_PLACE = aliased(Unit)
# built once: that takes longer than the answer
_BY_TOKEN = (
    select(
        Account.id.label("account_id"),
        Account.language,
        Account.zone_name,
        Person.id.label("person_id"),
        Person.name,
        Person.staff_no,
        Person.email,
        Person.unit_id,
        Unit.path.label("unit_path"),
        SignIn.seen_at,
        RoleGrant.role,
        _PLACE.id.label("place_id"),
        _PLACE.path.label("place_path"),
    )
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id)
    .join(Person, Person.id == Account.person_id)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(RoleGrant, (RoleGrant.person_id == Person.id) & RoleGrant.ended_at.is_(None))
    .outerjoin(_PLACE, _PLACE.id == RoleGrant.unit_id)
    .where(
        SignIn.token_digest == bindparam("digest"),
        SignIn.expires_at > bindparam("instant", type_=UtcDateTime()),
        Account.disabled_at.is_(None),
        Person.left_at.is_(None),
    )
    .order_by(RoleGrant.id)
)


def actor_for(session: Session, person: Person, unit_path: str, *, account: Account | None = None) -> Actor:
    """Return the actor that `person` (of the unit at `unit_path`) is now."""
    return Actor(
        name=person.name,
        account_id=account.id if account else None,
        person_id=person.id,
        staff_no=person.staff_no,
        email=person.email,
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
