"""Finding the account that somebody at the door claims."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.people.models import Account, Person, Unit
from scheduler.people.queries.signed_in import actor_for


@dataclass(frozen=True, slots=True)
class Claimed:
    """An account that may be opened: who it makes the reader, and what is kept of its password."""

    actor: Actor
    password_hash: str | None
    password_set_at: datetime | None


def typed_number(text: str) -> str:
    """Return a staff number as typed, freed of full-width characters and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def find_claimed(session: Session, staff_no: str) -> Claimed | None:
    """Return the open account of a staff number; None: no such number, no account, disabled, or the person has left."""
    number = typed_number(staff_no)
    return _find(session, Person.staff_no.in_({number, number.upper()}))


def find_claimed_by_account(session: Session, account_id: int) -> Claimed | None:
    """Return the account if it is open, as `find_claimed` does."""
    return _find(session, Account.id == account_id)


def _find(session: Session, condition: ColumnElement[bool]) -> Claimed | None:
    row = session.execute(
        select(Account, Person, Unit.path)
        .join(Person, Person.id == Account.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(condition, Account.disabled_at.is_(None), Person.left_at.is_(None))
        .limit(1)
    ).first()
    if row is None:
        return None
    account, person, path = row
    actor = actor_for(session, person, path, account=account)
    return Claimed(actor, account.password_hash, account.password_set_at)
