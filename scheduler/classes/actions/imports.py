"""Bringing in a year's classes, timetables and rosters: few statements, however many rows."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.actions import create_activities, enrol_pairs
from scheduler.agenda.actions.attending import expect_whole_rosters
from scheduler.agenda.models import Activity, Audience, Membership
from scheduler.agenda.terms import ActivityStatus, AudienceKind, Consent, MembershipSource
from scheduler.audit.actions import record
from scheduler.classes.access import ClassPermission
from scheduler.classes.actions.plans import clean_plan
from scheduler.classes.models import ClassSession, Quota, StudyClass
from scheduler.classes.queries import activity_plan
from scheduler.classes.terms import ClassFull, ClassPlan, ClassStatus, Imported, SessionPlan
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.core.periods import local_span
from scheduler.people.models import Unit

_NO_CONSENT = Consent()


def import_classes(
    session: Session,
    actor: Actor,
    plans: Sequence[ClassPlan],
    *,
    status: ClassStatus = ClassStatus.PUBLISHED,
    now: datetime,
) -> Imported:
    """Make the classes of `plans` (with audience and quotas) whose codes are new; those that exist stay as they are.

    `status` is DRAFT or PUBLISHED. Codes must differ. Refuses what create_class refuses, save that quotas
    may add up to more than the places: plans do that.
    """
    plans = [clean_plan(plan, strict=False) for plan in plans]
    _require_hosts(session, actor, {plan.host_unit_id for plan in plans})
    codes = [plan.code for plan in plans]
    known = _ids_by_code(session, codes)
    new = [plan for plan in plans if plan.code not in known]
    audiences = _add_audiences(session, new)
    rows = [
        {
            "code": plan.code,
            "title": plan.title,
            "theme": plan.theme,
            "host_unit_id": plan.host_unit_id,
            "organiser_unit_id": plan.organiser_unit_id,
            "run_number": plan.run_number,
            "starts_on": plan.starts_on,
            "ends_on": plan.ends_on,
            "capacity": plan.capacity,
            "taken": 0,
            "hours": plan.hours,
            "mode": plan.mode,
            "budget": plan.budget,
            "status": status,
            "published_at": now if status is ClassStatus.PUBLISHED else None,
            "audience_id": audiences[plan.code],
            "version": 1,
        }
        for plan in new
    ]
    if rows:
        session.execute(insert(StudyClass), rows)
    known = _ids_by_code(session, codes)
    quotas = [
        {"class_id": known[plan.code], "unit_id": unit_id, "places": places}
        for plan in new
        for unit_id, places in plan.quotas
    ]
    if quotas:
        session.execute(insert(Quota), quotas)
    for plan in new:
        record(session, actor, "import", "class", known[plan.code], now=now, code=plan.code, title=plan.title)
    return Imported(tuple(known[code] for code in codes), len(new))


def import_sessions(
    session: Session,
    actor: Actor,
    plans: Sequence[tuple[int, SessionPlan]],
    *,
    consent: Consent = _NO_CONSENT,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Imported:
    """Add the sessions of `plans`, pairs (class id, session), to their timetables.

    A session that starts in its class at the same instant (or was moved away from it) exists and stays as it is.
    Sessions of a draft are drafts. Refuses like agenda.actions.create_activities: DoubleBooking, NeedsConfirmation
    (their clashes name plans by their place among the new sessions).
    """
    owners, known = _timetables(session, actor, {class_id for class_id, _plan in plans})
    keys = [(class_id, local_span(plan.day, plan.starts, plan.ends, zone).start) for class_id, plan in plans]
    new = {key: plan for key, (_class_id, plan) in zip(keys, plans, strict=True) if key not in known}
    wanted = [
        activity_plan(
            owners[class_id],
            plan,
            zone,
            ActivityStatus.DRAFT if owners[class_id].status is ClassStatus.DRAFT else ActivityStatus.SCHEDULED,
        )
        for (class_id, _start), plan in new.items()
    ]
    activities = create_activities(
        session, actor, wanted, consent=consent, installation_id=installation_id, zone=zone, now=now
    )
    keys_by_activity = {activity.id: key for key, activity in zip(new, activities, strict=True)}
    rows = [
        {
            "class_id": class_id,
            "activity_id": activity_id,
            "part_of_day": new[class_id, start].part_of_day,
            "teaching_mode": new[class_id, start].teaching_mode,
        }
        for activity_id, (class_id, start) in keys_by_activity.items()
    ]
    if rows:
        added = session.execute(insert(ClassSession).returning(ClassSession.id, ClassSession.activity_id), rows)
        known |= {keys_by_activity[row.activity_id]: row.id for row in added}
    return Imported(tuple(known[key] for key in keys), len(new))


def enrol_many(session: Session, actor: Actor, pairs: Sequence[tuple[int, int]], *, now: datetime) -> int:
    """Enrol people in classes, `pairs` of (class id, person id), and return how many enrolments are new.

    Nobody is told, quotas and the people's other engagements are not asked about: an imported roster has been
    decided. Refuses with ClassFull, naming the class, where the new people do not all fit: then nobody is enrolled.
    """
    owners = _owners(session, actor, {class_id for class_id, _person in pairs})
    by_audience = {one.audience_id: one for one in owners.values()}
    known = {
        (by_audience[audience_id].id, person_id)
        for audience_id, person_id in session.execute(
            select(Membership.audience_id, Membership.person_id).where(
                Membership.audience_id.in_(by_audience), Membership.left_at.is_(None)
            )
        ).all()
    }
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    _reserve(session, owners, Counter(class_id for class_id, _person in new))
    enrol_pairs(
        session,
        actor,
        [(owners[class_id].audience_id, person_id) for class_id, person_id in new],
        source=MembershipSource.NAMED,
        now=now,
    )
    # also at sessions that are over: the plan says who was expected
    expect_whole_rosters(session, sorted({owners[class_id].audience_id for class_id, _person in new}))
    return len(new)


def _reserve(session: Session, owners: dict[int, StudyClass], wanted: Counter[int]) -> None:
    if not wanted:
        return
    table = StudyClass.__table__
    done = session.connection().execute(
        update(StudyClass)
        .where(table.c.id == bindparam("class_id"), table.c.taken + bindparam("count") <= table.c.capacity)
        .values(taken=table.c.taken + bindparam("count")),
        [{"class_id": class_id, "count": wanted[class_id]} for class_id in sorted(wanted)],
    )
    if done.rowcount != len(wanted):
        ids = sorted(wanted)
        left = session.execute(
            select(StudyClass.id, StudyClass.capacity - StudyClass.taken).where(StudyClass.id.in_(ids))
        ).all()
        full = next((class_id for class_id, places in left if places < wanted[class_id]), ids[0])
        raise ClassFull(code=owners[full].code, capacity=owners[full].capacity, asked=wanted[full])
    for one in owners.values():
        session.expire(one, ["taken"])


def _require_hosts(session: Session, actor: Actor, unit_ids: Collection[int]) -> None:
    for path in session.scalars(select(Unit.path).where(Unit.id.in_(unit_ids))):
        actor.require(ClassPermission.PLAN, path)


def _add_audiences(session: Session, plans: Sequence[ClassPlan]) -> dict[str, int]:
    rows = [
        {"kind": AudienceKind.STUDY_CLASS, "code": plan.code, "name": plan.title, "host_unit_id": plan.host_unit_id}
        for plan in plans
    ]
    if not rows:
        return {}
    session.execute(insert(Audience), rows)
    found = select(Audience.code, Audience.id).where(
        Audience.kind == AudienceKind.STUDY_CLASS, Audience.code.in_([plan.code for plan in plans])
    )
    return {row.code: row.id for row in session.execute(found)}


def _ids_by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    rows = session.execute(select(StudyClass.code, StudyClass.id).where(StudyClass.code.in_(codes)))
    return dict(rows.all())


def _owners(session: Session, actor: Actor, class_ids: Collection[int]) -> dict[int, StudyClass]:
    statement = select(StudyClass, Unit.path).join(Unit, Unit.id == StudyClass.host_unit_id)
    rows = session.execute(statement.where(StudyClass.id.in_(class_ids))).all()
    return _planned(actor, dict(rows), class_ids)


def _timetables(
    session: Session, actor: Actor, class_ids: Collection[int]
) -> tuple[dict[int, StudyClass], dict[tuple[int, datetime], int]]:
    """Return classes by id, and their sessions by class and start; also by that from which they were moved away."""
    rows = session.execute(
        select(StudyClass, Unit.path, ClassSession.id, Activity.starts_at, Activity.moved_from)
        .join(Unit, Unit.id == StudyClass.host_unit_id)
        .outerjoin(ClassSession, ClassSession.class_id == StudyClass.id)
        .outerjoin(Activity, Activity.id == ClassSession.activity_id)
        .where(StudyClass.id.in_(class_ids))
    ).all()
    owners = _planned(actor, {row[0]: row.path for row in rows}, class_ids)
    moved = {(row[0].id, row.moved_from): row.id for row in rows if row.moved_from}
    return owners, moved | {(row[0].id, row.starts_at): row.id for row in rows if row.starts_at}


def _planned(actor: Actor, paths: Mapping[StudyClass, str], class_ids: Collection[int]) -> dict[int, StudyClass]:
    if len(paths) != len(class_ids):
        raise Missing
    for path in paths.values():
        actor.require(ClassPermission.PLAN, path)
    return {owner.id: owner for owner in paths}
