"""The cast: one person for each relation that a test may ask about, and how to act as one of them."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.core import clock
from scheduler.core.access import Actor, Role
from scheduler.people.models import Account, Lecturer, Person, RoleGrant, SignIn, Unit, UnitPlacement
from scheduler.people.queries import actor_for, digest
from scheduler.people.terms import LecturerKind, UnitKind

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""When the cast came to be."""


class Persona(StrEnum):
    """Who may be asked for; the value is the staff number."""

    ADMIN = "P-ADMIN"
    """Admin of the city."""
    OFFICER = "P-OFFICER"
    """Training officer of the bureau A, which holds the section A1."""
    LEADER = "P-LEADER"
    """Leader of the bureau A."""
    LECTURER = "P-LECTURER"
    """Works in the section A1 and teaches; has a row in the expert pool."""
    MENTOR = "P-MENTOR"
    """Mentor in the section A1."""
    TRAINEE = "P-TRAINEE"
    """Trainee in the section A1."""
    FELLOW = "P-FELLOW"
    """Another trainee of the section A1."""
    STRANGER = "P-STRANGER"
    """Trainee of the bureau B: another unit."""
    CHARLIE = "P-CHARLIE"
    """The outsider: works in the bureau B, has an account and no role at all."""


_UNITS = (("CITY", "全市", UnitKind.CITY, None), ("A", "财政局", UnitKind.BUREAU, "CITY"),
          ("A1", "办公室", UnitKind.SECTION, "A"), ("B", "教育局", UnitKind.BUREAU, "CITY"))  # fmt: skip
_PEOPLE = (
    (Persona.ADMIN, "安明", "CITY", Role.ADMIN, "CITY"),
    (Persona.OFFICER, "欧文", "A", Role.UNIT_OFFICER, "A"),
    (Persona.LEADER, "李德", "A", Role.LEADER, "A"),
    (Persona.LECTURER, "陆江", "A1", Role.LECTURER, "A1"),
    (Persona.MENTOR, "孟涛", "A1", Role.MENTOR, "A1"),
    (Persona.TRAINEE, "田瑞", "A1", Role.TRAINEE, "A1"),
    (Persona.FELLOW, "方路", "A1", Role.TRAINEE, "A1"),
    (Persona.STRANGER, "石川", "B", Role.TRAINEE, "B"),
    (Persona.CHARLIE, "查理", "B", None, None),
)


@dataclass(frozen=True)
class Cast:
    """The ids of the cast's units (by code: CITY, A, A1, B), persons and accounts, and of the lecturer's pool row."""

    database: "Sessions"
    units: dict[str, int]
    people: dict[Persona, int]
    accounts: dict[Persona, int]
    lecturer_id: int

    def actor(self, session: "Session", persona: Persona) -> Actor:
        """Return the actor that `persona` is now, for calling actions and queries."""
        row = session.execute(
            select(Person, Unit.path, Account)
            .join(Unit, Unit.id == Person.unit_id)
            .join(Account, Account.person_id == Person.id)
            .where(Person.id == self.people[persona])
        ).one()
        return actor_for(session, row[0], row[1], account=row[2])

    def sign_in(self, client: "FlaskClient", persona: Persona) -> "FlaskClient":
        """Make `client` a browser in which `persona` is signed in (no password is hashed); returns it."""
        token, now = secrets.token_urlsafe(32), clock.now()
        with self.database.write() as session:
            session.add(
                SignIn(
                    token_digest=digest(token),
                    account_id=self.accounts[persona],
                    began_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client


def bring_on(database: "Sessions") -> Cast:
    """Write the cast into an empty database."""
    with database.write() as session:
        units: dict[str, Unit] = {}
        for code, name, kind, parent in _UNITS:
            above = units[parent] if parent else None
            unit = Unit(code=code, name=name, kind=kind, parent_id=above.id if above else None, path="/new/")
            session.add(unit)
            session.flush()
            unit.path = f"{above.path if above else '/'}{unit.id}/"
            units[code] = unit
            session.add(UnitPlacement(unit_id=unit.id, parent_id=unit.parent_id, began_at=EPOCH))
        people = {
            persona: Person(staff_no=persona.value, name=name, unit_id=units[code].id)
            for persona, name, code, _role, _at in _PEOPLE
        }
        session.add_all(people.values())
        session.flush()
        accounts = {persona: Account(person_id=person.id) for persona, person in people.items()}
        session.add_all(accounts.values())
        session.add_all(
            RoleGrant(person_id=people[persona].id, role=role, unit_id=units[at].id, began_at=EPOCH)
            for persona, _name, _code, role, at in _PEOPLE
            if role and at
        )
        lecturer = Lecturer(
            code="L-CAST", name="陆江", kind=LecturerKind.INTERNAL, person_id=people[Persona.LECTURER].id
        )
        session.add(lecturer)
        session.flush()
        return Cast(
            database,
            {code: unit.id for code, unit in units.items()},
            {persona: person.id for persona, person in people.items()},
            {persona: account.id for persona, account in accounts.items()},
            lecturer.id,
        )
