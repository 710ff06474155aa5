"""Filling a class with people: never more than its places, and beyond a unit's quota only with a reason."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from scheduler.agenda.actions import enrol, leave, leave_everything
from scheduler.agenda.terms import Consent, MembershipSource
from scheduler.audit.actions import record
from scheduler.classes.access import ClassPermission
from scheduler.classes.models import Quota, StudyClass
from scheduler.classes.queries import enrolled_ids, get_class, heads_by_unit, overlaps, people_of, times_for_all
from scheduler.classes.rules import over_quota, status_on
from scheduler.classes.terms import ClassFull, ClassStatus, Engaged, QuotaExceeded
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.people.models import Unit

_NO_CONSENT = Consent()


def enrol_people(
    session: Session,
    actor: Actor,
    class_id: int,
    person_ids: Sequence[int],
    *,
    source: MembershipSource = MembershipSource.NAMED,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Put people on the roster and return how many are new to it.

    Refuses people outside of the actor's scope (Missing), a class that is over or cancelled, ClassFull,
    QuotaExceeded unless a planner's `consent` gives an override reason, and Engaged (people expected elsewhere
    during sessions) unless it is confirmed.
    """
    chosen = _open_class(session, actor, class_id, zone=zone, now=now)
    paths = people_of(session, person_ids, actor.scopes(ClassPermission.ENROL))
    if set(person_ids) - set(paths):
        raise Missing
    new = sorted(set(paths) - enrolled_ids(session, chosen.audience_id, person_ids))
    if not new:
        return 0
    reserve_places(session, chosen, len(new))  # also the lock: from here on the roster stands still
    reason = clean_line(consent.override_reason or "", limit=300, label=lazy_gettext("Reason"))
    _hold_quotas(session, actor, chosen, [paths[person_id] for person_id in new], reason)
    if not consent.confirmed and (found := overlaps(session, actor, chosen.audience_id, new)):
        slots = times_for_all(session, found[0].session_id, new, zone=zone, now=now)
        raise Engaged(tuple(found), tuple(slots))
    added = enrol(session, actor, chosen.audience_id, new, source=source, now=now)
    give_back_places(session, chosen, len(new) - added)
    record(session, actor, "enrol", "class", chosen.id, now=now, people=new, beyond_quota=reason)
    return added


def remove_people(
    session: Session,
    actor: Actor,
    class_id: int,
    person_ids: Collection[int],
    *,
    reason: str = "",
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Take people off the roster, which frees their places; returns how many left.

    Refuses people outside of the actor's scope (Missing) and a class that is over or cancelled.
    """
    chosen = _open_class(session, actor, class_id, zone=zone, now=now)
    paths = people_of(session, person_ids, actor.scopes(ClassPermission.ENROL))
    if set(person_ids) - set(paths):
        raise Missing
    reserve_places(session, chosen, 0)
    gone = leave(session, actor, chosen.audience_id, sorted(paths), now=now)
    give_back_places(session, chosen, gone)
    if gone:
        said = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
        record(session, actor, "remove", "class", chosen.id, now=now, people=sorted(paths), reason=said)
    return gone


def end_enrolments(session: Session, actor: Actor, person_id: int, *, now: datetime) -> int:
    """Take one who has left the staff out of all classes and series to come, which frees the places of classes.

    Returns how many these were. Refuses as agenda.actions.leave_everything.
    """
    gone = leave_everything(session, actor, person_id, now=now)
    freed = session.scalars(
        update(StudyClass)
        .where(StudyClass.audience_id.in_(gone))
        .values(taken=StudyClass.taken - 1)
        .returning(StudyClass.id)
        .execution_options(synchronize_session=False)
    )
    for class_id in sorted(freed):
        record(session, actor, "remove", "class", class_id, now=now, people=[person_id], reason="left")
    return len(gone)


def reserve_places(session: Session, chosen: StudyClass, count: int) -> None:
    """Take `count` places in one conditional statement, which also locks the class; refuses with ClassFull.

    Counting the roster first and inserting then would oversell as soon as two do it at once.
    """
    done = session.execute(
        update(StudyClass)
        .where(StudyClass.id == chosen.id, StudyClass.taken + count <= StudyClass.capacity)
        .values(taken=StudyClass.taken + count)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise ClassFull(code=chosen.code, capacity=chosen.capacity, asked=count)
    session.expire(chosen, ["taken"])


def give_back_places(session: Session, chosen: StudyClass, count: int) -> None:
    """Free `count` places."""
    if count:
        session.execute(
            update(StudyClass)
            .where(StudyClass.id == chosen.id)
            .values(taken=StudyClass.taken - count)
            .execution_options(synchronize_session=False)
        )
        session.expire(chosen, ["taken"])


def _open_class(session: Session, actor: Actor, class_id: int, *, zone: ZoneInfo, now: datetime) -> StudyClass:
    chosen = get_class(session, actor, class_id)
    actor.require(ClassPermission.ENROL)
    today = now.astimezone(zone).date()
    status = status_on(chosen.status, chosen.starts_on, chosen.ends_on, today)
    if status in {ClassStatus.FINISHED, ClassStatus.CANCELLED}:
        raise Refusal(lazy("This class is over: its roster is closed."))
    return chosen


def _hold_quotas(session: Session, actor: Actor, chosen: StudyClass, paths: Sequence[str], reason: str) -> None:
    rows = session.execute(
        select(Unit.path, Unit.name, Quota.places)
        .join(Quota, Quota.unit_id == Unit.id)
        .where(Quota.class_id == chosen.id)
    ).all()
    places = {row.path: row.places for row in rows}
    names = {row.path: row.name for row in rows}
    beyond = over_quota(places, heads_by_unit(session, chosen.audience_id), Counter(paths))
    if beyond and not (reason and actor.may(ClassPermission.PLAN, chosen.host_unit.path)):
        raise QuotaExceeded(tuple((names.get(path, ""), *figures) for path, figures in sorted(beyond.items())))
