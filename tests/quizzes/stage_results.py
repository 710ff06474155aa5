"""Rows of sittings, attempts and grants, written directly: what results are computed from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.agenda.actions import create_activities, create_audience, enrol
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, MembershipSource
from scheduler.core.access import system_actor
from scheduler.core.periods import Span
from scheduler.people.models import Person
from scheduler.quizzes.models import Attempt, Grant, Item, Paper, PaperItem, PaperRule, Sitting
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import Difficulty, ItemKind
from scheduler.quizzes.terms.sittings import Concession, SittingRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("tests")
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, 2 March 2026, 9:00: when the sittings begin."""
CLOSE = NOW + timedelta(hours=1)
SETTLE = CLOSE + timedelta(days=3)
EDGE: dict[str, Any] = {"installation_id": "test.invalid", "zone": ZONE}
_numbers = count(1)


@dataclass(frozen=True)
class Held:
    """A sitting with those who are due at it."""

    id: int
    people: tuple[int, ...]

    def of(self, session: "Session") -> Sitting:
        return session.get_one(Sitting, self.id)


def crowd(session: "Session", cast: "Cast", unit: str, number: int) -> list[int]:
    """Add that many people to a unit of the cast."""
    people = [Person(staff_no=f"Q{next(_numbers)}", name="考生", unit_id=cast.units[unit]) for _ in range(number)]
    session.add_all(people)
    session.flush()
    return [person.id for person in people]


def items(session: "Session", number: int, *, topic: str = "法规") -> list[Item]:
    """Put items without words into the bank: results ask nothing of what they say."""
    new = [
        Item(kind=ItemKind.SINGLE, topic=topic, difficulty=Difficulty.EASY, digest=f"d{next(_numbers)}")
        for _ in range(number)
    ]
    session.add_all(new)
    session.flush()
    return new


def paper(session: "Session", fixed: "Sequence[Item]" = ()) -> Paper:
    """Make a paper of these items, or one that draws."""
    made = Paper(name=f"试卷{next(_numbers)}")
    session.add(made)
    session.flush()
    for position, item in enumerate(fixed, start=1):
        session.add(PaperItem(paper_id=made.id, position=position, item_id=item.id, points=5))
    if not fixed:
        session.add(PaperRule(paper_id=made.id, position=1, topic="法规", count=5, points=2))
    session.flush()
    return made


def hold(
    session: "Session",
    cast: "Cast",
    people: "Sequence[int]",
    *,
    at: datetime = NOW,
    host: str = "CITY",
    of: Paper | None = None,
    **rules: Any,
) -> Held:
    """Hold a sitting of an hour for these people, hosted by a unit of the cast."""
    number, host_id = next(_numbers), cast.units[host]
    audience = create_audience(session, SYSTEM, AudienceKind.PEOPLE, f"Q{number}", f"应考{number}", host_id, now=at)
    enrol(session, SYSTEM, audience.id, people, source=MembershipSource.NAMED, now=at)
    plan = ActivityPlan(ActivityKind.QUIZ, f"每月一考{number}", Span(at, at + timedelta(hours=1)), audience.id, host_id)
    (activity,) = create_activities(session, SYSTEM, [plan], now=at, **EDGE)
    settings = SittingRules(**rules)
    sitting = Sitting(
        activity_id=activity.id,
        paper_id=(of or paper(session)).id,
        **{name: getattr(settings, name) for name in SittingRules.__slots__},
    )
    session.add(sitting)
    session.flush()
    return Held(sitting.id, tuple(people))


def sit(
    session: "Session",
    sitting_id: int,
    person_id: int,
    *,
    passed: bool | None = None,
    state: AttemptState | None = None,
    number: int = 1,
    score: int | None = None,
) -> Attempt:
    """Write an attempt: graded as passed or not, or in another state."""
    state = state or (AttemptState.SUBMITTED if passed is None else AttemptState.GRADED)
    is_open = state in {AttemptState.IN_PROGRESS, AttemptState.OVERDUE}
    attempt = Attempt(
        sitting_id=sitting_id,
        person_id=person_id,
        number=number,
        state=state,
        started_at=NOW,
        heard_at=NOW,
        deadline=NOW + timedelta(hours=1),
        ended_at=None if is_open else NOW + timedelta(minutes=30),
        out_of=100,
        passed=passed,
        score=None if passed is None else score if score is not None else 8000 if passed else 3000,
    )
    session.add(attempt)
    session.flush()
    return attempt


def regrade(attempt: Attempt, *, passed: bool) -> None:
    """Give a graded attempt another result."""
    attempt.passed, attempt.score = passed, 9000 if passed else 1000


def grant(session: "Session", sitting_id: int, person_id: int, concession: Concession) -> Grant:
    made = Grant(sitting_id=sitting_id, person_id=person_id, concession=concession, reason="产假", made_at=NOW)
    session.add(made)
    session.flush()
    return made


def take(session: "Session", held: Held, passing: int) -> list[Attempt]:
    """Let everybody sit; the first `passing` pass."""
    return [sit(session, held.id, person, passed=number < passing) for number, person in enumerate(held.people)]
