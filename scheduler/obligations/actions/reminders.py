"""The reminder ladder: first whose duty it is, then the unit's officer, then the office; one letter a week at most."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.core.access import Role
from scheduler.core.errors import lazy
from scheduler.core.periods import Period, period_of
from scheduler.mentoring.terms.reminding import GUIDANCE_DUTY, REMINDER, week_of
from scheduler.notices.actions import Letter, post_all
from scheduler.notices.queries import told_in
from scheduler.obligations.models import Obligation, Reminder
from scheduler.obligations.queries.lists import in_force
from scheduler.obligations.queries.metrics import Moment
from scheduler.obligations.queries.reminding import (
    Holders,
    holders_of,
    languages_of,
    mentors_of,
    not_yet_told,
)
from scheduler.obligations.rules import step_due
from scheduler.obligations.terms import MEASURES, Behind, Metric, Step, Subject

_LOOKED_BACK = timedelta(days=400)
"""What ended so long ago has no period any more of which anybody is reminded."""
SENTENCES = {
    Step.OWING: lazy("%(duty)s: %(outstanding)s still to be done until %(until)s."),
    Step.OFFICER: lazy("%(duty)s: %(subjects)s are behind; %(outstanding)s still to be done until %(until)s."),
    Step.OFFICE: lazy("%(duty)s: %(subjects)s did not do what they owed until %(until)s; %(outstanding)s are missing."),
}
"""The message id of each rung."""


def remind(session: Session, *, zone: ZoneInfo, now: datetime) -> int:
    """Tell those whom the ladder has reached of what is still owed; returns how many letters were written.

    Run daily. A person gets one letter a week at most for a duty, which counts all subjects that it is about; a rung of
    a subject on which nobody could be told waits for the next run. What was told stands with its letter: both or none.
    """
    today = now.astimezone(zone).date()
    officers, admins = holders_of(session, Role.UNIT_OFFICER), holders_of(session, Role.ADMIN)
    letters = 0
    for obligation in in_force(session, today - _LOOKED_BACK, today):
        if not obligation.reminds:
            continue
        present = period_of(obligation.cadence, today)
        for period in (present.before, present):
            step = step_due(period, today)
            if step is None or not obligation.stood_in(period):
                continue
            at = Moment(period, zone, now)
            behind = not_yet_told(session, obligation, at, step)
            letters += _tell(
                session, obligation, at, step, behind, _chains(session, obligation, step, behind, officers, admins)
            )
    return letters


def _chains(
    session: Session,
    obligation: Obligation,
    step: Step,
    behind: list[Behind],
    officers: Holders,
    admins: Holders,
) -> dict[int, tuple[int, ...]]:
    """Return who is told of each subject; where a unit has no officer, the office is."""
    if step is Step.OWING and MEASURES[obligation.metric].subject is Subject.PAIRING:
        return {key: (mentor,) for key, mentor in mentors_of(session, [one.subject_id for one in behind]).items()}
    if step is Step.OFFICE:
        return {one.subject_id: admins.nearest(one.path) for one in behind}
    return {one.subject_id: officers.nearest(one.path) or admins.nearest(one.path) for one in behind}


def _tell(
    session: Session,
    obligation: Obligation,
    at: Moment,
    step: Step,
    behind: list[Behind],
    chains: Mapping[int, tuple[int, ...]],
) -> int:
    slot = week_of(at.today)
    subject = _subject(obligation)
    told = told_in(session, REMINDER, subject, slot)
    mine: dict[int, list[Behind]] = {}
    done: list[Behind] = []
    for one in behind:
        free = [person for person in chains.get(one.subject_id, ()) if person not in told]
        for person in free:
            mine.setdefault(person, []).append(one)
        if free:
            done.append(one)
    if not done:
        return 0
    spoken = languages_of(session, mine)
    letters = [
        Letter(
            (person,),
            subject,
            slot,
            _address(obligation, at.period, step),
            {
                "duty": obligation.name(spoken.get(person, "zh_CN")),
                "subjects": len(about),
                "outstanding": sum(one.outstanding for one in about),
                "until": at.period.last_day.isoformat(),
            },
        )
        for person, about in mine.items()
    ]
    post_all(session, letters, kind=REMINDER, message_id=SENTENCES[step], now=at.now)
    session.execute(
        insert(Reminder),
        [
            {
                "obligation_id": obligation.id,
                "subject_id": one.subject_id,
                "period_start": at.period.first,
                "step": step,
                "sent_at": at.now,
            }
            for one in done
        ],
    )
    return len(letters)


def _subject(obligation: Obligation) -> str:
    """Return what the letters about a duty are known by, the same for all rows of its history."""
    if obligation.metric is Metric.GUIDANCE:
        return GUIDANCE_DUTY
    return f"duty:{obligation.metric}:{obligation.cadence}:{obligation.unit_id}:{obligation.level or ''}"


def _address(obligation: Obligation, period: Period, step: Step) -> str:
    if step is Step.OWING and MEASURES[obligation.metric].subject is Subject.PAIRING:
        return "/mentoring"
    return f"/obligations/{obligation.id}?day={period.first.isoformat()}&show=behind"
