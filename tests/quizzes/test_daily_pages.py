"""The page of the question a day: no key too early, and nobody else ever sees who answered what."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, update

from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.notices.models import Notice
from scheduler.quizzes.actions.daily import ask_everybody, opt_in
from scheduler.quizzes.models import DailyChoice, DailyQuestion, Sitting
from scheduler.quizzes.terms.bank import ItemKind
from tests.cast import Cast, Persona
from tests.quizzes.daily_bank import NOW, TODAY, items, saw
from tests.quizzes.stage import CANARY, fill_bank, set_stage

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the statements are tried on both
DAY = timedelta(days=1)
PAGE = "/quizzes/daily"
SECRET = "只有本人知道"
ROOT = Path(__file__).resolve().parents[2] / "scheduler"
CEILING = 8


@pytest.fixture(autouse=True)
def _no_tokens(app: "Flask") -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def trainee(client: "FlaskClient", cast: Cast) -> "FlaskClient":
    with clock.fixed(NOW):
        return cast.sign_in(client, Persona.TRAINEE)


def look(client: "FlaskClient", at: datetime = NOW) -> str:
    with clock.fixed(at):
        answer = client.get(PAGE, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def send(client: "FlaskClient", way: str = "", at: datetime = NOW, **fields: Any) -> str:
    """Send a form of the page and return the page that follows."""
    with clock.fixed(at):
        answer = client.post(f"{PAGE}{way}", data=fields, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.location) == (302, PAGE), answer.text
    return look(client, at)


def ask(cast: Cast, kind: ItemKind, day: date = TODAY, at: datetime = NOW) -> None:
    """Let the trainee have been asked the item of a kind that fill_bank writes."""
    with cast.database.write() as session:
        bank = fill_bank(session, now=at)
        saw(session, cast.people[Persona.TRAINEE], bank[kind][0], day, at)
        order = {ItemKind.SINGLE: "DCBA", ItemKind.MULTIPLE: "BADC"}.get(kind, "")
        session.execute(update(DailyQuestion).values(order=order))
        session.add(DailyChoice(person_id=cast.people[Persona.TRAINEE], since=at))


def test_one_button_in_and_one_out_which_can_be_undone(cast: Cast, trainee: "FlaskClient") -> None:
    with cast.database.write() as session:
        items(session, 2)
        items(session, 1, topic="党史")
    page = look(trainee)
    assert "Ask me each day" in page
    assert "No more questions" not in page
    page = send(trainee, "/join", topic="党史")
    assert "From now on you get a question each working day." in page
    assert "党史true_false" in page, "the first comes at once"
    assert '<option selected value="党史">' in page
    assert "Saved." in send(trainee, "/join", topic="")
    assert "no such topic" in send(trainee, "/join", topic="没有")
    assert "Saved." in send(trainee, "/join", topic="党史")
    page = send(trainee, "/leave")
    assert "You get no more questions." in page
    assert "Ask me each day" in page
    undo = re.search(r'action="(/quizzes/daily/join[^"]*)"><input|action="(/quizzes/daily/join\?[^"]*)"', page)
    assert undo is not None
    send(trainee, (undo[1] or undo[2]).removeprefix(PAGE))
    with cast.database.read() as session:
        assert session.scalars(select(DailyChoice.topic)).all() == ["党史"]
        assert len(session.scalars(select(DailyQuestion.day)).all()) == 1


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        ("2026-03-05T09:00", "Fri 6 Mar 2026 07:30"),
        ("2026-03-06T06:00", "Fri 6 Mar 2026 07:30"),
        ("2026-03-07T09:00", "Mon 9 Mar 2026 07:30"),
    ],
)
def test_without_a_question_today_it_says_when_the_next_one_comes(
    cast: Cast, trainee: "FlaskClient", now: str, comes: str
) -> None:
    with cast.database.write() as session:
        session.add(DailyChoice(person_id=cast.people[Persona.TRAINEE], since=NOW))
    with clock.fixed(instant := datetime.fromisoformat(f"{now}+08:00")):
        cast.sign_in(trainee, Persona.TRAINEE)
    page = look(trainee, instant)
    assert "No question today" in page
    assert f"The next question comes {comes}." in page


_KINDS = [
    (ItemKind.SINGLE, "B", "That is right", "C"),
    (ItemKind.MULTIPLE, ["A", "B", "C"], "Not quite", "A"),
    (ItemKind.TRUE_FALSE, "F", "Not quite", "Right: True"),
    (ItemKind.FILL, "两", "That is right", "2 / 两"),
]


@pytest.mark.parametrize(("kind", "answer", "verdict", "says"), _KINDS)
def test_no_key_before_the_answer_and_all_of_it_after(
    cast: Cast, trainee: "FlaskClient", kind: ItemKind, answer: Any, verdict: str, says: str
) -> None:
    ask(cast, kind)
    page = look(trainee)
    assert CANARY not in page
    assert "Choose or write an answer first." in send(trainee, day=TODAY)
    page = send(trainee, day=TODAY, answer=answer)
    assert verdict in page
    assert says in page
    assert CANARY in page, "the explanation"
    page = send(trainee, day=TODAY, answer=answer)
    assert "your first answer stands" in page
    assert verdict in page
    with clock.fixed(NOW + DAY):
        cast.sign_in(trainee, Persona.TRAINEE)
    later = look(trainee, NOW + DAY)
    assert "Look again" in later
    assert CANARY in later


def test_who_did_not_answer_sees_afterwards_what_would_have_been_right(cast: Cast, trainee: "FlaskClient") -> None:
    ask(cast, ItemKind.FILL, TODAY - DAY, NOW - DAY)
    page = look(trainee)
    assert "not answered" in page
    assert CANARY in page
    assert "day of that question is over" in send(trainee, day=TODAY - DAY, answer="2")


def test_while_a_sitting_asks_the_item_nothing_says_what_is_right(cast: Cast, trainee: "FlaskClient") -> None:
    with cast.database.write() as session:
        stage = set_stage(session, cast, opens=NOW + DAY, now=NOW)
        person = cast.people[Persona.TRAINEE]
        for kind, day in ((ItemKind.FILL, TODAY), (ItemKind.SINGLE, TODAY - DAY)):
            at = NOW if day == TODAY else NOW - DAY
            session.add(
                DailyQuestion(person_id=person, day=day, item_version_id=stage.versions[kind], order="", asked_at=at)
            )
    page = send(trainee, day=TODAY, answer="2")
    assert "Your answer is kept. What is right is shown here later." in page
    assert "Look again" not in page, "yesterday's is asked too"
    assert CANARY not in page
    assert "That is right" not in page
    with cast.database.write() as session:
        session.execute(update(Sitting).values(closed_at=NOW, settled_at=NOW))
    page = look(trainee)
    assert "That is right" in page
    assert page.count(CANARY) >= 2


def test_the_bank_of_a_sitting_to_come_is_not_asked_at_all(cast: Cast, trainee: "FlaskClient") -> None:
    with cast.database.write() as session:
        set_stage(session, cast, opens=NOW + DAY, now=NOW)
    assert "No question today" in send(trainee, "/join")
    with cast.database.write() as session:
        assert ask_everybody(session, TODAY, now=NOW) == 0


@pytest.mark.parametrize("day", ["", "x", "2026-03-04", "0001-01-01"])
def test_a_day_without_a_question_is_no_page(cast: Cast, trainee: "FlaskClient", day: str) -> None:
    ask(cast, ItemKind.FILL)
    with clock.fixed(NOW):
        assert trainee.post(PAGE, data={"day": day, "answer": "2"}).status_code == 404


def test_the_page_asks_as_much_for_thirty_questions_as_for_one(cast: Cast, trainee: "FlaskClient") -> None:
    with cast.database.write() as session:
        bank = items(session, 40)
        opt_in(session, cast.actor(session, Persona.TRAINEE), None, today=TODAY, now=NOW)
    counts, shown = [], []
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    for many in (1, 35):
        with cast.database.write() as session:
            for number in range(many):
                day = TODAY - DAY * (number + many)
                saw(session, cast.people[Persona.TRAINEE], bank[number], day, NOW - DAY * (number + many))
        engine = trainee.application.extensions["sessions"].engine
        event.listen(engine, "before_cursor_execute", note)
        said.clear()
        shown.append(look(trainee).count("<details>"))
        counts.append(len([one for one in said if not one.startswith(("BEGIN", "UPDATE", "COMMIT"))]))
        event.remove(engine, "before_cursor_execute", note)
    assert shown[1] == 30
    assert counts[0] == counts[1] <= CEILING, said


def test_nobody_else_ever_sees_who_answered_what(app: "Flask", cast: Cast, trainee: "FlaskClient") -> None:
    ask(cast, ItemKind.FILL)
    assert SECRET in send(trainee, day=TODAY, answer=SECRET)
    pages = sorted(
        rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and not rule.arguments
    )
    assert PAGE in pages
    person, unit = cast.people[Persona.TRAINEE], cast.units["A1"]
    pages += [f"/people/{person}", f"/units/{unit}", "/quizzes/bank/1", "/quizzes/bank/4"]
    told = []
    for persona in set(Persona) - {Persona.TRAINEE}:
        with clock.fixed(NOW):
            reader = cast.sign_in(app.test_client(), persona)
            told += [
                f"{persona} {page}" for page in pages if SECRET.encode() in reader.get(page, follow_redirects=True).data
            ]
    assert told == []
    with cast.database.read() as session:
        kept = [str(facts) for facts in session.scalars(select(AuditEntry.facts))]
        kept += [str(facts) for facts in session.scalars(select(Notice.facts))]
    assert [facts for facts in kept if SECRET in facts] == []


def test_only_the_question_a_day_itself_reads_its_answers() -> None:
    """No result, sheet, export or page of the office knows the table; a draw asks of it which items were seen."""
    known = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"DailyQuestion|daily_question\b(?!\")", path.read_text(encoding="utf-8"))
    }
    own = {f"quizzes/{room}/daily.py" for room in ("models", "queries", "actions")}
    assert known - own == {"quizzes/models/__init__.py", "quizzes/queries/papers.py"}
    assert "DailyQuestion.answer" not in (ROOT / "quizzes/queries/papers.py").read_text(encoding="utf-8")
    assert not {"score", "right", "points", "streak"} & set(DailyQuestion.__table__.columns.keys())
