"""The pages of those who hold quizzes; and that no page tells a trainee a key before the release."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, update

from scheduler.core import clock
from scheduler.quizzes.actions.attempts import hand_in, start_attempt
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.models import Attempt, Paper, PaperItem, PaperRule, Question, Sitting
from scheduler.quizzes.tasks import close_due
from scheduler.quizzes.terms.attempts import AttemptState, Sent
from scheduler.quizzes.terms.bank import ItemKind
from tests.cast import Cast, Persona
from tests.quizzes.stage import CANARY, Stage, fill_bank, set_stage

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the statements are tried on both
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
CLOSED = NOW + timedelta(hours=2, minutes=1)
NO_SHORT = frozenset({ItemKind.SHORT})
A1 = (Persona.TRAINEE, Persona.FELLOW, Persona.MENTOR)


@pytest.fixture(autouse=True)
def _no_tokens(app: "Flask") -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def admin(client: "FlaskClient", cast: Cast) -> "FlaskClient":
    with clock.fixed(NOW):
        return cast.sign_in(client, Persona.ADMIN)


def ask(client: "FlaskClient", address: str, at: datetime, *, status: int = 200) -> str:
    with clock.fixed(at):
        answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == status, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.text)


def send(client: "FlaskClient", address: str, at: datetime, **fields: Any) -> tuple[int, str]:
    with clock.fixed(at):
        answer = client.post(address, data=fields, headers={"Accept-Language": "en"})
    return answer.status_code, answer.location or re.sub(r"\s+", " ", answer.text)


def take(session: "Session", cast: Cast, stage: Stage, who: Persona, *, right: bool = True, done: bool = True) -> int:
    """Let somebody begin, answer all (rightly or not) and hand in."""
    actor = cast.actor(session, who)
    attempt_id = start_attempt(session, actor, stage.sitting_id, now=NOW)
    kinds = {version: kind for kind, version in stage.versions.items()}
    keys = {ItemKind.SINGLE: "C", ItemKind.MULTIPLE: "ABC", ItemKind.TRUE_FALSE: "T", ItemKind.FILL: "2"}
    sent = []
    for one in session.scalars(select(Question).where(Question.attempt_id == attempt_id)):
        kind = kinds[one.item_version_id]
        key = keys.get(kind, "选点、方案") if right else {ItemKind.TRUE_FALSE: "F"}.get(kind, "D")
        shown = "".join(sorted("ABCD"[one.order.index(letter)] for letter in key)) if one.order else key
        sent.append(Sent(one.position, shown, 0))
    if done:
        hand_in(session, actor, attempt_id, sent, key="k", now=NOW + timedelta(minutes=5))
        grade(session, [attempt_id], now=NOW)
    return attempt_id


def rule(number: int, **fields: Any) -> dict[str, Any]:
    return {f"rules-{number}-{name}": value for name, value in fields.items()}


def test_papers_are_made_of_rules_or_of_items_and_a_refusal_keeps_what_was_typed(
    cast: Cast, admin: "FlaskClient"
) -> None:
    with cast.database.write() as session:
        bank = fill_bank(session, now=BEFORE)
    new, single, fill = "/quizzes/papers/new", bank[ItemKind.SINGLE][0], bank[ItemKind.FILL][0]
    empty: dict[str, Any] = {}
    for number in range(8):
        empty |= rule(number, topic="", kind="", difficulty="", count="", points="")
    for fields, said in (
        ({"name": "空"}, "either names its items or draws them"),
        ({"name": "多", **rule(0, count=6, points=2)}, "too few items for rule 1"),
        ({"name": "双", **rule(0, count=1), "items": f"{single} 2"}, "either names its items or draws them"),
        ({"name": "坏", "items": f"{single} 2\n第三题"}, "names no item: 第三题"),
        ({"name": "重", "items": f"{single} 2\n{single}"}, "named twice, or is not in the bank"),
        ({"name": "贵", "items": f"{single} 101"}, "1 to 100 points"),
        ({"name": "  ", "items": f"{single} 2"}, "name"),
    ):
        status, page = send(admin, new, BEFORE, **(empty | fields))
        assert (status, said in page) == (422, True), (fields, re.findall(r'class="[^"]*error[^"]*".{0,200}', page))
        assert [value for value in fields.values() if str(value).split("\n")[-1].strip() not in page] == []
    drawn = {"name": "随机", **rule(0, count=2, points=3, topic="培训评估"), **rule(3, count=1, points=4, kind="fill")}
    assert send(admin, new, BEFORE, **(empty | drawn))[0] == 302
    fixed = {"name": "固定", "items": f"{single} 2\n\n{fill}， 5\n", "shuffle_choices": "y"}
    assert send(admin, new, BEFORE, **(empty | fixed))[0] == 302
    assert "There is a paper of this name." in send(admin, new, BEFORE, **(empty | fixed))[1]
    with cast.database.read() as session:
        one, other = session.scalars(select(Paper).order_by(Paper.id)).all()
        rules = session.scalars(select(PaperRule).where(PaperRule.paper_id == one.id).order_by(PaperRule.position))
        assert [(each.topic, each.kind, each.count, each.points) for each in rules] == [
            ("培训评估", None, 2, 3),
            (None, ItemKind.FILL, 1, 4),
        ]
        items = session.scalars(select(PaperItem).where(PaperItem.paper_id == other.id).order_by(PaperItem.position))
        assert [(each.item_id, each.points) for each in items] == [(single, 2), (fill, 5)]
        assert (other.shuffle_questions, other.shuffle_choices) == (False, True)
    page = ask(admin, "/quizzes/papers", BEFORE)
    assert "随机" in page
    edit = f"/quizzes/papers/{other.id}/edit"
    assert f"{single} 2" in ask(admin, edit, BEFORE)
    assert send(admin, edit, BEFORE, **(empty | {"name": "固定二", "version": 1, "items": f"{fill} 5"}))[0] == 302
    assert send(admin, edit, BEFORE, **(empty | {"name": "固定三", "version": 1, "items": f"{fill} 5"}))[0] in {
        409,
        422,
    }  # somebody was faster


def test_from_the_form_to_the_live_board(cast: Cast, admin: "FlaskClient", app: "Flask") -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE, without=NO_SHORT)
    form = {
        "title": "第二次考试", "paper": held.paper_id, "audience": 0, "units": [cast.units["A1"]], "day": "2026-03-06",
        "starts": "10:00", "ends": "12:00", "venue": 0, "host_unit": cast.units["A"], "length_minutes": 30, "attempts": 1,
        "pass_mark": 60, "threshold": 80, "denominator": "due", "smallest_unit": 1, "credit": "none", "release": "by_hand",
        "explanations": "y", "stagger_minutes": 0, "regrade_days": 3, "confirm_days": 7, "attendees": "whole_unit",
    }  # fmt: skip
    for change, said in (
        ({"units": []}, "Nobody would be due"),
        ({"ends": "09:00"}, "closes before it opens"),
        ({"pass_mark": 101}, "1 to 100"),
        ({"length_minutes": ""}, "第二次考试"),
    ):
        status, page = send(admin, "/quizzes/sittings/new", BEFORE, **{**form, **change})
        assert (status, said in page) == (422, True), change
        assert 'value="第二次考试"' in page
    status, board = send(admin, "/quizzes/sittings/new", BEFORE, **form)
    assert status == 302
    assert "Not started" in ask(admin, board, BEFORE)
    assert "第二次考试" in ask(admin, "/quizzes/sittings", BEFORE)

    statements: list[object] = []
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    address = f"/quizzes/sittings/{held.sitting_id}"
    sent: dict[str, list[int]] = {}
    ask(admin, address, NOW + timedelta(minutes=6))  # what notes that somebody is there has then been done
    for people in (1, 3):
        with cast.database.write() as session:
            for number, who in enumerate(A1[:people]):
                if not (people == 3 and number == 0):  # who sat the first time
                    take(session, cast, held, who, done=number != 1)
        for page in (address, f"{address}/items", "/quizzes/sittings"):
            statements.clear()
            text = ask(admin, page, NOW + timedelta(minutes=6))
            sent.setdefault(page, []).append(len(statements))
            assert people == 1 or page != address or "4 / 4" in text
    assert {page: counts for page, counts in sent.items() if counts[0] != counts[1]} == {}
    board = ask(admin, f"{address}?show=silent", NOW + timedelta(minutes=6))
    assert [name for name in ("田瑞", "方路", "孟涛", "陆江") if f'<th scope="row">{name}' in board] == ["方路"]


def test_results_are_released_by_hand(cast: Cast, admin: "FlaskClient", app: "Flask") -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE, release="by_hand", without=NO_SHORT)
        attempt_id = take(session, cast, held, Persona.TRAINEE)
    release = f"/quizzes/sittings/{held.sitting_id}/release"
    with clock.fixed(NOW):
        trainee = cast.sign_in(app.test_client(), Persona.TRAINEE)
    send(admin, release, NOW + timedelta(minutes=6))  # refused: it is open
    with cast.database.write() as session:
        assert session.get_one(Sitting, held.sitting_id).released_at is None
        assert close_due(session, now=CLOSED) == 1
    address = f"/quizzes/attempts/{attempt_id}"
    assert "once it is released" in ask(trainee, address, CLOSED)
    assert "Not released yet" in ask(trainee, "/quizzes", CLOSED)
    assert release in ask(admin, release.removesuffix("/release"), CLOSED)
    assert send(admin, release, CLOSED)[0] == 302
    page = ask(trainee, address, CLOSED)
    assert "8" in page
    assert CANARY in page
    assert "8 of 8 points" in ask(trainee, "/quizzes", CLOSED)


@pytest.mark.parametrize(("explanations", "keys"), [(True, 5), (False, 0)])
def test_a_review_shows_keys_only_where_the_sitting_says_so(
    cast: Cast,
    app: "Flask",
    explanations: bool,  # noqa: FBT001 - a column
    keys: int,
) -> None:
    with cast.database.write() as session:
        held = set_stage(
            session, cast, opens=NOW, now=BEFORE, release="submitted", explanations=explanations, without=NO_SHORT
        )
        attempt_id = take(session, cast, held, Persona.TRAINEE, right=False)
    with clock.fixed(NOW):
        trainee = cast.sign_in(app.test_client(), Persona.TRAINEE)
    page = ask(trainee, f"/quizzes/attempts/{attempt_id}", NOW + timedelta(minutes=6))
    assert "0 of 2 points" in page
    assert (CANARY in page, ">right<" in page, "Right:" in page) == (False, False, False)  # others may still sit
    with cast.database.write() as session:
        assert close_due(session, now=CLOSED) == 1
    page = ask(trainee, f"/quizzes/attempts/{attempt_id}", CLOSED)
    assert page.count(CANARY) == keys
    assert page.count("Right:") == (2 if explanations else 0)


def test_item_health_and_a_ruling(cast: Cast, admin: "FlaskClient") -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE, without=NO_SHORT)
        for number, who in enumerate(A1):
            take(session, cast, held, who, right=number < 2)
    address = f"/quizzes/sittings/{held.sitting_id}/items"
    page = ask(admin, address, CLOSED)
    assert "66.7" in page  # two of three: facility and mean alike
    assert "100.0" in page
    one = f"{address}/{held.versions[ItemKind.SINGLE]}"
    assert "Key until now: C" in ask(admin, one, CLOSED)
    status, page = send(admin, one, CLOSED, key="E", reason="答案有误")
    assert (status, "which is no choice" in page) == (422, True)
    status, page = send(admin, one, CLOSED, key="d", reason="答案有误")
    assert (status, "Nothing is changed yet" in page, "nobody" in page.lower()) == (200, True, True)
    (tried,) = re.findall(r'name="tried" value="([^"]*)"', page)
    for other in ({"key": "b"}, {"key": "", "void": "y"}):  # changed since: tried once more, and nothing is done
        status, page = send(admin, one, CLOSED, reason="答案有误", tried=tried, **other)
        assert (status, "Nothing is changed yet" in page) == (200, True)
    assert send(admin, one, CLOSED, key="d", reason="答案有误", tried=tried)[0] == 302
    with cast.database.read() as session:
        assert sorted(filter(None, session.scalars(select(Attempt.score)))) == [200, 600, 600]
    ask(admin, f"{address}/999", CLOSED, status=404)


@pytest.mark.parametrize("points", ["NaN", "Infinity", "-1", "4.01", "1.234", "1e9", "", "四"])
def test_a_mark_that_is_none_is_refused_beside_its_answer(cast: Cast, admin: "FlaskClient", points: str) -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE)
        attempt_id = take(session, cast, held, Persona.TRAINEE)
        asked = Question.item_version_id == held.versions[ItemKind.SHORT]
        place = session.scalars(select(Question.position).where(asked)).one()
    address = f"/quizzes/sittings/{held.sitting_id}/marking"
    page = ask(admin, address, CLOSED)
    assert "选点、方案" in page
    assert "田瑞" not in page
    status, page = send(admin, f"{address}/{attempt_id}/{place}", CLOSED, points=points)
    assert (status, "选点、方案" in page) == (422, True)
    assert send(admin, f"{address}/{attempt_id}/{place}", CLOSED, points="3.5")[0] == 302
    with cast.database.read() as session:
        assert session.get_one(Attempt, attempt_id).score == 1150


def test_no_page_tells_a_key_before_the_release(cast: Cast, app: "Flask") -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE, release="by_hand")
        running = take(session, cast, held, Persona.FELLOW, done=False)
        done = take(session, cast, held, Persona.TRAINEE)
    clients = {}
    for who in Persona:
        if who not in {Persona.ADMIN, Persona.LECTURER}:
            with clock.fixed(NOW):
                clients[who] = cast.sign_in(app.test_client(), who)
    things = {"sitting_id": held.sitting_id, "activity_id": held.activity_id, "paper_id": held.paper_id, "item_id": 1,
              "version_id": 1, "unit_id": cast.units["A"], "order_id": 1, "file_id": 1, "grant_id": 1}  # fmt: skip
    seen = 0
    with app.test_request_context():
        rules = [
            one
            for one in app.url_map.iter_rules()
            if one.endpoint.startswith(("quizzes.", "home.", "notices.", "agenda.")) and "GET" in (one.methods or ())
        ]
    for at in (NOW + timedelta(minutes=6), CLOSED):
        if at == CLOSED:
            with cast.database.write() as session:
                session.execute(update(Attempt).values(ended_at=NOW, state=AttemptState.SUBMITTED))
                assert close_due(session, now=CLOSED) == 1
        for attempt_id in (running, done):
            for one in rules:
                values = {**things, "attempt_id": attempt_id}
                if not one.arguments <= set(values):
                    continue
                with app.test_request_context():
                    address = app.url_map.bind("localhost").build(
                        one.endpoint, {name: values[name] for name in one.arguments}
                    )
                for who, client in clients.items():
                    with clock.fixed(at):
                        answer = client.get(address)
                    assert CANARY not in answer.get_data(as_text=True), (who, address)
                    seen += answer.status_code == 200
    assert seen > 40
