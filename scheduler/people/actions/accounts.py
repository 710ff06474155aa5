"""Passwords and accounts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, Role
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.people.access import PeoplePermission
from scheduler.people.actions.doors import close_sign_ins
from scheduler.people.actions.persons import add_person
from scheduler.people.actions.reach import reach_account, reach_person
from scheduler.people.actions.roles import grant_role
from scheduler.people.actions.units import add_unit
from scheduler.people.models import Account, FormerPassword, Person, Unit
from scheduler.people.rules.hashing import is_password, make_hash
from scheduler.people.rules.passwords import HISTORY, check_password
from scheduler.people.terms import NewUnit, PasswordPolicy, PersonFacts, UnitKind


def set_password(
    session: Session,
    actor: Actor,
    person_id: int,
    password: str,
    *,
    policy: PasswordPolicy,
    now: datetime,
    keep: str | None = None,
) -> Account:
    """Give the person this password, make the account if there is none, and end all sign-ins but that of `keep`.

    Refuses what `policy` does not allow (UnfitPassword). Whether the actor may do it at all, the caller has decided:
    the person did so, or a link that the person holds, or a command on the server.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise Missing
    account = get_or_make_account(session, person_id)
    former = (
        select(FormerPassword.password_hash)
        .where(FormerPassword.account_id == account.id)
        .order_by(FormerPassword.retired_at.desc(), FormerPassword.id.desc())
        .limit(HISTORY - 1)
    )
    earlier = [account.password_hash, *session.scalars(former)] if account.password_hash else []
    check_password(password, policy=policy, staff_no=person.staff_no, name=person.name, earlier=earlier)
    if account.password_hash:
        session.add(FormerPassword(account_id=account.id, password_hash=account.password_hash, retired_at=now))
    account.password_hash = make_hash(password)
    account.password_set_at = now
    close_sign_ins(session, actor, [account.id], now=now, keep=keep, reason="password_changed")
    record(session, actor, "password_set", "account", account.id, now=now)
    return account


def get_or_make_account(session: Session, person_id: int) -> Account:
    """Return the person's account, made without a password if there is none."""
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        account = Account(person_id=person_id)
        session.add(account)
        session.flush()
    return account


def create_first_admin(
    session: Session, actor: Actor, staff_no: str, password: str, *, policy: PasswordPolicy, now: datetime
) -> Person:
    """Make the person with `staff_no` an admin of the whole tree who can sign in with `password`.

    In an empty database it makes the root unit and the person too, named by the number until an import says more.
    """
    root = session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))
    if root is None:
        root = add_unit(session, actor, NewUnit("CITY", "全市", UnitKind.CITY), now=now)
    person = session.scalar(select(Person).where(Person.staff_no == staff_no))
    if person is None:
        person = add_person(session, actor, PersonFacts(staff_no, staff_no), root.id, now=now)
    grant_role(session, actor, person.id, Role.ADMIN, root.id, now=now)
    set_password(session, actor, person.id, password, policy=policy, now=now)
    return person


def change_password(
    session: Session, actor: Actor, present: str, new: str, *, token: str, policy: PasswordPolicy, now: datetime
) -> None:
    """Replace the actor's own password and end all other sign-ins but that of `token`.

    Refuses a `present` password that is not the one in use, and a new one that is the same or not allowed.
    """
    account = session.get(Account, actor.account_id)
    if account is None:
        raise Missing
    if not is_password(present, account.password_hash):
        raise Refusal(lazy("This is not your present password."), field="present")
    if present == new:
        raise Refusal(lazy("The new password is the present one. Choose another."), field="password")
    set_password(session, actor, account.person_id, new, policy=policy, now=now, keep=token)


def choose_reading(
    session: Session, actor: Actor, *, language: str | None = None, zone_name: str | None = None, now: datetime
) -> None:
    """Keep the language (zh_CN, en) and the zone in which the actor reads; None leaves it, "" is as the organisation."""
    account = session.get(Account, actor.account_id)
    if account is None:
        raise Missing
    before = (account.language, account.zone_name)
    if language is not None:
        account.language = language or None
    if zone_name is not None:
        account.zone_name = zone_name or None
    if before != (account.language, account.zone_name):
        facts = {"language": account.language, "zone": account.zone_name}
        record(session, actor, "reading_chosen", "account", account.id, now=now, **facts)


def disable_account(session: Session, actor: Actor, person_id: int, *, now: datetime) -> None:
    """Close the person's door at once: all sign-ins end and no password opens it until it is enabled again.

    Refuses with Missing a person out of reach or with more power than the actor may give, and one's own account.
    """
    account = _reach_door(session, actor, person_id)
    if account.person_id == actor.person_id:
        raise Refusal(lazy("You cannot close your own account. Ask another admin."))
    if account.disabled_at is None:
        account.disabled_at = now
        close_sign_ins(session, actor, [account.id], now=now, reason="disabled")
        record(session, actor, "disabled", "account", account.id, now=now)


def enable_account(session: Session, actor: Actor, person_id: int, *, now: datetime) -> None:
    """Open a closed account again, with the password that it had. Refuses with Missing as `disable_account` does."""
    account = _reach_door(session, actor, person_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        record(session, actor, "enabled", "account", account.id, now=now)


def _reach_door(session: Session, actor: Actor, person_id: int) -> Account:
    reach_person(session, actor, person_id, PeoplePermission.MANAGE)
    reach_account(session, actor, person_id)
    return get_or_make_account(session, person_id)
