"""The life of a class: published, published again after changes, cancelled."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activities, discard_drafts, publish_activities
from scheduler.audit.actions import record
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.queries import find_told, get_planned, sessions_of
from scheduler.classes.rules import may_turn, status_on
from scheduler.classes.terms import ClassStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, Stale, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.notices.actions import post


def publish_class(
    session: Session,
    actor: Actor,
    class_id: int,
    *,
    version: int,
    shown: Collection[int],
    now: datetime,
) -> int:
    """Let people see a class and its draft sessions, and tell them. Returns how many sessions became visible.

    `version` and `shown` (the activities of the draft sessions) are what the person saw before saying yes: refuses
    Stale if anything else would be published. Refuses a cancelled class, and a published one without news.
    """
    published = get_planned(session, actor, class_id, locked=True)
    drafts = {row.activity_id for row in sessions_of(session, class_id, with_drafts=True) if row.is_draft}
    if published.version != version or drafts != set(shown):
        raise Stale
    if published.status is ClassStatus.CANCELLED:
        raise Refusal(lazy("This class is cancelled."))
    first = published.status is ClassStatus.DRAFT
    if not first and not drafts:
        raise Refusal(lazy("There is nothing new to publish."))
    if first:
        published.status = ClassStatus.PUBLISHED
        published.published_at = now
        session.flush()
    count = publish_activities(session, actor, drafts, now=now)
    message = lazy("The class %(title)s has been published.") if first else lazy("New sessions of the class %(title)s.")
    _tell(session, published, "class_published", message, now=now)
    record(session, actor, "publish", "class", published.id, now=now, first=first, sessions=sorted(drafts))
    return count


def cancel_class(
    session: Session, actor: Actor, class_id: int, *, version: int, reason: str, zone: ZoneInfo, now: datetime
) -> StudyClass:
    """Cancel a class: all its sessions that are not over are cancelled, its drafts deleted, and people are told.

    Refuses Stale, a blank reason, and a class that is finished or cancelled.
    """
    cancelled = get_planned(session, actor, class_id, locked=True)
    if cancelled.version != version:
        raise Stale
    today = now.astimezone(zone).date()
    status = status_on(cancelled.status, cancelled.starts_on, cancelled.ends_on, today)
    if not may_turn(status, ClassStatus.CANCELLED):
        raise Refusal(lazy("A class that is over cannot be cancelled."))
    reason = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why: everybody who is expected will read it."), field="reason")
    was_announced = cancelled.status is not ClassStatus.DRAFT
    _cancel_sessions(session, actor, cancelled, reason, now=now)
    cancelled.status = ClassStatus.CANCELLED
    session.flush()
    if was_announced:
        _tell(session, cancelled, "class_cancelled", lazy("The class %(title)s is cancelled."), now=now)
    record(session, actor, "cancel", "class", cancelled.id, now=now, reason=reason)
    return cancelled


def _cancel_sessions(session: Session, actor: Actor, of: StudyClass, reason: str, *, now: datetime) -> None:
    rows = sessions_of(session, of.id, with_drafts=True)
    drafts = [row for row in rows if row.is_draft]
    session.execute(delete(ClassSession).where(ClassSession.id.in_([row.id for row in drafts])))
    discard_drafts(session, actor, [row.activity_id for row in drafts], now=now)
    coming = {
        row.activity_id: row.version for row in rows if not row.is_draft and not row.is_cancelled and row.ends_at > now
    }
    cancel_activities(session, actor, coming, reason=reason, now=now)


def _tell(session: Session, of: StudyClass, kind: str, message_id: str, *, now: datetime) -> None:
    post(
        session,
        find_told(session, of).everybody,
        kind=kind,
        subject=f"class:{of.id}",
        slot=now.isoformat(),
        message_id=message_id,
        address=f"/classes/{of.id}",
        now=now,
        title=of.title,
    )
