"""A class made from an earlier run: the same half days, on working days of a new time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import create_activities
from scheduler.agenda.queries import find_clashes, work_calendar
from scheduler.agenda.terms import ActivityStatus, ClashKind, Consent, Severity
from scheduler.audit.actions import record
from scheduler.classes.actions.plans import create_class
from scheduler.classes.models import ClassSession, Quota, StudyClass
from scheduler.classes.queries import activity_plan, get_planned, lecturer_ids_of, sessions_of
from scheduler.classes.rules import shifted
from scheduler.classes.terms import ClassPlan, Gap, GapKind, SessionPlan
from scheduler.core.access import Actor

_LOOK_AHEAD = timedelta(days=400)
_GAPS = {ClashKind.VENUE: GapKind.VENUE, ClashKind.LECTURER: GapKind.LECTURER}


@dataclass(frozen=True, slots=True)
class Copied:
    """The new draft, and what its sessions could not keep."""

    created: StudyClass
    gaps: tuple[Gap, ...]


def copy_class(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    class_id: int,
    *,
    code: str,
    title: str,
    starts_on: date,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Copied:
    """Make the next run of a class as a draft that begins on `starts_on`, or the next working day.

    Sessions that took place become drafts on working days, in the same order of half days (see rules.shifted);
    quotas come along, people do not. A venue or lecturer that is taken at the new time is left open and named.
    Refuses what create_class refuses, and a class that the actor does not plan (Missing).
    """
    source = get_planned(session, actor, class_id)
    plans = _session_plans(session, source, zone)
    days = shifted(
        [source.starts_on, source.ends_on, *(plan.day for plan in plans)],
        starts_on,
        work_calendar(
            session, min(source.starts_on, starts_on), max(source.ends_on, starts_on + _LOOK_AHEAD)
        ).is_workday,
    )
    created = create_class(
        session,
        actor,
        _class_plan(session, source, code, title, days[source.starts_on], days[source.ends_on]),
        copied_from_id=source.id,
        now=now,
    )
    moved, gaps = _free_of_clashes(
        session, actor, created, [replace(plan, day=days[plan.day]) for plan in plans], zone=zone
    )
    activities = create_activities(
        session,
        actor,
        [activity_plan(created, plan, zone, ActivityStatus.DRAFT) for plan in moved],
        consent=Consent(confirmed=True),
        installation_id=installation_id,
        zone=zone,
        now=now,
    )
    rows = [
        {
            "class_id": created.id,
            "activity_id": activity.id,
            "part_of_day": plan.part_of_day,
            "teaching_mode": plan.teaching_mode,
        }
        for activity, plan in zip(activities, moved, strict=True)
    ]
    if rows:
        session.execute(insert(ClassSession), rows)
    record(session, actor, "copy", "class", created.id, now=now, source=source.code, sessions=len(rows))
    return Copied(created, gaps)


def _session_plans(session: Session, source: StudyClass, zone: ZoneInfo) -> list[SessionPlan]:
    rows = [row for row in sessions_of(session, source.id, with_drafts=True) if not row.is_cancelled]
    lecturers = lecturer_ids_of(session, [row.activity_id for row in rows])
    return [
        SessionPlan(
            day=row.starts_at.astimezone(zone).date(),
            part_of_day=row.part_of_day,
            starts=row.starts_at.astimezone(zone).time(),
            ends=row.ends_at.astimezone(zone).time(),
            topic=row.title,
            lecturer_ids=lecturers[row.activity_id],
            venue_id=row.venue_id,
            teaching_mode=row.teaching_mode,
        )
        for row in rows
    ]


def _class_plan(
    session: Session, source: StudyClass, code: str, title: str, starts_on: date, ends_on: date
) -> ClassPlan:
    quotas = session.execute(select(Quota.unit_id, Quota.places).where(Quota.class_id == source.id)).all()
    return ClassPlan(
        code=code,
        title=title,
        theme=source.theme,
        host_unit_id=source.host_unit_id,
        organiser_unit_id=source.organiser_unit_id,
        run_number=source.run_number + 1,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=source.capacity,
        hours=source.hours,
        mode=source.mode,
        budget=source.budget,
        quotas=tuple((unit_id, places) for unit_id, places in quotas),
    )


def _free_of_clashes(
    session: Session, actor: Actor, created: StudyClass, plans: Sequence[SessionPlan], *, zone: ZoneInfo
) -> tuple[list[SessionPlan], tuple[Gap, ...]]:
    wanted = [activity_plan(created, plan, zone, ActivityStatus.DRAFT) for plan in plans]
    free = list(plans)
    gaps = []
    for clash in find_clashes(session, actor, wanted, zone=zone):
        if clash.severity is not Severity.BLOCK or clash.kind not in _GAPS:
            continue
        plan = free[clash.plan]
        kept = _without(plan, clash.kind, clash.resource_id)
        if kept != plan:
            free[clash.plan] = kept
            gaps.append(Gap(plan.day, plan.part_of_day, _GAPS[clash.kind], clash.resource))
    return free, tuple(sorted(gaps, key=lambda gap: (gap.day, gap.part_of_day)))


def _without(plan: SessionPlan, kind: ClashKind, resource_id: int | None) -> SessionPlan:
    if kind is ClashKind.VENUE:
        return replace(plan, venue_id=None)
    return replace(plan, lecturer_ids=tuple(lecturer for lecturer in plan.lecturer_ids if lecturer != resource_id))
