"""The demo's pairings, and this week's guidance of the mentor who can sign in."""

from datetime import date, time

from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activity, create_activities, create_audience, enrol
from scheduler.agenda.queries import work_calendar
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, Consent, MembershipSource
from scheduler.core.access import Actor
from scheduler.core.periods import local_span
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage, days_in_week
from scheduler.mentoring.actions import ensure_programmes
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.terms import PairingStatus

_WEEKS = (-2, 0, 2)


def plan_pairings(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    """Pair each mentor with one trainee for a year around now, and plan guidance for the first pair."""
    began = stage.then.astimezone(stage.zone).date().replace(day=1)
    programmes = ensure_programmes(session, actor, ("导师帮带", "红色导师"), now=stage.then)
    session.add_all(
        Pairing(
            mentor_id=mentor,
            mentee_id=mentee,
            programme_id=programmes["红色导师" if number % 3 == 0 else "导师帮带"],
            starts_on=began,
            ends_on=date(began.year + 1, began.month, 1),
            content_areas="政策解读、项目评审、公文写作",
            status=PairingStatus.ACTIVE,
        )
        for number, (mentor, mentee) in enumerate(zip(cast.mentors, cast.trainees, strict=False))
    )
    session.flush()
    _plan_guidance(session, actor, cast, stage)


def _plan_guidance(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    pair = [cast.people["mentor"], cast.people["trainee"]]
    unit = cast.units["X01"]
    audience = create_audience(
        session, actor, AudienceKind.PEOPLE, "guidance-mentor-trainee", "戴岩 · 许苗", unit, now=stage.then
    )
    enrol(session, actor, audience.id, pair, source=MembershipSource.NAMED, now=stage.then)
    calendar = work_calendar(session, stage.monday(-3), stage.monday(3))
    days = [days_in_week(stage.monday(week), 2, calendar.is_workday)[-1] for week in _WEEKS]
    plans = [
        ActivityPlan(
            ActivityKind.GUIDANCE,
            "导师帮带：公文写作",
            local_span(day, time(17, 15), time(18), stage.zone),
            audience.id,
            unit,
            description="带上本月的一篇文稿。",
        )
        for day in days
    ]
    planned = create_activities(
        session,
        actor,
        plans,
        consent=Consent(confirmed=True),
        installation_id=stage.installation_id,
        zone=stage.zone,
        now=stage.then,
    )
    first = planned[0]
    cancel_activity(session, actor, first.id, version=first.version, reason="导师临时出差。", now=stage.then)
