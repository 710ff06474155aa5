"""The demo's quizzes: a small bank, a monthly exam whose units met 80% or just missed it, one that is open now, a schedule."""

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import Attendance
from scheduler.agenda.terms import Consent
from scheduler.core.access import Actor
from scheduler.core.periods import Span, local_span
from scheduler.demo import words
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage
from scheduler.people.actions import add_people
from scheduler.people.models import Person
from scheduler.people.terms import Gender, PersonFacts
from scheduler.quizzes.actions.bank import import_items
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.making import make_of
from scheduler.quizzes.actions.papers import create_paper
from scheduler.quizzes.actions.results import close_sitting, settle_sitting
from scheduler.quizzes.actions.schedules import create_schedule
from scheduler.quizzes.actions.sittings import plan_sitting
from scheduler.quizzes.models import Attempt, ItemVersion, Question, Sitting
from scheduler.quizzes.queries.papers import drawable_items
from scheduler.quizzes.rules.drawing import arrange
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.papers import DrawRule, PaperPlan
from scheduler.quizzes.terms.schedules import LAST, Beat, Rhythm, SchedulePlan
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules

_SEED = 20260103
_WEEKEND = 5
_WRONG = {"T": "F", "F": "T"}
_POINTS = 20
_BEFORE = 6
"""Days before today on which the monthly exam was held: its results are final, its order waits."""


def plan_quizzes(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    """Fill the bank, hold last week's exam, and open a quiz for the section of the trainee who can sign in."""
    items = import_items(session, actor, words.ITEMS, now=stage.then)
    exam = PaperPlan("每月一考", items=tuple((item_id, _POINTS) for item_id in items[:5]))
    fixed = create_paper(session, actor, exam, now=stage.then)
    drawn = create_paper(session, actor, PaperPlan("随机练习", rules=(DrawRule(5, _POINTS),)), now=stage.then)
    _crowds(session, actor, cast, now=stage.then)
    held_on = _working_day(stage.today - timedelta(days=_BEFORE))
    span = local_span(held_on, time(15), time(16), stage.zone)
    units = tuple(cast.units[code] for code in ("X01", *words.CROWDS))
    past = _hold(session, actor, stage, SittingPlan(
        "每月一考", fixed.id, span, cast.units["CITY"], unit_ids=units, rules=SittingRules(length_minutes=45)
    ))  # fmt: skip
    _sit(session, past, {cast.units[code]: passing for code, (_people, passing) in words.CROWDS.items()}, span.start)
    close_sitting(session, past, now=span.end + timedelta(minutes=5))
    settle_sitting(session, past, now=span.end + timedelta(days=past.regrade_days, minutes=10))
    hour = stage.now.replace(minute=0, second=0, microsecond=0)
    _hold(session, actor, stage, SittingPlan(
        "每周一课随堂测", drawn.id, Span(hour - timedelta(hours=1), hour + timedelta(hours=3)), cast.units["X01"],
        unit_ids=(cast.units["X01-02"],), rules=SittingRules(length_minutes=30),
    ))  # fmt: skip
    monthly = SchedulePlan(
        "每月一考", drawn.id, cast.units["X01"], Beat(Rhythm.MONTH_WEEKDAY, nth=LAST, weekday=4), stage.today,
        opens=time(15), unit_ids=(cast.units["X01"],), rules=SittingRules(length_minutes=45),
    )  # fmt: skip
    made = create_schedule(session, actor, monthly, now=stage.now)
    make_of(session, made.id, installation_id=stage.installation_id, zone=stage.zone, now=stage.now)


def _crowds(session: Session, actor: Actor, cast: Cast, *, now: datetime) -> None:
    dice = random.Random(_SEED)  # noqa: S311 - invented people, no secrets
    news = []
    for code, (people, _passing) in words.CROWDS.items():
        for number in range(people):
            name = dice.choice(words.SURNAMES) + "".join(dice.sample(words.GIVEN, 2))
            facts = PersonFacts(
                f"{code}-{number:03d}", name, dice.choice(tuple(Gender)), date(1990, 1, 1), "科员", "科员"
            )
            news.append((facts, cast.units[code]))
    add_people(session, actor, news, now=now)


def _working_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - _WEEKEND + 1))


def _hold(session: Session, actor: Actor, stage: Stage, plan: SittingPlan) -> Sitting:
    consent = Consent(confirmed=True)
    before = min(plan.span.start, stage.now) - timedelta(days=3)
    return plan_sitting(
        session, actor, plan, consent=consent, installation_id=stage.installation_id, zone=stage.zone, now=before
    )


def _sit(session: Session, sitting: Sitting, passing: dict[int, int], opened: datetime) -> None:
    """Let everybody who is due sit: so many of the crowds know the answers, of the others nine in ten."""
    dice = random.Random(_SEED)  # noqa: S311 - invented answers
    items = drawable_items(session, sitting.paper_id)
    keys = {text.stem: text.key for text in words.ITEMS}
    left = dict(passing)
    people = session.execute(
        select(Person.id, Person.unit_id)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.activity_id == sitting.activity_id)
        .order_by(Person.id)
    ).all()
    ended = opened + timedelta(minutes=30)
    rows = [
        {
            "sitting_id": sitting.id,
            "person_id": person.id,
            "number": 1,
            "state": AttemptState.SUBMITTED,
            "started_at": opened,
            "deadline": opened + timedelta(minutes=sitting.length_minutes),
            "heard_at": ended,
            "ended_at": ended,
            "out_of": _POINTS * len(items),
        }
        for person in people
    ]
    session.execute(insert(Attempt), rows)
    attempts = {
        row.person_id: row.id
        for row in session.execute(select(Attempt.person_id, Attempt.id).where(Attempt.sitting_id == sitting.id))
    }
    stems = _stems(session, [item.version_id for item, _points in items])
    questions = []
    for number, person in enumerate(people):
        knows = left[person.unit_id] > 0 if person.unit_id in left else number % 10 != _BEFORE
        if person.unit_id in left:
            left[person.unit_id] -= 1
        drawn = arrange(items, dice, shuffle_questions=True, shuffle_choices=True)
        known = set(dice.sample(range(len(drawn)), dice.choice((4, 5, 5) if knows else (0, 1, 2))))
        for place, each in enumerate(drawn):
            right = keys[stems[each.version_id]]
            answer = right if place in known else _WRONG.get(right, "D")
            questions.append({
                "attempt_id": attempts[person.id], "position": place + 1, "item_version_id": each.version_id,
                "points": each.points, "order": each.order, "answer": answer, "seq": 1,
            })  # fmt: skip
    session.execute(insert(Question), questions)
    grade(session, list(attempts.values()), now=ended)


def _stems(session: Session, version_ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(ItemVersion.id, ItemVersion.stem).where(ItemVersion.id.in_(version_ids)))
    return {row.id: row.stem for row in rows}
