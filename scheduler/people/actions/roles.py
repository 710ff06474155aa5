"""Giving and taking roles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor, Role
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.people.access import may_grant
from scheduler.people.actions.doors import close_sign_ins
from scheduler.people.models import Account, Person, RoleGrant, Unit


def grant_role(session: Session, actor: Actor, person_id: int, role: Role, unit_id: int, *, now: datetime) -> None:
    """Give a person `role` in a unit and all below it; holding it already is no error. See `grant_roles`."""
    grant_roles(session, actor, [(person_id, role, unit_id)], now=now)


def grant_roles(session: Session, actor: Actor, grants: Sequence[tuple[int, Role, int]], *, now: datetime) -> None:
    """Give roles, each (person id, role, unit id); those held already stay as they are; three statements.

    Refuses with Missing a unit or person that is not there and a role that the actor may not give there.
    """
    if not grants:
        return
    paths = dict(
        session.execute(select(Unit.id, Unit.path).where(Unit.id.in_({unit_id for *_, unit_id in grants}))).all()
    )
    for _, role, unit_id in grants:
        if unit_id not in paths or not may_grant(actor, role, paths[unit_id]):
            raise Missing
    people = {person_id for person_id, *_ in grants}
    session.flush()
    if len(people) != session.scalar(select(func.count()).where(Person.id.in_(people), Person.left_at.is_(None))):
        raise Missing
    rows = [
        {"person_id": person_id, "role": role, "unit_id": unit_id, "began_at": now}
        for person_id, role, unit_id in dict.fromkeys(grants)
    ]
    session.execute(insert_into(session, RoleGrant).on_conflict_do_nothing(), rows)
    for row in rows:
        record(
            session, actor, "role_granted", "person", row["person_id"], now=now, role=row["role"], unit=row["unit_id"]
        )


def revoke_role(session: Session, actor: Actor, grant_id: int, *, now: datetime) -> RoleGrant:
    """End a role at once and, with it, all sign-ins of the person, who signs in again with what is left.

    Refuses with Missing a role that is not held, or that the actor may not take.
    """
    found = session.execute(
        select(RoleGrant, Unit.path)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.id == grant_id, RoleGrant.ended_at.is_(None))
    ).first()
    if found is None or not may_grant(actor, found[0].role, found[1]):
        raise Missing
    grant: RoleGrant = found[0]
    if grant.person_id == actor.person_id and grant.role is Role.ADMIN:
        raise Refusal(lazy("You cannot take your own admin role. Ask another admin."))
    grant.ended_at = now
    accounts = session.scalars(select(Account.id).where(Account.person_id == grant.person_id)).all()
    close_sign_ins(session, actor, accounts, now=now, reason="role_revoked")
    record(session, actor, "role_revoked", "person", grant.person_id, now=now, role=grant.role, unit=grant.unit_id)
    return grant
