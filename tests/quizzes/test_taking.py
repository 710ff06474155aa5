"""The path of a trainee: in, saved, handed in, graded, looked at; and what is refused on it."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.quizzes.actions.grants import grant
from scheduler.quizzes.models import Attempt, ItemVersion, Question
from scheduler.quizzes.tasks import close_due, sweep_attempts
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.bank import ItemKind
from scheduler.quizzes.terms.sittings import Concession
from tests.cast import Cast, Persona
from tests.quizzes.stage import CANARY, Stage, set_stage

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
SAVE = {"X-Requested-With": "save"}


@pytest.fixture(autouse=True)
def _at_ten(app: "Flask", monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


@pytest.fixture
def stage(database: "Sessions", cast: Cast) -> Stage:
    with database.write() as session:
        return set_stage(session, cast, opens=NOW, now=NOW - timedelta(days=1), length_minutes=30)


@pytest.fixture
def trainee(client: "FlaskClient", cast: Cast) -> "FlaskClient":
    return cast.sign_in(client, Persona.TRAINEE)


def _start(client: "FlaskClient", stage: Stage) -> int:
    answer = client.post(f"/quizzes/sittings/{stage.sitting_id}/start")
    found = re.fullmatch(r"/quizzes/attempts/(\d+)", answer.location or "")
    assert found, answer.location
    return int(found[1])


def _places(database: "Sessions", attempt_id: int) -> dict[ItemKind, tuple[int, str]]:
    """Return the position and the order of the choices of each question."""
    with database.read() as session:
        rows = session.execute(
            select(Question).where(Question.attempt_id == attempt_id).order_by(Question.position)
        ).scalars()
        versions = {question.item_version_id: (question.position, question.order) for question in rows}
        kinds = {row.id: row.kind for row in session.execute(select(ItemVersion.id, ItemVersion.kind))}
    return {kinds[version]: place for version, place in versions.items()}


def _letters(order: str, key: str) -> list[str]:
    return sorted("ABCDEFGHIJ"[order.index(letter)] for letter in key)


def _right(database: "Sessions", attempt_id: int) -> dict[str, object]:
    places = _places(database, attempt_id)
    sent: dict[str, object] = {}
    for kind, key in ((ItemKind.SINGLE, "C"), (ItemKind.MULTIPLE, "ABC")):
        place, order = places[kind]
        sent |= {f"s-{place}": "0", f"q-{place}": _letters(order, key)}
    for kind, text in ((ItemKind.TRUE_FALSE, "T"), (ItemKind.FILL, " 2 "), (ItemKind.SHORT, "选点、方案")):
        sent |= {f"s-{places[kind][0]}": "0", f"q-{places[kind][0]}": text}
    return sent


def _save(client: "FlaskClient", attempt_id: int, position: int, answer: str, seq: int, **more: str) -> "TestResponse":
    data = {f"s-{position}": str(seq), f"q-{position}": answer, **more}
    return client.post(f"/quizzes/attempts/{attempt_id}/save", data=data, headers=SAVE)


def _life(session: "Session", attempt_id: int) -> list[str]:
    """Return what the audit record says became of an attempt: one line for each step from state to state."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "attempt", AuditEntry.subject_id == str(attempt_id))
        .order_by(AuditEntry.id)
    )
    return [
        " ".join([one.verb, *(one.facts[name] for name in ("before", "after") if name in one.facts)]) for one in entries
    ]


def test_from_the_door_to_the_result(
    database: "Sessions", trainee: "FlaskClient", stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "每月一考" in trainee.get("/quizzes").text
    assert "30" in trainee.get(f"/quizzes/sittings/{stage.sitting_id}/start").text
    attempt_id = _start(trainee, stage)
    assert _start(trainee, stage) == attempt_id  # a second tab
    page = trainee.get(f"/quizzes/attempts/{attempt_id}").text
    assert page.count('name="s-') == 5
    assert CANARY not in page
    right = _right(database, attempt_id)
    answer = trainee.post(f"/quizzes/attempts/{attempt_id}/save", data=right, headers=SAVE)
    assert {one["saved"] for one in answer.get_json()["answers"]} == {"saved"}
    done = trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"key": "k"})
    assert done.status_code == 302
    again = trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"key": "k"})
    assert again.status_code == 302
    with database.read() as session:
        attempt = session.get(Attempt, attempt_id)
        assert attempt
        assert (attempt.state, attempt.score) == (AttemptState.SUBMITTED, None)  # the short answer waits
        assert _life(session, attempt_id) == ["start", "hand_in"]
    page = trainee.get(f"/quizzes/attempts/{attempt_id}").text
    assert CANARY not in page
    with database.write() as session:
        assert close_due(session, now=NOW + timedelta(hours=2, minutes=2)) == 1
    at(monkeypatch, NOW + timedelta(hours=3))
    page = trainee.get(f"/quizzes/attempts/{attempt_id}").text
    assert page.count(CANARY) == 6  # the explanation of each, and a form of the fill-in


def test_a_stale_tab_is_never_told_that_it_saved(database: "Sessions", trainee: "FlaskClient", stage: Stage) -> None:
    attempt_id = _start(trainee, stage)
    place = _places(database, attempt_id)[ItemKind.FILL][0]
    assert _save(trainee, attempt_id, place, "2", 0).get_json()["answers"] == [
        {"position": place, "saved": "saved", "seq": 1, "answer": "2"}
    ]
    stale = {"position": place, "saved": "stale", "seq": 1, "answer": "2"}
    assert _save(trainee, attempt_id, place, "3", 0).get_json()["answers"] == [stale]
    same = _save(trainee, attempt_id, place, "2", 0).get_json()["answers"][0]
    assert (same["saved"], same["seq"]) == ("saved", 1)  # a repeat whose answer was lost on the way
    assert _save(trainee, attempt_id, place, "3", 1).get_json()["answers"][0]["seq"] == 2


@pytest.mark.parametrize(
    ("late", "made", "saved"),
    [
        (timedelta(0), None, "saved"),
        (timedelta(milliseconds=1), None, "closed"),
        (timedelta(seconds=60), timedelta(0), "saved"),
        (timedelta(seconds=60, milliseconds=1), timedelta(0), "closed"),
        (timedelta(seconds=59), timedelta(milliseconds=1), "closed"),
        (timedelta(seconds=59), timedelta(days=-1), "saved"),
    ],
)
def test_the_servers_clock_decides(
    database: "Sessions",
    trainee: "FlaskClient",
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    late: timedelta,
    made: timedelta | None,
    saved: str,
) -> None:
    attempt_id = _start(trainee, stage)
    place = _places(database, attempt_id)[ItemKind.FILL][0]
    deadline = NOW + timedelta(minutes=30)
    at(monkeypatch, deadline + late)
    more = {} if made is None else {f"m-{place}": str(int((deadline + made).timestamp() * 1000))}
    assert _save(trainee, attempt_id, place, "2", 0, **more).get_json()["answers"][0]["saved"] == saved


@pytest.mark.parametrize(
    ("first", "second", "saved"),
    [
        (timedelta(0), timedelta(0), ["saved", "saved"]),
        (timedelta(0), timedelta(milliseconds=1), ["saved", "closed"]),
        (timedelta(milliseconds=1), timedelta(0), ["closed", "saved"]),
        (timedelta(milliseconds=1), timedelta(milliseconds=1), ["closed", "closed"]),
        (timedelta(milliseconds=-1), None, ["saved", "closed"]),
    ],
)
@pytest.mark.parametrize("way", ["save", "hand-in"])
def test_each_answer_counts_by_its_own_moment(
    database: "Sessions",
    trainee: "FlaskClient",
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    first: timedelta,
    second: timedelta | None,
    saved: list[str],
    way: str,
) -> None:
    attempt_id = _start(trainee, stage)
    places = _places(database, attempt_id)
    deadline = NOW + timedelta(minutes=30)
    sent: dict[str, str] = {}
    for kind, made in ((ItemKind.FILL, first), (ItemKind.SHORT, second)):
        place = places[kind][0]
        sent |= {f"s-{place}": "0", f"q-{place}": "两"}
        if made is not None:
            sent[f"m-{place}"] = str(int((deadline + made).timestamp() * 1000))
    at(monkeypatch, deadline + timedelta(seconds=59))
    answer = trainee.post(f"/quizzes/attempts/{attempt_id}/{way}", data=sent, headers=SAVE)
    with database.read() as session:
        found = session.execute(select(Question.position, Question.answer).where(Question.attempt_id == attempt_id))
        kept = {row.position: row.answer for row in found}
        attempt = session.get(Attempt, attempt_id)
        assert attempt
    assert [kept[places[kind][0]] for kind in (ItemKind.FILL, ItemKind.SHORT)] == [
        "两" if one == "saved" else "" for one in saved
    ]
    if way == "save":
        assert [one["saved"] for one in answer.get_json()["answers"]] == saved
    else:
        assert attempt.ended_at == deadline
        late = "最后的改动" if "closed" in saved else "已交卷。"
        assert late in trainee.get(f"/quizzes/attempts/{attempt_id}", headers={"Accept-Language": "zh-CN"}).text


@pytest.mark.parametrize("made", ["", "-1", "1e3", "soon", "9" * 14, "9" * 40])
def test_a_moment_that_is_none_opens_no_door(
    trainee: "FlaskClient", database: "Sessions", stage: Stage, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    attempt_id = _start(trainee, stage)
    place = _places(database, attempt_id)[ItemKind.FILL][0]
    at(monkeypatch, NOW + timedelta(minutes=30, seconds=59))
    told = _save(trainee, attempt_id, place, "2", 0, **{f"m-{place}": made}).get_json()["answers"][0]["saved"]
    assert told == "closed"


def test_what_cannot_be_kept_of_one_answer_keeps_no_other_from_being_saved(
    database: "Sessions", trainee: "FlaskClient", stage: Stage
) -> None:
    attempt_id = _start(trainee, stage)
    places = _places(database, attempt_id)
    sent: dict[str, str] = {}
    for kind, text in ((ItemKind.FILL, "两\x0b"), (ItemKind.SHORT, "选点\r\n\x00\t方案")):
        sent |= {f"s-{places[kind][0]}": "0", f"q-{places[kind][0]}": text}
    told = trainee.post(f"/quizzes/attempts/{attempt_id}/save", data=sent, headers=SAVE).get_json()["answers"]
    assert {one["position"]: (one["saved"], one["answer"]) for one in told} == {
        places[ItemKind.FILL][0]: ("saved", "两"),
        places[ItemKind.SHORT][0]: ("saved", "选点\n\t方案"),
    }


def test_a_browser_whose_clock_is_ahead_hands_nothing_in(
    database: "Sessions", trainee: "FlaskClient", stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = _start(trainee, stage)
    place = _places(database, attempt_id)[ItemKind.FILL][0]
    sent = {f"s-{place}": "0", f"q-{place}": "两", "time_is_up": "1", "key": "k"}
    at(monkeypatch, NOW + timedelta(minutes=29, seconds=57, milliseconds=999))
    trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data=sent)
    with database.read() as session:
        attempt = session.get(Attempt, attempt_id)
        assert attempt
        assert attempt.state is AttemptState.IN_PROGRESS
        assert session.scalar(select(Question.answer).where(Question.answer != "")) == "两"
    at(monkeypatch, NOW + timedelta(minutes=29, seconds=58))
    trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"time_is_up": "1", "key": "k"})
    with database.read() as session:
        attempt = session.get(Attempt, attempt_id)
        assert attempt
        assert attempt.ended_at == NOW + timedelta(minutes=29, seconds=58)


def test_what_runs_out_is_handed_in_as_of_its_deadline(
    database: "Sessions", trainee: "FlaskClient", stage: Stage
) -> None:
    attempt_id = _start(trainee, stage)
    place = _places(database, attempt_id)[ItemKind.FILL][0]
    _save(trainee, attempt_id, place, "两", 0)
    deadline = NOW + timedelta(minutes=30)
    states = []
    for late in (timedelta(0), timedelta(seconds=1), timedelta(seconds=60), timedelta(seconds=61)):
        with database.write() as session:
            sweep_attempts(session, now=deadline + late)
        with database.read() as session:
            attempt = session.get(Attempt, attempt_id)
            assert attempt
            states.append(attempt.state)
    assert states == [AttemptState.IN_PROGRESS, AttemptState.OVERDUE, AttemptState.OVERDUE, AttemptState.GRADED]
    with database.read() as session:
        attempt = session.get(Attempt, attempt_id)
        assert attempt
        assert (attempt.ended_at, attempt.score, attempt.out_of, attempt.passed) == (deadline, 200, 12, False)
        assert _life(session, attempt_id) == ["start", "overdue", "hand_in", "grade submitted graded"]


def test_only_answers_can_be_sent_and_only_for_the_own_attempt(
    database: "Sessions", app: "Flask", trainee: "FlaskClient", stage: Stage, cast: Cast
) -> None:
    attempt_id = _start(trainee, stage)
    fellow = cast.sign_in(app.test_client(), Persona.FELLOW)
    refused = [
        _save(fellow, attempt_id, 1, "A", 0).status_code,
        fellow.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"key": "k"}).status_code,
        fellow.get(f"/quizzes/attempts/{attempt_id}").status_code,
        _save(trainee, attempt_id, 99, "A", 0).status_code,
        _save(trainee, attempt_id, 1, "A", 0, score="100").status_code,
        trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"key": "k", "state": "graded"}).status_code,
    ]
    assert refused == [404, 404, 404, 404, 422, 422]
    with database.read() as session:
        assert session.scalars(select(Question.answer)).all() == [""] * 5
        attempt = session.get(Attempt, attempt_id)
        assert attempt
        assert attempt.state is AttemptState.IN_PROGRESS
        noted = session.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "refused")).all()
    assert len(noted) == 5
    trainee.post(f"/quizzes/attempts/{attempt_id}/hand-in", data={"key": "k"})
    assert _save(trainee, attempt_id, 1, "", 0).get_json()["answers"][0]["saved"] == "closed"


def test_who_is_not_due_finds_no_door(app: "Flask", stage: Stage, cast: Cast) -> None:
    stranger = cast.sign_in(app.test_client(), Persona.STRANGER)
    for method in (stranger.get, stranger.post):
        assert method(f"/quizzes/sittings/{stage.sitting_id}/start").status_code == 404
    assert "每月一考" not in stranger.get("/quizzes").text


def test_who_is_exempt_is_told_so_and_cannot_begin(
    database: "Sessions", trainee: "FlaskClient", stage: Stage, cast: Cast
) -> None:
    door = f"/quizzes/sittings/{stage.sitting_id}/start"
    assert door in trainee.get("/quizzes").text
    with database.write() as session:
        person_id = cast.people[Persona.TRAINEE]
        exempt = Concession.EXEMPT
        grant(session, system_actor("test"), stage.sitting_id, exempt, person_id=person_id, reason="病假", now=NOW)
    page = trainee.get("/quizzes").text
    assert "每月一考" in page
    assert "免考" in page
    assert door not in page
    assert f'action="{door}"' not in trainee.get(door).text
    assert trainee.post(door).location == door
    with database.read() as session:
        assert session.scalar(select(Attempt.id)) is None


def test_what_is_sent_as_a_page_goes_is_kept_and_says_nothing_later(trainee: "FlaskClient", stage: Stage) -> None:
    attempt_id = _start(trainee, stage)
    address = f"/quizzes/attempts/{attempt_id}/save"
    sent = {"s-1": "0", "q-1": "", "m-1": str(int(NOW.timestamp() * 1000))}
    answer = trainee.post(address, data=sent | {"beacon": "1"})
    assert [one["saved"] for one in answer.get_json()["answers"]] == ["saved"]
    assert "已保存。" not in trainee.get(f"/quizzes/attempts/{attempt_id}").text
    assert trainee.post(address, data=sent).status_code == 302  # the same without a script: the next page says so
    assert "已保存。" in trainee.get(f"/quizzes/attempts/{attempt_id}").text
