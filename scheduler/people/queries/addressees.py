"""To whom mail may be written."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.notices.terms.mail import Addressee
from scheduler.people.models import Account, Person, Unit


def addressees(session: Session, person_ids: Collection[int]) -> dict[int, Addressee]:
    """Return who the persons are, with the address that the office keeps; one statement.

    Whoever has left, and whose account is disabled, is not written to: a mail may hold a link that opens a page.
    """
    rows = session.execute(
        select(Person.id, Person.name, Person.email, Account.language, Account.zone_name)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(person_ids), Person.left_at.is_(None), Account.disabled_at.is_(None))
    )
    return {
        row.id: Addressee(
            row.name,
            row.email.strip(),
            row.language or "zh_CN",
            ZoneInfo(row.zone_name) if row.zone_name else None,
        )
        for row in rows
    }


def unit_paths(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the path of each of the units; one statement."""
    return dict(session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(unit_ids))).all())
