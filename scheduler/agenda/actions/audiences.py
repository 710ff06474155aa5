"""Audiences and who is in them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, null, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions.attending import follow_membership
from scheduler.agenda.actions.booking import require_unit
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.models import Activity, Audience, AudienceUnit, Membership
from scheduler.agenda.queries import unit_ids_within
from scheduler.agenda.queries.audiences import to_come
from scheduler.agenda.terms import AudienceKind, MembershipSource
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.database import insert_into
from scheduler.core.errors import Missing, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.people.models import Person, Unit


def create_audience(
    session: Session,
    actor: Actor,
    kind: AudienceKind,
    code: str,
    name: str,
    host_unit_id: int,
    *,
    open: bool = False,  # noqa: A002 - the column's word
    now: datetime,
) -> Audience:
    """Create an audience; (kind, code) is unique. Refuses a unit that the actor does not plan for."""
    require_unit(session, actor, [host_unit_id])
    audience = Audience(
        kind=kind,
        code=clean_line(code, limit=80, label=lazy_gettext("Code")),
        name=clean_line(name, limit=160, label=lazy_gettext("Name")),
        host_unit_id=host_unit_id,
        open=open,
    )
    session.add(audience)
    session.flush()
    record(session, actor, "create", "audience", audience.id, now=now, kind_of=kind, code=audience.code)
    return audience


def rename_audience(session: Session, actor: Actor, audience_id: int, *, name: str, now: datetime) -> Audience:
    """Give an audience another name; all its activities are revised, for calendars show it."""
    audience = session.get(Audience, audience_id)
    if audience is None:
        raise Missing
    require_unit(session, actor, [audience.host_unit_id])
    name = clean_line(name, limit=160, label=lazy_gettext("Name"))
    if name == audience.name:
        return audience
    before, audience.name = audience.name, name
    revise_all(session, Activity.audience_id == audience.id, now=now)
    record(session, actor, "rename", "audience", audience.id, now=now, changed={"name": [before, name]})
    return audience


def enrol(
    session: Session,
    actor: Actor,
    audience_id: int,
    person_ids: Collection[int],
    *,
    source: MembershipSource,
    now: datetime,
) -> int:
    """Put people into an audience and expect them at all that is not over. Returns how many were added.

    Who left comes back, who is in stays as is. Allowed: planners of the host unit, whoever looks after all
    these people, and everybody for themselves where the audience is open.
    """
    pairs = [(audience_id, person_id) for person_id in person_ids]
    return enrol_pairs(session, actor, pairs, source=source, now=now)


def enrol_pairs(
    session: Session, actor: Actor, pairs: Iterable[tuple[int, int]], *, source: MembershipSource, now: datetime
) -> int:
    """Enrol many at once: pairs of (audience, person). As `enrol`; the statements do not grow with the people."""
    wanted = list(dict.fromkeys(pairs))
    if not wanted:
        return 0
    by_audience: dict[int, list[int]] = {}
    for audience_id, person_id in wanted:
        by_audience.setdefault(audience_id, []).append(person_id)
    hosts = session.execute(
        select(Audience.id, Unit.path).join(Unit, Unit.id == Audience.host_unit_id).where(Audience.id.in_(by_audience))
    )
    planned = {row.id for row in hosts if actor.may(AgendaPermission.MANAGE, row.path)}
    for audience_id, people in by_audience.items():
        if audience_id not in planned:
            _require_joining(session, actor, audience_id, people)
    statement = insert_into(session, Membership)
    statement = statement.on_conflict_do_update(
        index_elements=["audience_id", "person_id"],
        # no value of our own in here, or the rows would go one by one instead of in batches
        set_={"left_at": null(), "joined_at": statement.excluded.joined_at, "source": statement.excluded.source},
        where=Membership.left_at.is_not(None),
    )
    rows = [
        {"audience_id": audience_id, "person_id": person_id, "source": source, "joined_at": now}
        for audience_id, person_id in wanted
    ]
    added = session.execute(statement.returning(Membership.audience_id, Membership.person_id), rows).all()
    came: dict[int, list[int]] = {}
    for row in added:
        came.setdefault(row.audience_id, []).append(row.person_id)
    if came:
        people_in = sorted({row.person_id for row in added})
        follow_membership(session, Membership.audience_id.in_(came) & Membership.person_id.in_(people_in), now=now)
    for audience_id, people in came.items():
        record(session, actor, "enrol", "audience", audience_id, now=now, people=people, source=source)
    return len(added)


def leave(session: Session, actor: Actor, audience_id: int, person_ids: Collection[int], *, now: datetime) -> int:
    """Take people out of an audience; they are no longer expected from now on. Returns how many left."""
    people = list(dict.fromkeys(person_ids))
    if not people:
        return 0
    _require_joining(session, actor, audience_id, people)
    # NAMED: a decision about the person, which the daily sync of units does not take back
    done = session.execute(
        update(Membership)
        .where(Membership.audience_id == audience_id, Membership.person_id.in_(people), Membership.left_at.is_(None))
        .values(left_at=now, source=MembershipSource.NAMED)
        .returning(Membership.person_id)
        .execution_options(synchronize_session=False)
    )
    gone = list(done.scalars())
    if gone:
        left = (Membership.audience_id == audience_id) & Membership.person_id.in_(gone)
        follow_membership(session, left, now=now)
        record(session, actor, "leave", "audience", audience_id, now=now, people=gone)
    return len(gone)


def leave_everything(session: Session, actor: Actor, person_id: int, *, now: datetime) -> list[int]:
    """Take one who has left the staff out of every audience that still has something to come; return their ids.

    What is over keeps its roster: it says who was there. Missing unless the actor looks after the person's unit.
    """
    path = session.scalar(select(Unit.path).join(Person, Person.unit_id == Unit.id).where(Person.id == person_id))
    if path is None:
        raise Missing
    actor.require(AgendaPermission.MANAGE, path)
    done = session.execute(
        update(Membership)
        .where(to_come(person_id, now))
        .values(left_at=now, source=MembershipSource.NAMED)
        .returning(Membership.audience_id)
        .execution_options(synchronize_session=False)
    )
    gone = sorted(done.scalars())
    if gone:
        left = Membership.audience_id.in_(gone) & (Membership.person_id == person_id)
        follow_membership(session, left, now=now)
        for audience_id in gone:
            record(session, actor, "leave", "audience", audience_id, now=now, people=[person_id], reason="left")
    return gone


def enrol_unit(session: Session, actor: Actor, audience_id: int, unit_id: int, *, now: datetime) -> int:
    """Put a whole unit, with all below it and whoever joins it later, into an audience. Returns how many came in."""
    host = _host_path(session, audience_id)
    own = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if own is None or not (actor.may(AgendaPermission.MANAGE, host) or actor.may(AgendaPermission.MANAGE, own)):
        raise Missing
    session.execute(
        insert_into(session, AudienceUnit).values(audience_id=audience_id, unit_id=unit_id).on_conflict_do_nothing()
    )
    added, _gone = _sync(session, audience_id, now=now)
    record(session, actor, "enrol_unit", "audience", audience_id, now=now, unit_id=unit_id, added=added)
    return added


def sync_memberships(session: Session, actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Let every audience of whole units follow who is in those units now. Returns how many came and went."""
    came, went = _sync(session, None, now=now)
    if came or went:
        record(session, actor, "sync", "audience", "units", now=now, came=came, went=went)
    return came, went


def _host_path(session: Session, audience_id: int) -> str:
    path = session.scalar(
        select(Unit.path).join(Audience, Audience.host_unit_id == Unit.id).where(Audience.id == audience_id)
    )
    if path is None:
        raise Missing
    return path


def _require_joining(session: Session, actor: Actor, audience_id: int, people: list[int]) -> None:
    if actor.system or actor.may(AgendaPermission.MANAGE, _host_path(session, audience_id)):
        return
    if people == [actor.person_id] and session.scalar(select(Audience.open).where(Audience.id == audience_id)):
        return
    looked_after = unit_ids_within(actor.scopes(AgendaPermission.MANAGE))
    own = select(func.count()).where(Person.id.in_(people), Person.unit_id.in_(looked_after))
    if session.scalar(own) != len(people):
        raise Missing


def _sync(session: Session, audience_id: int | None, *, now: datetime) -> tuple[int, int]:
    root, below = Unit.__table__.alias("root"), Unit.__table__.alias("below")
    belonging = (
        select(AudienceUnit.audience_id, Person.id)
        .join(root, root.c.id == AudienceUnit.unit_id)
        .join(below, below.c.path.startswith(root.c.path))
        .join(Person, Person.unit_id == below.c.id)
        .where(Person.left_at.is_(None))
    )
    if audience_id is not None:
        belonging = belonging.where(AudienceUnit.audience_id == audience_id)
    incoming = belonging.add_columns(literal(MembershipSource.UNIT.value), literal(now)).distinct()
    statement = insert_into(session, Membership).from_select(
        ["audience_id", "person_id", "source", "joined_at"], incoming, include_defaults=False
    )
    came = session.execute(
        statement.on_conflict_do_update(
            index_elements=["audience_id", "person_id"],
            set_={"left_at": None, "joined_at": now},
            where=Membership.left_at.is_not(None) & (Membership.source == MembershipSource.UNIT),
        ).returning(Membership.id)
    ).all()
    ours: ColumnElement[bool] = Membership.audience_id.in_(select(AudienceUnit.audience_id))
    if audience_id is not None:
        ours = Membership.audience_id == audience_id
    kept = belonging.subquery()
    went = session.execute(
        update(Membership)
        .where(
            ours,
            Membership.left_at.is_(None),
            Membership.source == MembershipSource.UNIT,
            ~select(kept.c.id)
            .where(kept.c.audience_id == Membership.audience_id, kept.c.id == Membership.person_id)
            .correlate(Membership)
            .exists(),
        )
        .values(left_at=now)
        .returning(Membership.id)
        .execution_options(synchronize_session=False)
    ).all()
    if came or went:
        follow_membership(session, ours, now=now)
    return len(came), len(went)
