"""The demo's pairings: agreed by both, with the guidance of a term; and this week's meeting of who can sign in."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.queries import work_calendar
from scheduler.agenda.terms import Consent
from scheduler.core.access import Actor
from scheduler.core.periods import at, local_span, next_month
from scheduler.demo import words
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage, days_in_week
from scheduler.mentoring.actions import (
    activate,
    agree,
    answer_guidance,
    cancel_meeting,
    ensure_programmes,
    file_guidance,
    lock_month,
    plan_meeting,
    propose,
)
from scheduler.mentoring.models import ContentArea, GuidanceMode, Pairing
from scheduler.mentoring.terms import Confirmation, GuidanceInput, PairingPlan
from scheduler.people.models import Person, Unit
from scheduler.people.queries import actor_for

_WEEKS = (-2, 0, 2)
_SEED = 20260102
_DAYS = (6, 19)
"""On which days of a month guidance is given, as a rule."""


def plan_pairings(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    """Pair each mentor with one trainee for a year, and let them meet and record it; one pair is only proposed.

    The first month is locked.
    """
    began = next_month(stage.then.astimezone(stage.zone).date())
    programmes = ensure_programmes(session, actor, words.MENTORING, now=stage.then)
    dice = random.Random(_SEED)  # noqa: S311 - invented guidance, no secrets
    pairs = list(zip(cast.mentors, cast.trainees, strict=False))
    everybody = _actors(session, {key for pair in pairs for key in pair})
    for number, (mentor, mentee) in enumerate(pairs):
        programme = programmes[words.MENTORING[number % 3 == 0]]
        plan = PairingPlan(
            mentor,
            mentee,
            programme,
            began,
            date(began.year + 1, began.month, 1),
            goals=words.GOALS,
            development_plan=words.DEVELOPMENT_PLAN,
            content_areas=words.CONTENT_AREAS,
        )
        pairing = propose(session, actor, plan, zone=stage.zone, now=stage.then)
        if number == len(pairs) - 1:
            continue
        for one in (mentor, mentee):
            agree(session, everybody[one], pairing.id, zone=stage.zone, now=stage.then)
        first_day = at(began, time(9), stage.zone)
        activate(session, actor, pairing.id, version=pairing.version, reason="", zone=stage.zone, now=first_day)
        _record(session, everybody, pairing, dice, stage, missed=words.MISSED if number else 0)
        if number == 0:
            _plan_meetings(session, everybody[mentor], pairing, stage)
    lock_month(session, actor, cast.units["CITY"], began, zone=stage.zone, now=stage.now)


def _actors(session: Session, people: set[int]) -> dict[int, Actor]:
    rows = session.execute(select(Person, Unit.path).join(Unit, Unit.id == Person.unit_id).where(Person.id.in_(people)))
    return {person.id: actor_for(session, person, path) for person, path in rows}


def _record(
    session: Session,
    everybody: dict[int, Actor],
    pairing: Pairing,
    dice: random.Random,
    stage: Stage,
    *,
    missed: float,
) -> None:
    """Let a mentor record two sessions in most months up to today; the mentee confirms all but the latest."""
    mentor, mentee = everybody[pairing.mentor_id], everybody[pairing.mentee_id]
    waiting: tuple[int, datetime] | None = None
    areas = session.scalars(select(ContentArea.id).where(ContentArea.programme_id == pairing.programme_id)).all()
    modes = session.scalars(select(GuidanceMode.id).where(GuidanceMode.programme_id == pairing.programme_id)).all()
    month = pairing.starts_on
    while month <= stage.today:
        for place, day in enumerate(_DAYS):
            given_on = month + timedelta(days=day - 1 + dice.randrange(8))
            if given_on >= stage.today or dice.random() < missed:
                continue
            topic, area = dice.choice(words.GUIDANCE)
            given = GuidanceInput(
                given_on,
                dice.choice(modes),
                (areas[area], dice.choice(areas)),
                topic,
                minutes=dice.choice((30, 45, 60)),
            )
            filed_at = _hour(given_on, stage)
            key = f"demo-{pairing.id}-{month.isoformat()}-{place}"
            if waiting is not None:
                said, (record_id, before) = dice.choice(words.REFLECTIONS), waiting
                when = before + timedelta(hours=3)
                answer_guidance(session, mentee, record_id, Confirmation.CONFIRMED, said, now=when)
            filed = file_guidance(session, mentor, [pairing.id], given, key=key, zone=stage.zone, now=filed_at)
            waiting = (filed.record_ids[0], filed_at)
        month = next_month(month)


def _hour(day: date, stage: Stage) -> datetime:
    return at(day, time(18), stage.zone)


def _plan_meetings(session: Session, mentor: Actor, pairing: Pairing, stage: Stage) -> None:
    calendar = work_calendar(session, stage.monday(-3), stage.monday(3))
    days = [days_in_week(stage.monday(week), 2, calendar.is_workday)[-1] for week in _WEEKS]
    planned = [
        plan_meeting(
            session,
            replace(mentor, system=True),
            pairing.id,
            span=local_span(day, time(17, 15), time(18), stage.zone),
            title="导师帮带：公文写作",
            description="带上本月的一篇文稿。",
            consent=Consent(confirmed=True),
            installation_id=stage.installation_id,
            zone=stage.zone,
            now=stage.then,
        )
        for day in days
    ]
    first = planned[0]
    cancel_meeting(
        session, mentor, pairing.id, first.id, version=first.version, reason="导师临时出差。", now=stage.then
    )
