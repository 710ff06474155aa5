"""Changing what is in the agenda: move, edit, cancel, restore, publish, discard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.actions import telling
from scheduler.agenda.actions.booking import (
    agreed,
    check_length,
    override_of,
    refusals_translated,
    require_unit,
)
from scheduler.agenda.actions.creation import clean_plan
from scheduler.agenda.actions.revising import revise_all
from scheduler.agenda.actions.telling import tell, tell_all
from scheduler.agenda.models import Activity, Attendance, Teaching
from scheduler.agenda.queries import WorkCalendar, get_activity, plan_of, visible_to, work_calendar
from scheduler.agenda.rules.revisions import move_mark, next_sequence, next_stamp
from scheduler.agenda.rules.workdays import is_tentative
from scheduler.agenda.terms import KEEP, ActivityPlan, ActivityStatus, Consent, Keep
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, Stale, lazy, lazy_gettext
from scheduler.core.periods import Span
from scheduler.core.text import clean_line
from scheduler.people.models import Unit

_ASKED_FOR_NOTHING = Consent()


def move_activity(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    activity_id: int,
    *,
    version: int,
    span: Span,
    venue_id: int | Keep | None = KEEP,
    lecturer_ids: Sequence[int] | Keep = KEEP,
    reason: str,
    consent: Consent = _ASKED_FOR_NOTHING,
    zone: ZoneInfo,
    now: datetime,
) -> Activity:
    """Give an activity another time (and venue, lecturers). Who saw it scheduled is told its former start.

    Refuses Stale (another `version`), DoubleBooking, NeedsConfirmation, a blank reason for what is announced
    already, and a cancelled activity. An override lapses where the new slot is free.
    """
    activity = _open(session, actor, activity_id, version)
    _refuse_cancelled(activity)
    check_length(span)
    reason = _reason(reason, needed=activity.status is ActivityStatus.SCHEDULED)
    before = plan_of(activity)
    plan = replace(
        before,
        span=span,
        venue_id=before.venue_id if isinstance(venue_id, Keep) else venue_id,
        lecturer_ids=before.lecturer_ids if isinstance(lecturer_ids, Keep) else tuple(dict.fromkeys(lecturer_ids)),
    )
    return _rebook(session, actor, activity, before, plan, consent, reason=reason, verb="move", zone=zone, now=now)


def edit_activity(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    activity_id: int,
    *,
    version: int,
    title: str | Keep = KEEP,
    description: str | Keep = KEEP,
    span: Span | Keep = KEEP,
    venue_id: int | Keep | None = KEEP,
    lecturer_ids: Sequence[int] | Keep = KEEP,
    reason: str = "",
    consent: Consent = _ASKED_FOR_NOTHING,
    zone: ZoneInfo,
    now: datetime,
) -> Activity:
    """Change what an activity is called, where it is and who teaches; with `span` also its time.

    Refuses as `move_activity`.
    """
    activity = _open(session, actor, activity_id, version)
    _refuse_cancelled(activity)
    before = plan_of(activity)
    plan = clean_plan(
        replace(
            before,
            title=before.title if isinstance(title, Keep) else title,
            description=before.description if isinstance(description, Keep) else description,
            span=before.span if isinstance(span, Keep) else span,
            venue_id=before.venue_id if isinstance(venue_id, Keep) else venue_id,
            lecturer_ids=before.lecturer_ids if isinstance(lecturer_ids, Keep) else tuple(lecturer_ids),
        )
    )
    moves = plan.span != before.span
    reason = _reason(reason, needed=moves and activity.status is ActivityStatus.SCHEDULED)
    return _rebook(session, actor, activity, before, plan, consent, reason=reason, verb="edit", zone=zone, now=now)


def cancel_activity(
    session: Session,
    actor: Actor,
    activity_id: int,
    *,
    version: int,
    reason: str,
    now: datetime,
) -> Activity:
    """Cancel one scheduled activity; see `cancel_activities`."""
    return cancel_activities(session, actor, {activity_id: version}, reason=reason, now=now)[0]


def cancel_activities(
    session: Session, actor: Actor, versions: Mapping[int, int], *, reason: str, now: datetime
) -> list[Activity]:
    """Cancel scheduled activities, given with their versions: venues and lecturers are free, calendars say so.

    Refuses Stale, a blank reason, a cancelled one and a draft (that is discarded: nobody was told of it); then none
    is cancelled. A constant number of statements however many.
    """
    if not versions:
        return []
    reason = _reason(reason, needed=True)
    found = _standing(session, actor, versions)
    for activity in found:
        _refuse_cancelled(activity)
        if activity.status is ActivityStatus.DRAFT:
            raise Refusal(lazy("A draft is discarded, not cancelled: nobody has been told of it."))
    these = tuple_(Activity.id, Activity.version).in_(list(versions.items()))
    done = {"status": ActivityStatus.CANCELLED, "cancelled_at": now, "holds": False, "change_reason": reason}
    if revise_all(session, these, now=now, rescheduled=True, **done) != len(versions):
        raise Stale
    cancelled = _standing(session, actor, versions.keys())
    for activity in cancelled:
        record(session, actor, "cancel", "activity", activity.id, now=now, reason=reason)
    tell_all(session, actor, cancelled, telling.CANCELLED, now=now)
    return cancelled


def _standing(session: Session, actor: Actor, wanted: Mapping[int, int] | Collection[int]) -> list[Activity]:
    """Return activities that the actor plans, by start; refuses with Missing, and with Stale another version."""
    rows = session.execute(
        select(Activity, Unit.path)
        .join(Unit, Unit.id == Activity.host_unit_id)
        .where(Activity.id.in_(list(wanted)), visible_to(actor))
        .order_by(Activity.starts_at, Activity.id)
    ).all()
    if len(rows) != len(wanted):
        raise Missing
    for activity, path in rows:
        actor.require(AgendaPermission.MANAGE, path)
        if isinstance(wanted, Mapping) and activity.version != wanted[activity.id]:
            raise Stale
    return [activity for activity, _path in rows]


def restore_activity(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    activity_id: int,
    *,
    version: int,
    span: Span | Keep = KEEP,
    reason: str = "",
    consent: Consent = _ASKED_FOR_NOTHING,
    zone: ZoneInfo,
    now: datetime,
) -> Activity:
    """Take a cancellation back, if the slot is still free (or with consent), or at another time, `span`.

    Refuses as `move_activity`.
    """
    activity = _open(session, actor, activity_id, version)
    if activity.status is not ActivityStatus.CANCELLED:
        raise Refusal(lazy("Only a cancelled activity can be restored."))
    before = plan_of(activity)
    plan = before if isinstance(span, Keep) else replace(before, span=span)
    check_length(plan.span)
    day = plan.span.start.astimezone(zone).date()
    calendar = work_calendar(session, day, day)
    clashes = agreed(session, actor, [plan], consent, zone=zone, now=now, ignoring=[activity.id], calendar=calendar)
    if plan.span != before.span:
        _retime(activity, before.span, plan.span, calendar, zone=zone, now=now)
    activity.change_reason = _reason(reason, needed=False)
    activity.status = ActivityStatus.SCHEDULED
    activity.cancelled_at = None
    activity.override_reason = override_of(consent, clashes)
    activity.holds = activity.override_reason is None
    _stamp(activity, rescheduled=True, now=now)
    with refusals_translated(session, actor, [plan], zone=zone, now=now, ignoring=[activity_id]):
        session.flush()
    record(
        session,
        actor,
        "restore",
        "activity",
        activity.id,
        now=now,
        reason=activity.change_reason,
        override_reason=activity.override_reason,
    )
    tell(session, actor, activity, telling.RESTORED, now=now)
    return activity


def publish_activities(session: Session, actor: Actor, activity_ids: Collection[int], *, now: datetime) -> int:
    """Announce drafts; others among the ids stay as they are. Returns how many; a constant number of statements."""
    drafts = Activity.id.in_(set(activity_ids)) & (Activity.status == ActivityStatus.DRAFT)
    found = session.execute(select(Activity.id, Activity.host_unit_id).where(drafts)).all()
    if not found:
        return 0
    require_unit(session, actor, {row.host_unit_id for row in found})
    count = revise_all(session, drafts, now=now, rescheduled=True, status=ActivityStatus.SCHEDULED)
    for row in found:
        record(session, actor, "publish", "activity", row.id, now=now)
    return count


def discard_drafts(session: Session, actor: Actor, activity_ids: Collection[int], *, now: datetime) -> int:
    """Delete drafts, which nobody was told of, with their attendance and lecturers; others stay. Returns how many.

    The caller first deletes its own rows that point at them.
    """
    drafts = Activity.id.in_(set(activity_ids)) & (Activity.status == ActivityStatus.DRAFT)
    found = session.execute(select(Activity.id, Activity.host_unit_id, Activity.title).where(drafts)).all()
    if not found:
        return 0
    require_unit(session, actor, {row.host_unit_id for row in found})
    ids = [row.id for row in found]
    for statement in (
        delete(Attendance).where(Attendance.activity_id.in_(ids)),
        delete(Teaching).where(Teaching.activity_id.in_(ids)),
        delete(Activity).where(Activity.id.in_(ids)),
    ):
        session.execute(statement)
    for row in found:
        record(session, actor, "discard", "activity", row.id, now=now, title=row.title)
    return len(ids)


def _open(session: Session, actor: Actor, activity_id: int, version: int) -> Activity:
    activity = get_activity(session, actor, activity_id)
    if not actor.may(AgendaPermission.MANAGE, activity.host_unit.path):
        raise Missing
    if activity.version != version:
        raise Stale
    return activity


def _refuse_cancelled(activity: Activity) -> None:
    if activity.status is ActivityStatus.CANCELLED:
        raise Refusal(lazy("This activity is cancelled. Restore it first."))


def _reason(reason: str, *, needed: bool) -> str:
    clean = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if needed and not clean:
        raise Refusal(lazy("Say why: everybody who is expected will read it."), field="reason")
    return clean


def _stamp(activity: Activity, *, rescheduled: bool, now: datetime) -> None:
    activity.sequence = next_sequence(activity.sequence, rescheduled=rescheduled)
    activity.revised_at = next_stamp(activity.revised_at, now)


def _retime(
    activity: Activity, before: Span, span: Span, calendar: WorkCalendar, *, zone: ZoneInfo, now: datetime
) -> None:
    mark = move_mark(activity.status, before.start, span.start, activity.moved_from)
    activity.moved_from, activity.moved_at = mark, now if mark else None
    activity.tentative = is_tentative(span.start, calendar.published, zone)
    activity.starts_at, activity.ends_at = span.start, span.end


def _rebook(  # noqa: PLR0913 - what both acts above have found out
    session: Session,
    actor: Actor,
    activity: Activity,
    before: ActivityPlan,
    plan: ActivityPlan,
    consent: Consent,
    *,
    reason: str,
    verb: str,
    zone: ZoneInfo,
    now: datetime,
) -> Activity:
    if plan == before:
        return activity
    rescheduled = plan.span != before.span
    rebooked = rescheduled or plan.venue_id != before.venue_id or plan.lecturer_ids != before.lecturer_ids
    # Every question is asked before the first change: one flush, one version.
    day = plan.span.start.astimezone(zone).date()
    calendar = work_calendar(session, day, day)
    clashes = (
        agreed(session, actor, [plan], consent, zone=zone, now=now, ignoring=[activity.id], calendar=calendar)
        if rebooked
        else []
    )
    if rebooked:
        activity.override_reason = override_of(consent, clashes)
        activity.holds = activity.override_reason is None
    if rescheduled:
        _retime(activity, before.span, plan.span, calendar, zone=zone, now=now)
    activity.title, activity.description = plan.title, plan.description
    activity.venue_id = plan.venue_id
    if reason:
        activity.change_reason = reason
    _stamp(activity, rescheduled=rescheduled, now=now)
    with refusals_translated(session, actor, [plan], zone=zone, now=now, ignoring=[activity.id]):
        _write(session, activity, before, plan)
    changed = {
        name: [getattr(before, name), getattr(plan, name)]
        for name in ("title", "description", "venue_id", "lecturer_ids")
        if getattr(before, name) != getattr(plan, name)
    }
    if rescheduled:
        changed["starts_at"] = [before.span.start, plan.span.start]
        changed["ends_at"] = [before.span.end, plan.span.end]
    record(
        session,
        actor,
        verb,
        "activity",
        activity.id,
        now=now,
        changed=changed,
        reason=reason,
        override_reason=activity.override_reason,
    )
    if rescheduled:
        tell(session, actor, activity, telling.MOVED, before=before.span, now=now)
    elif rebooked:
        tell(session, actor, activity, telling.ELSEWHERE, now=now)
    return activity


def _write(session: Session, activity: Activity, before: ActivityPlan, plan: ActivityPlan) -> None:
    # Who no longer teaches goes first: the new times cascade into the rows that are there.
    gone = set(before.lecturer_ids) - set(plan.lecturer_ids)
    come = [lecturer_id for lecturer_id in plan.lecturer_ids if lecturer_id not in before.lecturer_ids]
    with session.no_autoflush:
        if gone:
            session.execute(delete(Teaching).where(Teaching.activity_id == activity.id, Teaching.lecturer_id.in_(gone)))
        session.flush()
        if come:
            slot = {"starts_at": plan.span.start, "ends_at": plan.span.end, "holds": activity.holds}
            rows = [{"activity_id": activity.id, "lecturer_id": lecturer_id, **slot} for lecturer_id in come]
            session.execute(insert(Teaching), rows)
    if gone or come:
        session.expire(activity, ["teachings"])
