"""Subscriptions: by token for a program, and the list of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from scheduler.agenda.models import Audience, Venue
from scheduler.agenda.terms import Scope, ScopeKind
from scheduler.audit.queries import newest_act
from scheduler.core.access import Actor, Grant
from scheduler.core.database import plain_rows
from scheduler.core.errors import Missing
from scheduler.feeds.access import may_hold
from scheduler.feeds.models import Subscription
from scheduler.feeds.terms import Language, Part
from scheduler.people.models import Account, Lecturer, Person, RoleGrant, Unit
from scheduler.people.queries import digest

_NAMES: dict[ScopeKind, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    ScopeKind.UNIT: (Unit.id, Unit.name),
    ScopeKind.CLASS: (Audience.id, Audience.name),
    ScopeKind.SERIES: (Audience.id, Audience.name),
    ScopeKind.PERSON: (Person.id, Person.name),
    ScopeKind.VENUE: (Venue.id, Venue.name),
    ScopeKind.LECTURER: (Lecturer.id, Lecturer.name),
}


_ASIDE = ("account", "database", "guidance_record", "month", "subscription")
"""Kinds of things of which no act changes what stands in a calendar; whoever signs in all day leaves it untouched."""


@dataclass(frozen=True, slots=True)
class Alive:
    """What a feed is made by: a subscription that is not revoked. Its fields are those of the table."""

    id: int
    owner_id: int
    label: str
    scope_kind: ScopeKind
    scope_id: int | None
    part: Part
    with_cancelled: bool
    language: Language
    alarm_minutes: int | None
    fetched_at: datetime | None
    fetched_by: str
    state: str
    state_since: datetime | None
    events: int | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A subscription that is alive, with its owner as an actor of now, and the house's newest act (None: none yet)."""

    subscription: Alive
    owner: Actor
    newest_act: int | None

    @property
    def scope(self) -> Scope:
        return Scope(self.subscription.scope_kind, self.subscription.scope_id)


_ALIVE = tuple(field.name for field in fields(Alive))


def find_holder(session: Session, token: str) -> Holder | None:
    """Return the subscription of `token`, in one statement; None if nobody may read by it (any more).

    That is: unknown or revoked; its owner left, is locked out, or has lost what the calendar asks for.
    """
    rows = plain_rows(session, _by_digest(), digest=digest(token))
    if not rows:
        return None
    subscription = Alive(*rows[0][: len(_ALIVE)])
    name, staff_no, unit_id, path, scope_path, newest = rows[0][len(_ALIVE) : -3]
    owner = Actor(
        name=name,
        person_id=subscription.owner_id,
        staff_no=staff_no,
        unit_id=unit_id,
        unit_path=path,
        grants=tuple(Grant(role, place_id, place_path) for *_, role, place_id, place_path in rows if role),
    )
    holder = Holder(subscription, owner, newest)
    return holder if may_hold(owner, holder.scope, scope_path) else None


@lru_cache(maxsize=1)
def _by_digest() -> Select[*tuple[Any, ...]]:
    """Build the statement once: that takes longer than to answer it."""
    place = aliased(Unit)
    return (
        select(
            *(getattr(Subscription, name) for name in _ALIVE),
            Person.name,
            Person.staff_no,
            Person.unit_id,
            Unit.path,
            _scope_path(),
            newest_act(besides=_ASIDE).scalar_subquery(),
            RoleGrant.role,
            place.id,
            place.path,
        )
        .join(Person, Person.id == Subscription.owner_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(RoleGrant, (RoleGrant.person_id == Person.id) & RoleGrant.ended_at.is_(None))
        .outerjoin(place, place.id == RoleGrant.unit_id)
        .where(
            Subscription.token_digest == bindparam("digest"),
            Subscription.revoked_at.is_(None),
            Person.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(RoleGrant.id)  # the same grants in the same order are the same actor
    )


def require_scope(session: Session, actor: Actor, scope: Scope) -> None:
    """Refuse with Missing a calendar that `actor` may not hold."""
    path = None
    if scope.kind is ScopeKind.UNIT:
        path = session.scalar(select(Unit.path).where(Unit.id == scope.id))
    elif scope.kind is ScopeKind.PERSON:
        path = session.scalar(select(Unit.path).join(Person, Person.unit_id == Unit.id).where(Person.id == scope.id))
    if not may_hold(actor, scope, path):
        raise Missing


def own_subscriptions(session: Session, actor: Actor) -> list[Subscription]:
    """Return those of `actor` that are not revoked, the newest first."""
    return list(
        session.scalars(
            select(Subscription)
            .where(Subscription.owner_id == actor.person_id, Subscription.revoked_at.is_(None))
            .order_by(Subscription.made_at.desc(), Subscription.id.desc())
        )
    )


def names_of(session: Session, scopes: Iterable[Scope]) -> dict[Scope, str]:
    """Return what those scopes are of, by name, whatever their number; one statement. The organisation has none."""
    wanted = set(scopes)
    selects = [
        select(literal(kind.value).label("kind"), key.label("id"), name.label("name")).where(
            key.in_([scope.id for scope in wanted if scope.kind is kind])
        )
        for kind, (key, name) in _NAMES.items()
        if any(scope.kind is kind for scope in wanted)
    ]
    if not selects:
        return {}
    return {Scope(ScopeKind(kind), number): name for kind, number, name in session.execute(union_all(*selects))}


def get_subscription(session: Session, actor: Actor, subscription_id: int) -> Subscription:
    """Return one of `actor`'s own that is not revoked; refuses with Missing."""
    subscription = session.get(Subscription, subscription_id)
    if subscription is None or subscription.owner_id != actor.person_id or subscription.revoked_at is not None:
        raise Missing
    return subscription


def _scope_path() -> ColumnElement[str | None]:
    home, other = aliased(Unit), aliased(Person)
    of_person = select(home.path).join(other, other.unit_id == home.id).where(other.id == Subscription.scope_id)
    of_unit = select(home.path).where(home.id == Subscription.scope_id)
    return case(
        (Subscription.scope_kind == ScopeKind.UNIT, of_unit.correlate(Subscription).scalar_subquery()),
        (Subscription.scope_kind == ScopeKind.PERSON, of_person.correlate(Subscription).scalar_subquery()),
    )
