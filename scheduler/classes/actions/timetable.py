"""The timetable: sessions added, moved, changed, cancelled, restored. The agenda holds their times."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from scheduler.agenda.actions import (
    cancel_activity,
    create_activities,
    discard_drafts,
    edit_activity,
    move_activity,
    restore_activity,
)
from scheduler.agenda.terms import KEEP, ActivityStatus, Consent, Keep
from scheduler.audit.actions import record
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.queries import activity_plan, get_planned
from scheduler.classes.rules import part_of
from scheduler.classes.terms import ClassStatus, SessionPlan
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.periods import Span, local_span

_NO_CONSENT = Consent()


def add_session(
    session: Session,
    actor: Actor,
    class_id: int,
    plan: SessionPlan,
    *,
    consent: Consent = _NO_CONSENT,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> ClassSession:
    """Add a draft session to a timetable; people see it once the class is published, or published again.

    The class's dates stretch if the session lies outside of them. Refuses a cancelled class, a session that ends
    before it begins, and what agenda.actions.create_activities refuses.
    """
    owner = _open_class(session, actor, class_id)
    check_times(plan)
    wanted = activity_plan(owner, plan, zone, ActivityStatus.DRAFT)
    (activity,) = create_activities(
        session, actor, [wanted], consent=consent, installation_id=installation_id, zone=zone, now=now
    )
    added = ClassSession(
        class_id=owner.id,
        activity_id=activity.id,
        part_of_day=plan.part_of_day,
        teaching_mode=plan.teaching_mode,
    )
    session.add(added)
    _stretch(owner, plan.day)
    session.flush()
    record(session, actor, "add_session", "class", owner.id, now=now, topic=plan.topic, day=plan.day)
    return added


def move_session(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    class_id: int,
    session_id: int,
    plan: SessionPlan,
    *,
    version: int,
    reason: str,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> ClassSession:
    """Give a session the date, times, venue and lecturers of `plan`. Refuses as agenda.actions.move_activity."""
    owner, moved = _open_session(session, actor, class_id, session_id)
    check_times(plan)
    move_activity(
        session,
        actor,
        moved.activity_id,
        version=version,
        span=local_span(plan.day, plan.starts, plan.ends, zone),
        venue_id=plan.venue_id,
        lecturer_ids=plan.lecturer_ids,
        reason=reason,
        consent=consent,
        zone=zone,
        now=now,
    )
    moved.part_of_day = plan.part_of_day
    _stretch(owner, plan.day)
    session.flush()
    record(session, actor, "move_session", "class", owner.id, now=now, topic=plan.topic, day=plan.day, reason=reason)
    return moved


def edit_session(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    class_id: int,
    session_id: int,
    plan: SessionPlan,
    *,
    version: int,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> ClassSession:
    """Give a session the topic, venue, lecturers and teaching mode of `plan`; its time stays.

    Refuses as agenda.actions.edit_activity.
    """
    owner, edited = _open_session(session, actor, class_id, session_id)
    edit_activity(
        session,
        actor,
        edited.activity_id,
        version=version,
        title=plan.topic,
        venue_id=plan.venue_id,
        lecturer_ids=plan.lecturer_ids,
        consent=consent,
        zone=zone,
        now=now,
    )
    edited.teaching_mode = plan.teaching_mode
    session.flush()
    record(session, actor, "edit_session", "class", owner.id, now=now, topic=plan.topic)
    return edited


def cancel_session(
    session: Session, actor: Actor, class_id: int, session_id: int, *, version: int, reason: str, now: datetime
) -> None:
    """Cancel a session; a draft, of which nobody was told, is deleted. Refuses as agenda.actions.cancel_activity."""
    owner, gone = _open_session(session, actor, class_id, session_id)
    activity = gone.activity
    title = activity.title
    if activity.status is ActivityStatus.DRAFT:
        session.execute(delete(ClassSession).where(ClassSession.id == gone.id))
        session.expunge(gone)
        discard_drafts(session, actor, [activity.id], now=now)
    else:
        cancel_activity(session, actor, activity.id, version=version, reason=reason, now=now)
    record(session, actor, "cancel_session", "class", owner.id, now=now, topic=title, reason=reason)


def restore_session(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    class_id: int,
    session_id: int,
    *,
    version: int,
    span: Span | Keep = KEEP,
    consent: Consent = _NO_CONSENT,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Take the cancellation of a session back, at its own time or at `span`.

    Refuses as agenda.actions.restore_activity.
    """
    owner, back = _open_session(session, actor, class_id, session_id)
    activity = restore_activity(
        session, actor, back.activity_id, version=version, span=span, consent=consent, zone=zone, now=now
    )
    if not isinstance(span, Keep):
        start = span.start.astimezone(zone)
        back.part_of_day = part_of(start.time())
        _stretch(owner, start.date())
    record(session, actor, "restore_session", "class", owner.id, now=now, topic=activity.title)


def check_times(plan: SessionPlan) -> None:
    """Refuse a session that ends before it begins."""
    if plan.ends <= plan.starts:
        raise Refusal(lazy("The session ends before it begins."), field="ends")


def _open_class(session: Session, actor: Actor, class_id: int) -> StudyClass:
    owner = get_planned(session, actor, class_id)
    if owner.status is ClassStatus.CANCELLED:
        raise Refusal(lazy("This class is cancelled."))
    return owner


def _open_session(session: Session, actor: Actor, class_id: int, session_id: int) -> tuple[StudyClass, ClassSession]:
    owner = _open_class(session, actor, class_id)
    found = session.scalars(
        select(ClassSession)
        .where(ClassSession.id == session_id, ClassSession.class_id == owner.id)
        .options(joinedload(ClassSession.activity, innerjoin=True))
    ).one_or_none()
    if found is None:
        raise Missing
    return owner, found


def _stretch(owner: StudyClass, day: date) -> None:
    owner.starts_on = min(owner.starts_on, day)
    owner.ends_on = max(owner.ends_on, day)
