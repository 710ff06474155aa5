"""Revisions of many activities at once: one stamp later than all of theirs, one UPDATE."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from scheduler.agenda.models import Activity
from scheduler.agenda.rules.revisions import news_ends, next_stamp
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Stale


def revise_all(
    session: Session, condition: ColumnElement[bool], *, now: datetime, rescheduled: bool = False, **values: Any
) -> int:
    """Revise every activity that meets `condition`, also setting `values`; two statements. Returns how many.

    All get the same `revised_at`, later than each had. Refuses with Stale if one was revised meanwhile.
    """
    session.flush()
    newest, count = session.execute(select(func.max(Activity.revised_at), func.count()).where(condition)).one()
    if not count:
        return 0
    stamp = next_stamp(newest, now)
    if rescheduled:
        values["sequence"] = Activity.sequence + 1
    done = session.execute(
        update(Activity)
        .where(condition, Activity.revised_at < stamp)
        .values(revised_at=stamp, version=Activity.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if isinstance(done, CursorResult) and done.rowcount != count:
        raise Stale
    for thing in session.identity_map.values():
        if isinstance(thing, Activity):
            session.expire(thing)
    return int(count)


def settle_moves(session: Session, actor: Actor, *, now: datetime) -> int:
    """End the news of moves that are 14 days old: their marks go, which is a revision. Returns how many."""
    old = (Activity.moved_at.is_not(None)) & (Activity.moved_at <= news_ends(now))
    count = revise_all(session, old, now=now, moved_from=None, moved_at=None)
    if count:
        record(session, actor, "settle_moves", "agenda", "moves", now=now, activities=count)
    return count
