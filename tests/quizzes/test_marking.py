"""Marking by people, blind and twice where that is asked; rulings that mark a whole sitting anew."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from scheduler.core.database import Base
from scheduler.core.errors import Missing, Refusal
from scheduler.quizzes.actions.attempts import hand_in, start_attempt
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.actions.marking import mark_answer
from scheduler.quizzes.actions.rulings import rule_item
from scheduler.quizzes.models import Attempt, Candidate, ItemVersion, Question, Ruling, Sitting, UnitResult
from scheduler.quizzes.queries.attempts import to_mark
from scheduler.quizzes.rules.grading import shown_answer
from scheduler.quizzes.tasks import close_due
from scheduler.quizzes.terms.attempts import AttemptState, Sent
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.terms.results import Outcome
from tests.cast import Cast, Persona
from tests.quizzes.stage import SYSTEM, Stage, set_stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
CLOSED = NOW + timedelta(hours=2, minutes=1)
TRAINEE, FELLOW, MENTOR, LECTURER = Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR, Persona.LECTURER
SINGLE, MULTIPLE, FILL, SHORT = ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.FILL, ItemKind.SHORT
RIGHT = {SINGLE: "C", MULTIPLE: "ABC", ItemKind.TRUE_FALSE: "T", FILL: "2"}


def sit(session: "Session", cast: Cast, stage: Stage, who: Persona, answers: dict[ItemKind, str]) -> Attempt:
    """Let somebody answer, letters as in the bank, and hand in."""
    actor = cast.actor(session, who)
    attempt_id = start_attempt(session, actor, stage.sitting_id, now=NOW)
    kinds = {version: kind for kind, version in stage.versions.items()}
    sent = []
    for question in session.scalars(select(Question).where(Question.attempt_id == attempt_id)):
        answer = answers.get(kinds[question.item_version_id], "")
        sent.append(Sent(question.position, shown_answer(answer, question.order), 0))
    hand_in(session, actor, attempt_id, sent, key="k", now=NOW + timedelta(minutes=5))
    grade(session, [attempt_id], now=NOW)
    return session.get_one(Attempt, attempt_id)


def place(session: "Session", stage: Stage, attempt: Attempt, kind: ItemKind = SHORT) -> int:
    asked = Question.item_version_id == stage.versions[kind]
    return session.scalars(select(Question.position).where(Question.attempt_id == attempt.id, asked)).one()


def digest(session: "Session") -> dict[str, list[Any]]:
    """Return every row of every table."""
    session.flush()
    return {
        table.name: sorted(map(repr, session.execute(text(f'SELECT * FROM "{table.name}"'))))  # noqa: S608 - our names
        for table in Base.metadata.sorted_tables
    }


def test_the_queue_is_blind_and_holds_no_answer_of_the_markers_own(session: "Session", cast: Cast) -> None:
    stage = set_stage(session, cast, opens=NOW, now=BEFORE)
    sitting = session.get_one(Sitting, stage.sitting_id)
    own = sit(session, cast, stage, LECTURER, {SHORT: "自己的"})
    other = sit(session, cast, stage, TRAINEE, {**RIGHT, SHORT: "选点、方案"})
    blank = sit(session, cast, stage, FELLOW, {SHORT: ""})
    assert (blank.state, blank.score) == (AttemptState.GRADED, 0)  # nothing waits for a person
    lecturer, admin = cast.actor(session, LECTURER), cast.actor(session, Persona.ADMIN)
    (row,), total = to_mark(session, lecturer, sitting)
    assert (row.answer, total) == ("选点、方案", 1)
    assert not {*map(str, asdict(row).values())} & {"田瑞", TRAINEE.value}
    assert to_mark(session, admin, sitting)[1] == 2
    marked = place(session, stage, other)

    def refuse(actor: "Actor", attempt: Attempt, position: int, score: int, error: type[Refusal] = Missing) -> None:
        with pytest.raises(error):
            mark_answer(session, actor, sitting, attempt.id, position, score=score, now=CLOSED)

    refuse(lecturer, own, place(session, stage, own), 400)
    refuse(lecturer, other, place(session, stage, other, SINGLE), 100)
    refuse(lecturer, other, 99, 100)
    refuse(lecturer, other, marked, 401, Refusal)
    refuse(lecturer, other, marked, -1, Refusal)
    mark_answer(session, lecturer, sitting, other.id, marked, score=250, remark="不错", now=CLOSED)
    assert (other.state, other.score, other.passed) == (AttemptState.GRADED, 1050, True)
    assert to_mark(session, lecturer, sitting)[1] == 0
    with pytest.raises(Refusal):  # it has its mark
        mark_answer(session, admin, sitting, other.id, marked, score=0, now=CLOSED)
    assert other.score == 1050


def test_two_mark_each_answer_and_a_third_where_they_differ(session: "Session", cast: Cast) -> None:
    stage = set_stage(session, cast, opens=NOW, now=BEFORE, double_marking=True)
    sitting = session.get_one(Sitting, stage.sitting_id)
    agreed = sit(session, cast, stage, TRAINEE, {SHORT: "甲"})
    disputed = sit(session, cast, stage, FELLOW, {SHORT: "乙"})
    first, second, third, fourth = (
        cast.actor(session, who) for who in (Persona.ADMIN, LECTURER, Persona.OFFICER, Persona.LEADER)
    )

    def give(actor: "Actor", attempt: Attempt, score: int) -> tuple[AttemptState, int | None]:
        mark_answer(session, actor, sitting, attempt.id, place(session, stage, attempt), score=score, now=CLOSED)
        return attempt.state, attempt.score

    def waits(actor: "Actor") -> list[str]:
        return sorted(row.answer for row in to_mark(session, actor, sitting)[0])

    waiting, graded = AttemptState.SUBMITTED, AttemptState.GRADED
    assert give(first, agreed, 0) == (waiting, None)
    assert give(first, agreed, 200) == (waiting, None)  # the own mark, changed: still one
    assert waits(first) == ["乙"]
    assert waits(second) == ["乙", "甲"]
    assert give(second, agreed, 301) == (graded, 250)
    assert give(first, disputed, 400) == (waiting, None)
    assert give(second, disputed, 0) == (waiting, None)
    assert waits(first) == waits(second) == []
    assert waits(third) == ["乙"]
    assert give(third, disputed, 300) == (graded, 300)
    assert waits(fourth) == []
    with pytest.raises(Refusal):
        give(fourth, disputed, 0)
    with pytest.raises(Refusal):
        give(first, disputed, 0)
    assert disputed.score == 300


@pytest.fixture
def stage(session: "Session", cast: Cast) -> Stage:
    """Let four sit: of eight points, five pass; then the sitting closes."""
    stage = set_stage(session, cast, opens=NOW, now=BEFORE, without=frozenset({SHORT}), smallest_unit=1)
    sit(session, cast, stage, TRAINEE, RIGHT)
    sit(session, cast, stage, FELLOW, {**RIGHT, SINGLE: "B", FILL: "贰"})  # 4 of 8: not passed
    sit(session, cast, stage, MENTOR, {SINGLE: "B"})
    sit(session, cast, stage, LECTURER, {**RIGHT, MULTIPLE: ""})  # 5 of 8
    assert close_due(session, now=CLOSED) == 1
    return stage


def outcome(session: "Session", cast: Cast, stage: Stage) -> tuple[dict[str, Outcome], int]:
    session.expire_all()
    rows = session.execute(
        select(Candidate.person_id, Candidate.outcome).where(Candidate.sitting_id == stage.sitting_id)
    )
    by_id = {row.person_id: row.outcome for row in rows}
    passed = session.scalars(select(UnitResult.passed).where(UnitResult.sitting_id == stage.sitting_id)).one()
    return {who.name: by_id[cast.people[who]] for who in (TRAINEE, FELLOW, MENTOR, LECTURER)}, passed


P, F = Outcome.PASSED, Outcome.FAILED


@pytest.mark.parametrize(
    ("kind", "ruling", "flips", "after"),
    [
        (SINGLE, {"key": "B"}, [("方路", False, True), ("陆江", True, False)], (P, P, F, F)),
        (SINGLE, {"void": True}, [("方路", False, True)], (P, P, F, P)),
        (FILL, {"accepted": "贰|2"}, [("方路", False, True)], (P, P, F, P)),
        (MULTIPLE, {"key": "ABCD"}, [("田瑞", True, True)], (P, F, F, P)),
    ],
)
def test_a_ruling_names_who_flips_and_changes_nothing_until_it_is_for_good(
    session: "Session",
    cast: Cast,
    stage: Stage,
    kind: ItemKind,
    ruling: dict[str, Any],
    flips: list[tuple[str, bool, bool]],
    after: tuple[Outcome, ...],
) -> None:
    sitting = session.get_one(Sitting, stage.sitting_id)
    flips = [flip for flip in flips if flip[1] != flip[2]]
    assert outcome(session, cast, stage) == ({"TRAINEE": P, "FELLOW": F, "MENTOR": F, "LECTURER": P}, 2)
    facts = {"void": False, "reason": "答案有误", "now": CLOSED, **ruling}
    before = digest(session)
    tried = rule_item(session, SYSTEM, sitting, stage.versions[kind], dry_run=True, **facts)
    assert digest(session) == before
    assert sorted(tried.people) == sorted(flips)
    passed = after.count(P)
    assert tried.units == ([] if passed == 2 else [("财政局", 2, passed, 4)])
    assert rule_item(session, SYSTEM, sitting, stage.versions[kind], dry_run=False, **facts) == tried
    assert outcome(session, cast, stage) == (
        dict(zip(("TRAINEE", "FELLOW", "MENTOR", "LECTURER"), after, strict=True)),
        passed,
    )
    assert rule_item(session, SYSTEM, sitting, stage.versions[kind], dry_run=True, **facts).people == []


def test_only_the_best_attempt_of_a_person_flips(session: "Session", cast: Cast) -> None:
    held = set_stage(session, cast, opens=NOW, now=BEFORE, without=frozenset({SHORT}), attempts=2)
    sit(session, cast, held, TRAINEE, RIGHT)
    sit(session, cast, held, TRAINEE, {**RIGHT, SINGLE: "B", FILL: "贰"})
    sit(session, cast, held, FELLOW, {**RIGHT, SINGLE: "B", FILL: "贰"})
    facts: dict[str, Any] = {"void": False, "accepted": "贰|2", "reason": "答案有误", "dry_run": False, "now": CLOSED}
    sitting = session.get_one(Sitting, held.sitting_id)
    assert rule_item(session, SYSTEM, sitting, held.versions[FILL], **facts).people == [("方路", False, True)]


def test_what_is_void_is_worth_its_points_to_everybody(session: "Session", cast: Cast, stage: Stage) -> None:
    sitting = session.get_one(Sitting, stage.sitting_id)
    rule_item(session, SYSTEM, sitting, stage.versions[MULTIPLE], void=True, reason="超纲", dry_run=False, now=CLOSED)
    scores = session.scalars(select(Question.score).where(Question.item_version_id == stage.versions[MULTIPLE])).all()
    assert scores == [300] * 4
    del cast


@pytest.mark.parametrize(
    ("kind", "ruling", "kept"),
    [
        (SINGLE, {"key": ""}, None),
        (SINGLE, {"key": "B", "void": True}, None),
        (SINGLE, {"key": "AB"}, None),
        (SINGLE, {"key": "E"}, None),
        (SINGLE, {"key": "右"}, None),
        (SINGLE, {"key": "B", "reason": "  "}, None),
        (MULTIPLE, {"key": "A" * 21}, "A"),
        (MULTIPLE, {"key": "d、B\uff0ca"}, "ABD"),
        (ItemKind.TRUE_FALSE, {"key": "A"}, None),
        (ItemKind.TRUE_FALSE, {"key": "错"}, "F"),
        (FILL, {"accepted": " | "}, None),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
def test_a_key_that_no_answer_could_meet_is_refused(
    session: "Session", stage: Stage, kind: ItemKind, ruling: dict[str, Any], kept: str | None
) -> None:
    sitting = session.get_one(Sitting, stage.sitting_id)
    facts = {"void": False, "reason": "答案有误", **ruling}
    if kept is None:
        with pytest.raises(Refusal):
            rule_item(session, SYSTEM, sitting, stage.versions[kind], dry_run=False, now=CLOSED, **facts)
        assert session.scalars(select(Ruling.id)).all() == []
        return
    rule_item(session, SYSTEM, sitting, stage.versions[kind], dry_run=False, now=CLOSED, **facts)
    assert session.scalars(select(Ruling.key)).one() == kept


def test_only_what_was_asked_is_ruled_upon(session: "Session", stage: Stage) -> None:
    sitting = session.get_one(Sitting, stage.sitting_id)
    for version in (stage.versions[SHORT], 999):
        with pytest.raises(Missing):
            rule_item(session, SYSTEM, sitting, version, void=True, reason="超纲", dry_run=False, now=CLOSED)
    assert session.scalars(select(ItemVersion.key).where(ItemVersion.id == stage.versions[SINGLE])).one() == "C"
