"""A sitting from its plan to its close: what is refused, what grants change at once, what keeps it from closing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from scheduler.agenda.models import Activity, Attendance
from scheduler.agenda.terms import Consent, NeedsConfirmation
from scheduler.core.errors import Missing, Refusal
from scheduler.core.periods import Span
from scheduler.quizzes.actions.attempts import call_off, hand_in, start_attempt
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.grants import grant, withdraw_grant
from scheduler.quizzes.actions.results import follow
from scheduler.quizzes.actions.sittings import cancel_sitting, change_rules, move_sitting, plan_sitting, release_results
from scheduler.quizzes.models import Attempt, Candidate, ItemVersion, Paper, Question, Sitting
from scheduler.quizzes.queries.live import live_board
from scheduler.quizzes.queries.own import own_sittings, shows_keys
from scheduler.quizzes.rules.timing import let_in_at
from scheduler.quizzes.tasks import close_due, sweep_attempts
from scheduler.quizzes.terms.attempts import AttemptState, Doing
from scheduler.quizzes.terms.papers import LATELY
from scheduler.quizzes.terms.results import Outcome
from scheduler.quizzes.terms.retraining import DEFERRAL
from scheduler.quizzes.terms.sittings import Concession, SittingPlan, SittingRules
from tests.cast import Cast, Persona
from tests.quizzes.stage import SYSTEM, ZONE, Stage, set_stage
from tests.quizzes.stage_results import hold, items

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
CLOSES = NOW + timedelta(hours=2)
GRACE = timedelta(seconds=60)
EDGE: dict[str, Any] = {"installation_id": "test.local", "zone": ZONE}
MORE, EXEMPT, DEFERRED = Concession.MORE_TIME, Concession.EXEMPT, Concession.DEFERRED


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def stage(session: "Session", cast: Cast) -> Stage:
    return set_stage(session, cast, opens=NOW, now=BEFORE, length_minutes=30)


def start(session: "Session", cast: Cast, stage: Stage, *, at: datetime, who: Persona = Persona.TRAINEE) -> Attempt:
    return session.get_one(Attempt, start_attempt(session, cast.actor(session, who), stage.sitting_id, now=at))


def plan(cast: Cast, paper: int, **changes: Any) -> SittingPlan:
    usual = SittingPlan("小测", paper, Span(NOW + timedelta(days=1), CLOSES + timedelta(days=1)), cast.units["A"])
    return replace(usual, **{"unit_ids": (cast.units["A1"],), **changes})


def _rules(**changed: Any) -> SittingRules:
    return SittingRules(**changed)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit_ids": ()}, "units"),
        ({"paper_id": 999}, "paper"),
        *(
            ({"rules": _rules(**{name: value})}, name)
            for name, values in {
                "length_minutes": (0, 1441),
                "attempts": (0, 21),
                "pass_mark": (0, 101),
                "threshold": (0, 101),
                "smallest_unit": (0, 1001),
                "stagger_minutes": (-1, 721),
                "regrade_days": (-1, 91),
                "confirm_days": (-1, 91),
            }.items()
            for value in values
        ),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
def test_what_no_sitting_can_be(
    session: "Session", cast: Cast, stage: Stage, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        plan_sitting(session, SYSTEM, plan(cast, stage.paper_id, **changes), now=BEFORE, **EDGE)
    assert refused.value.field == field


def test_a_sitting_needs_an_audience_a_paper_that_asks_and_a_host_of_the_actors(
    session: "Session", cast: Cast, stage: Stage
) -> None:
    admin, officer = cast.actor(session, Persona.ADMIN), cast.actor(session, Persona.OFFICER)
    nothing = Paper(name="空卷")
    session.add(nothing)
    session.flush()
    for actor, wanted, expected in (
        (admin, plan(cast, nothing.id), "This paper asks nothing."),
        (admin, plan(cast, stage.paper_id, audience_id=999), None),
        (admin, plan(cast, stage.paper_id, host_unit_id=999), None),
        (officer, plan(cast, stage.paper_id), None),
    ):
        with pytest.raises(Refusal if expected else Missing) as refused:
            plan_sitting(session, actor, wanted, now=BEFORE, **EDGE)
        assert expected is None or refused.value.message_id == expected
    made = plan_sitting(session, admin, plan(cast, stage.paper_id), now=BEFORE, **EDGE)
    due = session.scalars(select(Attendance.person_id).where(Attendance.activity_id == made.activity_id))
    a1 = (Persona.LECTURER, Persona.MENTOR, Persona.TRAINEE, Persona.FELLOW)
    assert set(due) == {cast.people[one] for one in a1}


def test_who_is_busy_is_asked_about_and_then_it_stands(session: "Session", cast: Cast, stage: Stage) -> None:
    at_once = plan(cast, stage.paper_id, span=Span(NOW + minutes(30), CLOSES))
    saved = session.begin_nested()
    with pytest.raises(NeedsConfirmation):
        plan_sitting(session, SYSTEM, at_once, now=BEFORE, **EDGE)
    saved.rollback()
    plan_sitting(session, SYSTEM, at_once, consent=Consent(confirmed=True), now=BEFORE, **EDGE)


def test_rules_and_time_stand_from_the_opening_on(session: "Session", cast: Cast, stage: Stage) -> None:
    admin = cast.actor(session, Persona.ADMIN)
    sitting = session.get_one(Sitting, stage.sitting_id)
    last = NOW - timedelta(milliseconds=1)

    def facts() -> dict[str, Any]:
        activity = session.get_one(Activity, stage.activity_id)
        return {"version": activity.version, "reason": "设备故障"}

    later = Span(NOW + timedelta(days=2), CLOSES + timedelta(days=2))
    longer = SittingRules(length_minutes=45)
    for at in (NOW, NOW + minutes(1), CLOSES):
        with pytest.raises(Refusal, match="rules stand"):
            change_rules(session, admin, sitting.id, longer, version=sitting.version, now=at)
        with pytest.raises(Refusal, match="its time stands"):
            move_sitting(session, admin, sitting.id, later, consent=Consent(), zone=ZONE, now=at, **facts())
        with pytest.raises(Refusal, match="cannot be cancelled"):
            cancel_sitting(session, admin, sitting.id, now=at, **facts())
    with pytest.raises(Refusal):  # somebody else was faster
        change_rules(session, admin, sitting.id, longer, version=sitting.version + 1, now=last)
    with pytest.raises(Refusal):
        change_rules(session, admin, sitting.id, SittingRules(attempts=0), version=sitting.version, now=last)
    assert change_rules(session, admin, sitting.id, longer, version=sitting.version, now=last).length_minutes == 45
    move_sitting(session, admin, sitting.id, later, consent=Consent(), zone=ZONE, now=last, **facts())
    assert session.get_one(Activity, stage.activity_id).starts_at == later.start
    cancel_sitting(session, admin, sitting.id, now=NOW, **facts())
    with pytest.raises(Missing):
        start(session, cast, stage, at=later.start)
    assert close_due(session, now=later.end + timedelta(days=1)) == 0


def test_only_whoever_holds_a_sitting_changes_it(session: "Session", cast: Cast, stage: Stage) -> None:
    for persona in (Persona.OFFICER, Persona.LEADER, Persona.TRAINEE):
        actor = cast.actor(session, persona)
        with pytest.raises(Missing):
            change_rules(session, actor, stage.sitting_id, SittingRules(), version=1, now=BEFORE)
        with pytest.raises(Missing):
            grant(session, actor, stage.sitting_id, MORE, person_id=actor.person_id, minutes=9, reason="x", now=BEFORE)
        with pytest.raises(Missing):
            release_results(session, actor, stage.sitting_id, now=CLOSES)


@pytest.mark.parametrize(
    ("concession", "facts", "field"),
    [
        (MORE, {"minutes": 10}, "person"),
        (MORE, {"minutes": 10, "person": Persona.TRAINEE, "unit": "A"}, "person"),
        (MORE, {"minutes": 10, "person": Persona.STRANGER}, "person"),
        (MORE, {"minutes": 10, "person": Persona.TRAINEE, "reason": "  "}, "reason"),
        (MORE, {"person": Persona.TRAINEE}, "minutes"),
        (MORE, {"minutes": 0, "person": Persona.TRAINEE}, "minutes"),
        (MORE, {"minutes": 1441, "person": Persona.TRAINEE}, "minutes"),
        (EXEMPT, {"minutes": 10, "person": Persona.TRAINEE}, "minutes"),
        (EXEMPT, {"unit": "A1"}, "concession"),
        (DEFERRED, {"unit": "A1"}, "concession"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
def test_what_cannot_be_granted(
    session: "Session", cast: Cast, stage: Stage, concession: Concession, facts: dict[str, Any], field: str
) -> None:
    person, unit = facts.get("person"), facts.get("unit")
    with pytest.raises(Refusal) as refused:
        grant(
            session,
            SYSTEM,
            stage.sitting_id,
            concession,
            person_id=cast.people[person] if person else None,
            unit_id=cast.units[unit] if unit else None,
            minutes=facts.get("minutes"),
            reason=facts.get("reason", "停电"),
            now=NOW,
        )
    assert refused.value.field == field


def test_the_most_lenient_grant_times_open_attempts_anew_at_once_also_backwards(
    session: "Session", cast: Cast, stage: Stage
) -> None:
    own = start(session, cast, stage, at=NOW)
    fellow = start(session, cast, stage, at=NOW + minutes(100), who=Persona.FELLOW)
    done = start(session, cast, stage, at=NOW, who=Persona.MENTOR)
    hand_in(session, cast.actor(session, Persona.MENTOR), done.id, [], key="k", now=NOW + minutes(5))
    at = NOW + minutes(29)

    def deadlines() -> tuple[int, int]:
        session.expire_all()
        assert done.deadline == NOW + minutes(30)
        return tuple(int((one.deadline - NOW) / minutes(1)) for one in (own, fellow))  # type: ignore[return-value] # two

    def give(number: int, **subject: int) -> int:
        return grant(session, SYSTEM, stage.sitting_id, MORE, minutes=number, reason="停电", now=at, **subject).id

    assert deadlines() == (30, 120)  # the close comes before the fellow's half hour is over
    whole_unit = give(10, unit_id=cast.units["A"])  # above theirs
    assert deadlines() == (40, 130)
    person = give(25, person_id=cast.people[Persona.TRAINEE])
    assert deadlines() == (55, 130)
    less = give(5, person_id=cast.people[Persona.TRAINEE])
    give(90, unit_id=cast.units["B"])
    assert deadlines() == (55, 130)
    withdraw_grant(session, SYSTEM, stage.sitting_id, person, now=at)
    assert deadlines() == (40, 130)
    late = NOW + minutes(37)
    withdraw_grant(session, SYSTEM, stage.sitting_id, whole_unit, now=late)
    assert deadlines() == (35, 120)
    assert (own.state, fellow.state) == (AttemptState.OVERDUE, AttemptState.IN_PROGRESS)
    give(20, person_id=cast.people[Persona.TRAINEE])
    assert deadlines() == (50, 120)
    assert own.state is AttemptState.IN_PROGRESS
    with pytest.raises(Missing):
        withdraw_grant(session, SYSTEM, stage.sitting_id, person, now=late)
    withdraw_grant(session, SYSTEM, stage.sitting_id, less, now=late)
    late_starter = start(session, cast, stage, at=NOW + minutes(115), who=Persona.LECTURER)
    assert late_starter.deadline == CLOSES


def test_more_time_opens_the_door_for_longer_and_nobody_elses(session: "Session", cast: Cast, stage: Stage) -> None:
    trainee = cast.people[Persona.TRAINEE]
    grant(session, SYSTEM, stage.sitting_id, MORE, person_id=trainee, minutes=20, reason="视力", now=BEFORE)
    with pytest.raises(Refusal, match="closed"):
        start(session, cast, stage, at=CLOSES, who=Persona.FELLOW)
    last = CLOSES + minutes(20) - timedelta(milliseconds=1)
    assert start(session, cast, stage, at=last).deadline == CLOSES + minutes(20)
    with pytest.raises(Refusal, match="opens for you"):
        start(session, cast, stage, at=NOW - timedelta(milliseconds=1), who=Persona.FELLOW)


def test_a_sitting_closes_only_after_the_last_of_its_people(session: "Session", cast: Cast, stage: Stage) -> None:
    trainee, fellow = cast.people[Persona.TRAINEE], cast.people[Persona.FELLOW]
    grant(session, SYSTEM, stage.sitting_id, MORE, person_id=trainee, minutes=20, reason="视力", now=BEFORE)
    grant(session, SYSTEM, stage.sitting_id, EXEMPT, person_id=fellow, reason="产假", now=BEFORE)
    mentor = cast.people[Persona.MENTOR]
    grant(session, SYSTEM, stage.sitting_id, DEFERRED, person_id=mentor, reason="出差", now=BEFORE)
    attempt = start(session, cast, stage, at=CLOSES + minutes(10))
    over = CLOSES + minutes(20) + GRACE
    moment = timedelta(milliseconds=1)
    for at in (CLOSES + GRACE, over - moment, over):
        sweep_attempts(session, now=at)
        assert close_due(session, now=at) == 0  # more time first; then the attempt that may still be heard of
    with pytest.raises(Refusal, match="not closed"):
        release_results(session, SYSTEM, stage.sitting_id, now=over)
    sweep_attempts(session, now=over + moment)
    assert close_due(session, now=over + moment) == 1
    assert close_due(session, now=over + moment) == 0
    session.expire_all()
    assert attempt.ended_at == CLOSES + minutes(20)
    rows = session.execute(select(Candidate.person_id, Candidate.outcome)).all()
    outcomes = {row.person_id: row.outcome for row in rows}
    assert outcomes == {
        trainee: Outcome.FAILED,
        fellow: Outcome.EXEMPT,
        mentor: Outcome.DEFERRED,
        cast.people[Persona.LECTURER]: Outcome.ABSENT,
    }
    with pytest.raises(Refusal, match="closed"):
        start(session, cast, stage, at=over, who=Persona.LECTURER)


def test_one_who_was_deferred_sits_until_the_cut_off_and_keys_are_shown_to_nobody_before(
    session: "Session", cast: Cast, stage: Stage
) -> None:
    mentor = cast.people[Persona.MENTOR]
    grant(session, SYSTEM, stage.sitting_id, DEFERRED, person_id=mentor, reason="出差", now=BEFORE)
    sat = start(session, cast, stage, at=NOW)
    hand_in(session, cast.actor(session, Persona.TRAINEE), sat.id, [], key="k", now=NOW + minutes(5))
    grade(session, [sat.id], now=NOW)
    sitting = session.get_one(Sitting, stage.sitting_id)
    assert close_due(session, now=CLOSES + GRACE) == 1
    session.expire_all()
    cut_off = CLOSES + GRACE + DEFERRAL

    (own,) = own_sittings(session, cast.actor(session, Persona.MENTOR), now=CLOSES + GRACE)
    assert (own.closes, own.released) == (cut_off, True)
    assert own_sittings(session, cast.actor(session, Persona.TRAINEE), now=CLOSES + GRACE)[0].closes == CLOSES
    assert not shows_keys(session, sitting, CLOSES + GRACE)
    with pytest.raises(Refusal, match="closed"):
        start(session, cast, stage, at=cut_off, who=Persona.MENTOR)
    late = start(session, cast, stage, at=cut_off - minutes(10), who=Persona.MENTOR)
    assert late.deadline == cut_off
    hand_in(session, cast.actor(session, Persona.MENTOR), late.id, [], key="k", now=cut_off - minutes(5))
    grade(session, [late.id], now=cut_off)
    follow(session, sitting.id, [mentor], now=cut_off - minutes(5))
    assert session.get_one(Candidate, (sitting.id, mentor)).outcome is Outcome.FAILED
    sitting.settled_at = cut_off
    session.flush()
    assert shows_keys(session, sitting, cut_off)


def test_a_draw_keeps_away_from_what_the_person_was_asked_lately(session: "Session", cast: Cast) -> None:
    for item in items(session, 10):
        facts: dict[str, Any] = {"stem": f"题{item.id}", "choices": ["甲", "乙"], "key": "A"}
        session.add(ItemVersion(item_id=item.id, number=1, kind=item.kind, made_at=BEFORE, **facts))
    trainee = cast.actor(session, Persona.TRAINEE)
    asked: list[set[int]] = []
    later = (timedelta(0), timedelta(days=30), timedelta(days=60), LATELY + timedelta(days=31))
    for since in later:
        held = hold(session, cast, [cast.people[Persona.TRAINEE]], at=NOW + since)
        attempt = start_attempt(session, trainee, held.id, now=NOW + since)
        drawn = select(ItemVersion.item_id).join(Question, Question.item_version_id == ItemVersion.id)
        asked.append(set(session.scalars(drawn.where(Question.attempt_id == attempt))))
    assert [len(one) for one in asked] == [5, 5, 5, 5]
    assert not asked[0] & asked[1]
    assert not asked[2] & asked[3]  # by the third all had been seen; by the fourth only what the third asked is lately


def test_called_off_it_counts_as_not_sat_and_another_may_begin(session: "Session", cast: Cast, stage: Stage) -> None:
    sitting = session.get_one(Sitting, stage.sitting_id)
    trainee = cast.actor(session, Persona.TRAINEE)
    first = start(session, cast, stage, at=NOW)
    assert start(session, cast, stage, at=NOW) is first
    hand_in(session, trainee, first.id, [], key="k", now=NOW + minutes(5))
    with pytest.raises(Refusal, match="all the attempts"):
        start(session, cast, stage, at=NOW + minutes(6))
    with pytest.raises(Refusal, match="why"):
        call_off(session, SYSTEM, sitting, first.id, "  ", now=NOW + minutes(6))
    call_off(session, SYSTEM, sitting, first.id, "代考", now=NOW + minutes(6))
    with pytest.raises(Missing):
        call_off(session, SYSTEM, sitting, first.id, "代考", now=NOW + minutes(6))
    (own,) = own_sittings(session, trainee, now=NOW + minutes(6))
    assert (own.made, own.attempts) == (0, 1)
    board, counts = live_board(session, sitting, now=NOW + minutes(6))
    assert (len(board), counts[Doing.NOT_STARTED]) == (4, 4)
    second = start(session, cast, stage, at=NOW + minutes(7))
    assert (second.number, first.state) == (2, AttemptState.ABANDONED)
    call_off(session, SYSTEM, sitting, second.id, "停电", now=NOW + minutes(8))
    assert second.ended_at == NOW + minutes(8)
    assert close_due(session, now=CLOSES + GRACE) == 1
    follow(session, sitting.id, None, now=CLOSES + GRACE)
    outcome = select(Candidate.outcome).where(Candidate.person_id == trainee.person_id)
    assert session.scalar(outcome) is Outcome.ABSENT


@pytest.mark.parametrize("allowed", [1, 3])
def test_so_many_attempts_are_allowed(session: "Session", cast: Cast, allowed: int) -> None:
    stage = set_stage(session, cast, opens=NOW, now=BEFORE, length_minutes=30, attempts=allowed)
    trainee = cast.actor(session, Persona.TRAINEE)
    for number in range(1, allowed + 1):
        attempt = start(session, cast, stage, at=NOW + minutes(number))
        assert attempt.number == number
        hand_in(session, trainee, attempt.id, [], key=f"k{number}", now=NOW + minutes(number))
    with pytest.raises(Refusal, match="all the attempts"):
        start(session, cast, stage, at=NOW + minutes(30))


def test_each_is_let_in_at_a_moment_of_their_own(session: "Session", cast: Cast) -> None:
    stage = set_stage(session, cast, opens=NOW, now=BEFORE, stagger_minutes=30)
    for persona in (Persona.TRAINEE, Persona.FELLOW):
        mine = let_in_at(NOW, 30, stage.sitting_id, cast.people[persona])
        if mine > NOW:
            with pytest.raises(Refusal, match="opens for you"):
                start(session, cast, stage, at=mine - timedelta(milliseconds=1), who=persona)
        assert start(session, cast, stage, at=mine, who=persona).started_at == mine
