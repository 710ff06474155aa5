"""A training officer's word to the mentors who still owe guidance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.periods import next_month
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.turning import today_in
from scheduler.mentoring.queries import unit_standings
from scheduler.mentoring.terms.reminding import GUIDANCE_DUTY, REMINDER, week_of
from scheduler.notices.actions import Letter, post_all
from scheduler.notices.queries import told_in
from scheduler.people.models import Unit


@dataclass(frozen=True, slots=True)
class Nudged:
    """How many mentors were told, and how many had been told this week already."""

    told: int
    spared: int


def nudge(session: Session, actor: Actor, unit_id: int, month: date, *, zone: ZoneInfo, now: datetime) -> Nudged:
    """Remind the mentors of a unit's mentees, and of all below, of what they still owe in a month.

    Each gets one reminder a week at most, also where the reminders that are sent by themselves came first. Refuses a
    unit that the actor does not look after (Missing), and a month to come.
    """
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise Missing
    actor.require(MentoringPermission.MANAGE, path)
    month, today = month.replace(day=1), today_in(zone, now)
    if month > today:
        raise Refusal(lazy("This month has not begun."))
    owing: dict[int, int] = {}
    for one in unit_standings(session, (path,), month):
        if one.outstanding:
            owing[one.mentor_id] = owing.get(one.mentor_id, 0) + one.outstanding
    slot = week_of(today)
    before = told_in(session, REMINDER, GUIDANCE_DUTY, slot)
    until = (next_month(month) - timedelta(days=1)).isoformat()
    letters = [
        Letter(
            (mentor,), GUIDANCE_DUTY, slot, "/mentoring", {"outstanding": count, "until": until, "officer": actor.name}
        )
        for mentor, count in owing.items()
        if mentor not in before
    ]
    said = lazy("%(officer)s asks you to record guidance: %(outstanding)s still to be done until %(until)s.")
    post_all(session, letters, kind=REMINDER, message_id=said, now=now)
    told = Nudged(len(letters), len(owing) - len(letters))
    record(session, actor, "nudge", "month", unit_id, now=now, month=month, told=told.told)
    return told
