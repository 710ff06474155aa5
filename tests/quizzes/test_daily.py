"""A question a day: who is asked what, when, and that no key leaves before its release."""

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, func, select, update

from scheduler.agenda.models import Activity, CalendarDay
from scheduler.agenda.terms import DayKind
from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.core.errors import Missing, Refusal
from scheduler.jobs.tasks.runner import Runner
from scheduler.jobs.tasks.works import works
from scheduler.notices.models import News, Notice
from scheduler.people.models import RoleGrant
from scheduler.quizzes.actions.attempts import draw
from scheduler.quizzes.actions.daily import answer_daily, ask_everybody, opt_in, opt_out
from scheduler.quizzes.actions.papers import create_paper
from scheduler.quizzes.actions.sittings import cancel_sitting
from scheduler.quizzes.models import (
    Attempt,
    DailyChoice,
    DailyQuestion,
    Grant,
    Item,
    ItemVersion,
    PaperItem,
    Question,
    Ruling,
    Sitting,
)
from scheduler.quizzes.queries.daily import askable, own_questions, unreleased_items
from scheduler.quizzes.rules.daily import choose, next_asking, turns
from scheduler.quizzes.rules.drawing import Drawable
from scheduler.quizzes.tasks import ask_daily
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import Difficulty, ItemKind
from scheduler.quizzes.terms.papers import LATELY, DrawRule, PaperPlan
from scheduler.quizzes.terms.sittings import Concession, Release
from tests.cast import Cast, Persona
from tests.quizzes.daily_bank import NOW, TODAY, asked, crowd, items, leave, saw
from tests.quizzes.stage import SYSTEM, ZONE, Stage, fill_bank, set_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

DAY = timedelta(days=1)
FRIDAY = TODAY + DAY


def drawable(item_id: int) -> Drawable:
    return Drawable(item_id, item_id, ItemKind.TRUE_FALSE, "", Difficulty.EASY, 0)


@given(size=st.integers(1, 12), asked=st.lists(st.integers(0, 11), max_size=30), seed=st.integers(0, 2**32))
def test_the_choice_is_away_from_what_was_asked_else_what_was_asked_longest_ago(
    size: int, asked: list[int], seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    found = choose([drawable(number) for number in range(size)], turns(asked), chance).item_id
    if set(range(size)) - set(asked):
        assert found not in asked
    else:
        lately = asked[::-1]
        assert lately.index(found) == max(lately.index(number) for number in range(size))


@pytest.mark.parametrize(
    ("now", "has_one", "comes"),
    [
        ("2026-03-05T06:00", False, "2026-03-05"),
        ("2026-03-05T06:00", True, "2026-03-06"),
        ("2026-03-05T07:30", False, "2026-03-06"),
        ("2026-03-06T12:00", True, "2026-03-09"),
        ("2026-03-07T12:00", False, "2026-03-09"),
    ],
)
def test_the_next_comes_on_the_next_working_day(now: str, *, has_one: bool, comes: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    found = next_asking(instant, ZONE, lambda day: day.weekday() < 5, has_one=has_one)
    assert found == datetime.fromisoformat(f"{comes}T07:30").replace(tzinfo=ZONE)


_SLOTS = [
    pytest.param(TODAY, TODAY, True, id="a working day"),
    pytest.param(date(2026, 3, 7), date(2026, 3, 7), False, id="a Saturday"),
    pytest.param(date(2026, 3, 14), date(2026, 3, 14), True, id="an adjusted Saturday"),
    pytest.param(date(2026, 3, 16), date(2026, 3, 16), False, id="a holiday"),
    pytest.param(TODAY, FRIDAY, False, id="a slot of yesterday, after an outage"),
]


@pytest.mark.parametrize(("slot", "day", "asks"), _SLOTS)
def test_questions_come_on_working_days_and_none_is_made_up_for(
    cast: Cast, session: "Session", slot: date, day: date, *, asks: bool
) -> None:
    items(session, 3)
    crowd(session, cast, 2)
    for marked, kind in ((date(2026, 3, 14), DayKind.WORK), (date(2026, 3, 16), DayKind.OFF)):
        session.add(CalendarDay(day=marked, kind=kind, name_zh="调", name_en="x", source="test"))
    session.flush()
    due, now = (datetime(at.year, at.month, at.day, 7, 30, tzinfo=ZONE) for at in (slot, day))
    assert ask_daily(session, due, zone=ZONE, now=now) == (2 if asks else 0)
    assert ask_daily(session, due, zone=ZONE, now=now) == 0, "asked once"
    days = set(session.scalars(select(DailyQuestion.day)))
    assert days == ({day} if asks else set())


def test_who_is_asked_is_told_once_and_nobody_else_is(cast: Cast, session: "Session") -> None:
    items(session, 3)
    here, left, jobless = crowd(session, cast, 3)
    leave(session, left)
    session.execute(update(RoleGrant).where(RoleGrant.person_id == jobless).values(ended_at=NOW))
    assert ask_everybody(session, TODAY, now=NOW) == 1
    assert ask_everybody(session, TODAY, now=NOW + DAY / 24) == 0
    notice = session.scalars(select(Notice)).one()
    assert (notice.recipient_id, notice.kind, notice.address) == (here, "daily_question", "/quizzes/daily")
    assert asked(session, left) is asked(session, jobless) is None


def test_after_days_without_power_only_the_present_day_is_asked(cast: Cast, database: "Sessions") -> None:
    with database.write() as session:
        items(session, 5)
        (person,) = crowd(session, cast, 1)
    runner = Runner(database, [work for work in works(ZONE) if work.job.name == "ask_daily"], ZONE)
    for at in (NOW - 3 * DAY, NOW + timedelta(hours=2), NOW + timedelta(hours=3)):
        with clock.fixed(at):
            assert runner.run_due().failed == 0
    with database.read() as session:
        asked_on = session.scalars(select(DailyQuestion.day).where(DailyQuestion.person_id == person)).all()
    assert sorted(asked_on) == [TODAY - 3 * DAY, TODAY]


def test_a_question_whose_notice_cannot_be_written_is_not_asked(cast: Cast, database: "Sessions") -> None:
    with database.write() as session:
        items(session, 5)
        crowd(session, cast, 2)

    def cut(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO notice"):
            raise ConnectionError

    event.listen(database.engine, "before_cursor_execute", cut)
    with pytest.raises(ConnectionError), database.write() as session:
        ask_everybody(session, TODAY, now=NOW)
    event.remove(database.engine, "before_cursor_execute", cut)
    with database.write() as session:
        assert session.scalar(select(func.count()).select_from(DailyQuestion)) == 0
        assert ask_everybody(session, TODAY, now=NOW) == 2


def test_what_machines_cannot_grade_what_is_retired_or_ruled_upon_is_not_asked(cast: Cast, session: "Session") -> None:
    stage = held(session, cast, closed_at=NOW - 9 * DAY)
    (retired,) = items(session, 1)
    session.execute(update(Item).where(Item.id == retired).values(retired_at=NOW))
    ruled = stage.versions[ItemKind.FILL]
    session.add(Ruling(sitting_id=stage.sitting_id, item_version_id=ruled, void=True, reason="错", made_at=NOW))
    revised = session.get_one(ItemVersion, stage.versions[ItemKind.SINGLE]).item_id
    newer = ItemVersion(
        item_id=revised, number=2, kind=ItemKind.SINGLE, stem="新", choices=["甲", "乙"], key="A", made_at=NOW
    )
    session.add(newer)
    session.execute(update(Item).where(Item.id == revised).values(newest=2))
    session.flush()
    found = {item.version_id for item in askable(session, now=NOW)}
    assert found == {newer.id, stage.versions[ItemKind.MULTIPLE], stage.versions[ItemKind.TRUE_FALSE]}


def held(session: "Session", cast: Cast, **sitting: Any) -> Stage:
    """Hold a fixed paper of one item of each type for the section A1, ten days ago, and set more of its sitting."""
    stage = set_stage(session, cast, opens=NOW - 10 * DAY, now=NOW - 11 * DAY)
    if sitting:
        session.execute(update(Sitting).where(Sitting.id == stage.sitting_id).values(**sitting))
    return stage


_PAST, _COMING = NOW - DAY, NOW + DAY
_HOLDS: list[Any] = [
    pytest.param({}, {}, True, id="running, or never closed"),
    pytest.param({"closed_at": _PAST}, {}, False, id="closed"),
    pytest.param({"closed_at": _PAST, "release": Release.SUBMITTED}, {}, False, id="closed, released before"),
    pytest.param({"closed_at": _PAST, "release": Release.BY_HAND}, {}, True, id="waits for a hand"),
    pytest.param(
        {"closed_at": _PAST, "release": Release.BY_HAND, "released_at": _PAST}, {}, False, id="released by hand"
    ),
    pytest.param(
        {"closed_at": _PAST, "release": Release.BY_HAND, "released_at": _COMING}, {}, True, id="released tomorrow"
    ),
    pytest.param({"closed_at": _PAST, "explanations": False}, {}, True, id="keys that are never released"),
    pytest.param({"closed_at": _PAST}, {"concession": Concession.DEFERRED}, True, id="somebody sits later"),
    pytest.param(
        {"closed_at": _PAST, "settled_at": _PAST}, {"concession": Concession.DEFERRED}, False, id="sat later, settled"
    ),
    pytest.param(
        {"closed_at": _PAST},
        {"concession": Concession.DEFERRED, "withdrawn_at": _PAST},
        False,
        id="a deferral taken back",
    ),
    pytest.param({"closed_at": _PAST}, {"concession": Concession.EXEMPT}, False, id="an exemption"),
]


@pytest.mark.parametrize(("sitting", "grant", "holds"), _HOLDS)
@pytest.mark.parametrize("drawn", [False, True], ids=["named by the paper", "asked in an attempt"])
def test_what_a_sitting_asks_is_held_until_nobody_can_gain_by_its_key(
    cast: Cast, session: "Session", sitting: dict[str, Any], grant: dict[str, Any], *, holds: bool, drawn: bool
) -> None:
    stage = held(session, cast, **sitting)
    if drawn:
        attempted(session, cast, stage)
        session.execute(delete(PaperItem))
    if grant:
        who = cast.people[Persona.FELLOW]
        session.add(Grant(sitting_id=stage.sitting_id, person_id=who, reason="病", made_at=_PAST, **grant))
        session.flush()
    of_paper = set(session.scalars(select(ItemVersion.item_id)))
    items(session, 1, topic="别题")
    assert unreleased_items(session, now=NOW) == (of_paper if holds else set())
    one = min(of_paper)
    assert unreleased_items(session, now=NOW, among={one}) == ({one} if holds else set())


def attempted(session: "Session", cast: Cast, stage: Stage) -> None:
    """Let the trainee have been asked every item of the stage."""
    began = NOW - 10 * DAY
    attempt = Attempt(
        sitting_id=stage.sitting_id, person_id=cast.people[Persona.TRAINEE], number=1, state=AttemptState.SUBMITTED,
        started_at=began, deadline=began, heard_at=began, ended_at=began, out_of=5,
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    for place, version in enumerate(stage.versions.values(), start=1):
        session.add(Question(attempt_id=attempt.id, position=place, item_version_id=version, points=1))
    session.flush()


def test_a_planned_sitting_holds_its_paper_and_a_cancelled_one_nothing(cast: Cast, session: "Session") -> None:
    stage = set_stage(session, cast, opens=NOW + 10 * DAY, now=NOW)
    assert len(unreleased_items(session, now=NOW)) == len(ItemKind)
    version = session.get_one(Activity, stage.activity_id).version
    cancel_sitting(session, SYSTEM, stage.sitting_id, version=version, reason="延期", now=NOW)
    assert unreleased_items(session, now=NOW) == set()


@pytest.mark.parametrize("days", [0, 89, 91])
def test_a_draw_is_away_from_attempts_and_days_of_the_last_ninety_days(
    cast: Cast, session: "Session", days: int
) -> None:
    (person,) = crowd(session, cast, 1)
    seen, other = items(session, 2)
    saw(session, person, seen, TODAY - DAY * max(days, 1), NOW - DAY * days)
    found = set()
    for number in range(20):
        day = TODAY + DAY * number
        session.execute(delete(DailyQuestion).where(DailyQuestion.day >= TODAY))
        ask_everybody(session, day, now=NOW)
        found.add(asked(session, person, day))
    assert found == ({other} if days < LATELY.days else {seen, other})


def test_what_was_asked_in_an_attempt_is_not_asked_again_and_the_other_way_round(
    cast: Cast, session: "Session"
) -> None:
    stage = held(session, cast, closed_at=NOW - 9 * DAY)
    attempted(session, cast, stage)
    (fresh,) = items(session, 1)
    trainee = cast.actor(session, Persona.TRAINEE)
    assert trainee.person_id is not None
    opt_in(session, trainee, None, today=TODAY, now=NOW)
    assert asked(session, trainee.person_id) == fresh
    items(session, 1, topic="别题")
    paper = create_paper(session, SYSTEM, PaperPlan("抽题", rules=(DrawRule(1, 1, kind=ItemKind.TRUE_FALSE),)), now=NOW)
    for _again in range(20):
        (drawn,) = draw(session, paper, trainee.person_id, now=NOW)
        assert session.get_one(ItemVersion, drawn.version_id).stem.startswith("别题")


def test_where_all_was_seen_the_longest_ago_comes_first(cast: Cast, session: "Session") -> None:
    (person,) = crowd(session, cast, 1)
    first, second, third = items(session, 3)
    for number, item in enumerate((second, first, third, second), start=1):
        saw(session, person, item, TODAY - DAY * (5 - number), NOW - DAY * (5 - number))
    ask_everybody(session, TODAY, now=NOW)
    assert asked(session, person) == first


def test_a_topic_is_kept_to_as_long_as_it_has_something_to_ask(cast: Cast, session: "Session") -> None:
    wanted = items(session, 2, topic="党史")
    items(session, 20)
    (person,) = crowd(session, cast, 1)
    session.execute(update(DailyChoice).values(topic="党史"))
    for number in range(6):
        ask_everybody(session, TODAY + number * DAY, now=NOW + number * DAY)
        assert asked(session, person, TODAY + number * DAY) in wanted
    session.execute(update(Item).where(Item.id.in_(wanted)).values(retired_at=NOW))
    ask_everybody(session, TODAY + 7 * DAY, now=NOW + 7 * DAY)
    assert asked(session, person, TODAY + 7 * DAY) not in {*wanted, None}


def test_what_is_older_than_a_draw_looks_back_is_forgotten(cast: Cast, session: "Session") -> None:
    (person,) = crowd(session, cast, 1)
    (item,) = items(session, 1)
    saw(session, person, item, TODAY - 91 * DAY, NOW - 91 * DAY)
    saw(session, person, item, TODAY - 90 * DAY, NOW - 90 * DAY)
    ask_everybody(session, TODAY, now=NOW)
    assert session.scalars(select(DailyQuestion.day).order_by(DailyQuestion.day)).all() == [TODAY - 90 * DAY, TODAY]


def test_opting_in_asks_at_once_on_a_working_day_and_again_it_changes_the_topic(cast: Cast, session: "Session") -> None:
    items(session, 2)
    trainee = cast.actor(session, Persona.TRAINEE)
    assert trainee.person_id is not None
    opt_in(session, trainee, None, today=None, now=NOW)
    assert asked(session, trainee.person_id) is None
    opt_in(session, trainee, None, today=TODAY, now=NOW + DAY)
    first = asked(session, trainee.person_id)
    opt_in(session, trainee, "公文", today=TODAY, now=NOW + DAY)
    assert asked(session, trainee.person_id) == first is not None
    chosen = session.scalars(select(DailyChoice).execution_options(populate_existing=True)).one()
    assert (chosen.topic, chosen.since) == ("公文", NOW)
    assert session.scalar(select(func.count()).select_from(Notice)) == 0, "who is on the page is not told by mail"
    with pytest.raises(Refusal, match="no such topic"):
        opt_in(session, trainee, "没有", today=TODAY, now=NOW)
    assert opt_out(session, trainee, now=NOW) == "公文"
    assert ask_everybody(session, TODAY + DAY, now=NOW + DAY) == 0
    with pytest.raises(Missing):
        opt_out(session, trainee, now=NOW)
    with pytest.raises(Missing):
        opt_in(session, cast.actor(session, Persona.CHARLIE), None, today=TODAY, now=NOW)
    session.commit()
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "daily_question")).all()
    assert verbs == ["opt_in", "opt_in", "opt_in", "opt_out"]


_ANSWERS = [
    (ItemKind.SINGLE, "C", True), (ItemKind.SINGLE, "A", False),
    (ItemKind.MULTIPLE, "ABC", True), (ItemKind.MULTIPLE, "AB", False), (ItemKind.MULTIPLE, "ABCD", False),
    (ItemKind.TRUE_FALSE, "T", True), (ItemKind.TRUE_FALSE, "F", False),
    (ItemKind.FILL, " 2 ", True), (ItemKind.FILL, "三", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answer", "right"), _ANSWERS)
def test_an_answer_is_kept_once_and_its_key_shown_at_once(
    cast: Cast, session: "Session", kind: ItemKind, answer: str, *, right: bool
) -> None:
    version = fill_bank(session, now=NOW)[kind][1]
    trainee = cast.actor(session, Persona.TRAINEE)
    order = {ItemKind.SINGLE: "DCBA", ItemKind.MULTIPLE: "BADC"}.get(kind, "")
    shown = "".join("ABCD"[order.index(letter)] for letter in answer) if order else answer
    person = trainee.person_id
    session.add(DailyQuestion(person_id=person, day=TODAY, item_version_id=version, order=order, asked_at=NOW))
    session.flush()

    def look() -> Any:
        session.expire_all()
        return own_questions(session, trainee, "zh_CN", today=TODAY, now=NOW)[0]

    assert look().key is None
    for unfit in ("", "  ", "E" if order else "X", "AA"):
        if kind is ItemKind.FILL and unfit.strip():
            continue
        with pytest.raises(Refusal, match="Choose or write"):
            answer_daily(session, trainee, TODAY, unfit, today=TODAY, now=NOW)
    with pytest.raises(Refusal, match="day of that question is over"):
        answer_daily(session, trainee, TODAY, shown, today=FRIDAY, now=NOW + DAY)
    answer_daily(session, trainee, TODAY, shown, today=TODAY, now=NOW)
    assert look().key.right is right
    assert look().answer == "".join(sorted(shown)) if order else answer.strip()
    with pytest.raises(Refusal, match="first answer stands"):
        answer_daily(session, trainee, TODAY, "T" if kind is ItemKind.TRUE_FALSE else "A", today=TODAY, now=NOW)
    assert look().key.right is right
    with pytest.raises(Missing):
        answer_daily(session, cast.actor(session, Persona.FELLOW), TODAY, shown, today=TODAY, now=NOW)


def test_groups_get_one_question_a_day_away_from_the_last_ones(session: "Session") -> None:
    bank = items(session, 4)
    for number in range(4):
        for _again in range(2):
            ask_everybody(session, TODAY + number * DAY, now=NOW + number * DAY)
    told = session.scalars(select(News).order_by(News.id)).all()
    assert [one.slot for one in told] == [str(TODAY + number * DAY) for number in range(4)]
    assert sorted(one.facts["item"] for one in told) == sorted(bank), "each once before any comes again"
    assert {name for one in told for name in one.facts} == {"item", "question"}


@pytest.fixture
def statements(engine: Engine) -> "Iterator[list[str]]":
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_asking_takes_as_many_statements_for_many_as_for_one(
    cast: Cast, session: "Session", statements: list[str]
) -> None:
    items(session, 10)
    counts = []
    for day, more in enumerate((1, 40)):
        crowd(session, cast, more, begin=day)
        statements.clear()
        assert ask_everybody(session, TODAY + day * DAY, now=NOW + day * DAY) == 1 + 40 * day
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10, statements
