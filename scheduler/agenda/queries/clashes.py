"""What speaks against a time, and the nearest times against which nothing does."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity, Attendance, Membership, Teaching, Venue
from scheduler.agenda.queries import clash_branches
from scheduler.agenda.queries.visibility import overlapping, visible_to
from scheduler.agenda.queries.workdays import WorkCalendar, work_calendar
from scheduler.agenda.rules.clashes import SEVERITY, clashes_within, days_against, worst_first
from scheduler.agenda.rules.slots import REACH, nearest_free
from scheduler.agenda.terms import ActivityPlan, ActivityStatus, Clash, ClashKind, SlotProposal
from scheduler.core.access import Actor
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer, Person


def find_clashes(
    session: Session,
    actor: Actor,
    plans: Sequence[ActivityPlan],
    *,
    zone: ZoneInfo,
    ignoring: Collection[int] = (),
    calendar: WorkCalendar | None = None,
) -> list[Clash]:
    """Return what speaks against `plans`, the worst first; one statement however many plans and people.

    A second one reads the work calendar, unless `calendar` is given. Only where something clashes others name
    it. `ignoring` are activities that the plans replace. The other activity is named where `actor` may see it.
    Drafts and overridden activities count: they are there, whatever the database holds.
    """
    if not plans:
        return []
    dialect = session.get_bind().dialect.name
    found = session.execute(
        clash_branches.statement(dialect, several=len(plans) > 1),
        clash_branches.parameters(dialect, plans, ignoring),
    ).all()
    others = _others(session, actor, {row.activity_id for row in found if row.activity_id is not None})
    clashes = _named(session, [*(_clash(row, plans, others) for row in found), *clashes_within(plans)])
    days = [plan.span.start.astimezone(zone).date() for plan in plans]
    calendar = calendar or work_calendar(session, min(days), max(days))
    clashes += days_against(plans, calendar.marks, zone)
    return worst_first(clashes)


_Other = tuple[Span, str]


def _others(session: Session, actor: Actor, ids: set[int]) -> dict[int, _Other]:
    """Return the time of each activity, and its title where `actor` may see it."""
    if not ids:
        return {}
    rows = session.execute(
        select(
            Activity.id, Activity.starts_at, Activity.ends_at, Activity.title, visible_to(actor).label("visible")
        ).where(Activity.id.in_(ids))
    )
    return {row.id: (Span(row.starts_at, row.ends_at), row.title if row.visible else "") for row in rows}


def _clash(row: Any, plans: Sequence[ActivityPlan], others: dict[int, _Other]) -> Clash:
    kind = ClashKind(row.kind)
    if row.other_number is not None:
        span, title = plans[row.other_number].span, plans[row.other_number].title
    else:
        span, title = others.get(row.activity_id, (plans[row.number].span, ""))
    return Clash(
        kind,
        SEVERITY[kind],
        row.number,
        span,
        "",
        row.resource_id,
        title,
        row.activity_id if title else None,
        row.other_number,
        row.people,
    )


_NAMED: dict[ClashKind, type[Venue] | type[Lecturer] | type[Person]] = {
    ClashKind.VENUE: Venue,
    ClashKind.CAPACITY: Venue,
    ClashKind.LECTURER: Lecturer,
    ClashKind.PERSON: Person,
}


def _named(session: Session, clashes: list[Clash]) -> list[Clash]:
    """Return the clashes with the names of what is taken twice; one statement, none for none."""
    wanted: dict[ClashKind, set[int | None]] = {}
    for clash in clashes:
        wanted.setdefault(clash.kind, set()).add(clash.resource_id)
    if not wanted:
        return []
    rows = session.execute(
        union_all(
            *(
                select(clash_branches.word(kind), _NAMED[kind].id, _NAMED[kind].name).where(_NAMED[kind].id.in_(ids))
                for kind, ids in wanted.items()
            )
        )
    )
    names: dict[tuple[str, int | None], str] = {(kind, key): name for kind, key, name in rows}
    return [replace(clash, resource=names.get((clash.kind.value, clash.resource_id), "")) for clash in clashes]


def nearest_slots(
    session: Session,
    plan: ActivityPlan,
    *,
    zone: ZoneInfo,
    now: datetime,
    ignoring: Collection[int] = (),
    newcomers: Collection[int] = (),
    count: int = 3,
) -> list[SlotProposal]:
    """Return the nearest times at which venue, lecturers and audience of `plan` are all free; three statements.

    `newcomers` (person ids) are about to join the audience. Only days of the same sort as the wanted one: working days for a working day, any day off a holiday else.
    """
    around = Span(plan.span.start - REACH - timedelta(days=1), plan.span.end + REACH + timedelta(days=1))
    busy = [Span(row.starts_at, row.ends_at) for row in session.execute(_busy(plan, around, ignoring, newcomers))]
    calendar = work_calendar(session, around.start.date(), around.end.date())
    wanted_day = plan.span.start.astimezone(zone).date()
    on_workdays = calendar.is_workday(wanted_day) or calendar.holiday_on(wanted_day) is not None
    name = session.scalar(select(Venue.name).where(Venue.id == plan.venue_id)) if plan.venue_id is not None else None
    spans = nearest_free(
        plan.span,
        busy,
        usable=lambda day: calendar.is_workday(day) if on_workdays else calendar.holiday_on(day) is None,
        zone=zone,
        now=now,
        count=count,
    )
    return [SlotProposal(span, plan.venue_id, name or "") for span in spans]


def _busy(
    plan: ActivityPlan, around: Span, ignoring: Iterable[int], newcomers: Collection[int]
) -> Select[*tuple[Any, ...]]:
    members = select(Membership.person_id).where(
        Membership.audience_id == plan.audience_id, Membership.left_at.is_(None)
    )
    if newcomers:
        members = select(members.union(select(Person.id).where(Person.id.in_(newcomers))).subquery().c[0])
    teachers = select(Lecturer.person_id).where(Lecturer.id.in_(plan.lecturer_ids), Lecturer.person_id.is_not(None))
    teaching = select(Lecturer.id).where(Lecturer.person_id.in_(members) | Lecturer.id.in_(plan.lecturer_ids))
    parts = [
        select(Attendance.activity_id).where(
            Attendance.person_id.in_(members.union(teachers)), overlapping(Attendance, around)
        ),
        select(Teaching.activity_id).where(Teaching.lecturer_id.in_(teaching), overlapping(Teaching, around)),
    ]
    if plan.venue_id is not None:
        parts.append(select(Activity.id).where(Activity.venue_id == plan.venue_id, overlapping(Activity, around)))
    ids = union_all(*parts).subquery()
    return select(Activity.starts_at, Activity.ends_at).where(
        Activity.id.in_(select(ids.c[0])),
        Activity.status != ActivityStatus.CANCELLED,
        Activity.id.not_in(list(ignoring)),
    )
