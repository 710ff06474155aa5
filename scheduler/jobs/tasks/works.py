"""Which jobs there are, and what each does: composed of what the slices below offer."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.tasks import settle_moves, sync_memberships
from scheduler.jobs.actions import clear_slots
from scheduler.jobs.tasks.runner import Work
from scheduler.jobs.terms import CatchUp, Daily, Every, Job
from scheduler.mentoring.tasks import complete_pairings
from scheduler.notices.actions import clear_notices
from scheduler.obligations.tasks import remind
from scheduler.people.actions import forget_expired
from scheduler.quizzes.tasks import ask_daily, close_due, confirm_due, make_sittings, settle_due, sweep_attempts
from scheduler.quizzes.terms.daily import ASK_AT

_KEPT_SLOTS = timedelta(days=90)


def works(
    zone: ZoneInfo, installation_id: str = "scheduler.local", *, kept_notices: timedelta = timedelta(days=365)
) -> tuple[Work, ...]:
    """Return all work that recurs; `zone` is the organisation's, in which days begin. The id names new events.

    Notices leave after `kept_notices`.
    """
    return (
        Work(
            Job("settle_moves", Daily(time(2, 10)), CatchUp.LATEST),
            lambda session, _, now: settle_moves(session, now=now),
        ),
        Work(
            Job("sync_memberships", Daily(time(2, 20)), CatchUp.LATEST),
            lambda session, _, now: sync_memberships(session, now=now),
        ),
        Work(
            Job("complete_pairings", Daily(time(2, 30)), CatchUp.LATEST),
            lambda session, _, now: complete_pairings(session, zone=zone, now=now),
        ),
        Work(
            Job("remind", Daily(time(9, 0)), CatchUp.LATEST),
            lambda session, _, now: remind(session, zone=zone, now=now),
        ),
        Work(
            Job("sweep_attempts", Every(timedelta(minutes=1)), CatchUp.LATEST),
            lambda session, _, now: sweep_attempts(session, now=now),
        ),
        Work(
            Job("close_sittings", Every(timedelta(minutes=5)), CatchUp.LATEST),
            lambda session, _, now: close_due(session, now=now),
        ),
        Work(
            Job("settle_sittings", Every(timedelta(hours=1)), CatchUp.LATEST),
            lambda session, _, now: settle_due(session, now=now),
        ),
        Work(
            Job("confirm_retraining", Daily(time(8, 30)), CatchUp.LATEST),
            lambda session, _, now: confirm_due(session, installation_id=installation_id, zone=zone, now=now),
        ),
        Work(
            Job("make_sittings", Every(timedelta(hours=1)), CatchUp.LATEST),
            lambda session, _, now: make_sittings(session, installation_id=installation_id, zone=zone, now=now),
        ),
        Work(
            Job("ask_daily", Daily(ASK_AT), CatchUp.LATEST),
            lambda session, due_at, now: ask_daily(session, due_at, zone=zone, now=now),
        ),
        Work(
            Job("forget_expired", Daily(time(3, 10)), CatchUp.LATEST),
            lambda session, _, now: forget_expired(session, now=now),
        ),
        Work(
            Job("clear_notices", Daily(time(3, 15)), CatchUp.LATEST),
            lambda session, _, now: clear_notices(session, before=now - kept_notices),
        ),
        Work(Job("clear_slots", Daily(time(3, 20)), CatchUp.LATEST), _clear_slots),
    )


def _clear_slots(session: Session, _due_at: datetime, now: datetime) -> None:
    clear_slots(session, before=now - _KEPT_SLOTS)
