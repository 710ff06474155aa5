"""The demo city: a believable term around today, made through the same actions as everything else."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from config import Settings
from scheduler.agenda.actions import load_known_years
from scheduler.core.access import system_actor
from scheduler.core.errors import Refusal, lazy
from scheduler.demo.cast import Cast, gather_cast
from scheduler.demo.classes import plan_classes
from scheduler.demo.daily import ask_trainee
from scheduler.demo.evenings import plan_evenings
from scheduler.demo.pairings import plan_pairings
from scheduler.demo.quizzes import plan_quizzes
from scheduler.demo.stage import Stage
from scheduler.demo.words import PERSONAS
from scheduler.obligations.actions import begin_usual
from scheduler.people.actions import set_password
from scheduler.people.models import Account, Person, Unit
from scheduler.people.rules.hashing import is_password
from scheduler.people.terms import PasswordPolicy

BUILT_BEFORE = timedelta(days=150)
"""How long before now the demo's office began to plan."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in to the demo; `role` is an English word for who that is."""

    role: str
    staff_no: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Who can sign in."""

    people: list[DemoPerson]


def is_empty(session: Session) -> bool:
    """Tell whether the database holds nothing yet, so that the demo may be loaded."""
    return not session.scalar(select(exists().select_from(Unit)))


def load(session: Session, settings: Settings, now: datetime) -> DemoReport:
    """Fill an empty database with the demo city, its term centred on `now`; the same for the same instant.

    Refuses a database that holds anything. Each of the demo's people gets the password of this installation's
    demo, which follows from SECRET_KEY and exists nowhere else.
    """
    if not is_empty(session):
        raise Refusal(lazy("The database is not empty; the demo city is only for a new one."))
    actor = system_actor("演示数据")
    then = now - BUILT_BEFORE
    load_known_years(session, actor, zone=settings.zone, now=then)
    cast = gather_cast(session, actor, now=then)
    password = demo_password(settings)
    policy = PasswordPolicy(settings.password_policy)
    for persona in PERSONAS:
        set_password(session, actor, cast.people[persona.staff_no], password, policy=policy, now=then)
    stage = Stage(settings.installation_id, settings.zone, now, then)
    _build(session, cast, stage)
    return DemoReport([DemoPerson(one.role, one.staff_no, one.name, password) for one in PERSONAS])


def who_can_sign_in(session: Session, settings: Settings) -> DemoReport:
    """Return the demo's people where this database holds the demo city and its password stands, else nobody."""
    hashes = dict(
        session.execute(
            select(Person.staff_no, Account.password_hash)
            .join(Account, Account.person_id == Person.id)
            .where(Person.staff_no.in_([one.staff_no for one in PERSONAS]), Account.disabled_at.is_(None))
        ).all()
    )
    password = demo_password(settings)
    first = hashes.get(PERSONAS[0].staff_no)
    if len(hashes) < len(PERSONAS) or not first or not is_password(password, first):
        return DemoReport([])
    return DemoReport([DemoPerson(one.role, one.staff_no, one.name, password) for one in PERSONAS])


def demo_password(settings: Settings) -> str:
    """Return the password of this installation's demo people."""
    seal = hmac.new(settings.secret_key.encode(), b"demo city", hashlib.sha256).digest()
    letters = base64.b32encode(seal).decode().lower()
    return f"Demo-{letters[:4]}-{letters[4:8]}-{int.from_bytes(seal[-2:]) % 90 + 10}"


def _build(session: Session, cast: Cast, stage: Stage) -> None:
    actor = system_actor("演示数据")
    plan_evenings(session, actor, cast, stage)
    plan_classes(session, actor, cast, stage)
    plan_pairings(session, actor, cast, stage)
    plan_quizzes(session, actor, cast, stage)
    ask_trainee(session, cast, stage)
    begin_usual(session, actor, cast.units["CITY"], stage.today, now=stage.now)
