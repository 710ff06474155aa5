"""The office's way: a paper, a sitting, who is at work, what is granted, marks, figures, a key that was wrong, the release."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from scheduler.core import clock
from scheduler.quizzes.actions.attempts import hand_in, save_answers, start_attempt
from scheduler.quizzes.actions.grading import grade
from scheduler.quizzes.models import Attempt, Grant, Paper, Question, Ruling, Sitting
from scheduler.quizzes.tasks import close_due
from scheduler.quizzes.terms.attempts import AttemptState, Sent
from scheduler.quizzes.terms.bank import ItemKind
from tests.cast import Cast, Persona
from tests.quizzes.stage import Stage, fill_bank, set_stage

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
RULES = {
    "length_minutes": "30", "attempts": "1", "pass_mark": "60", "threshold": "80", "denominator": "due",
    "smallest_unit": "5", "credit": "none", "release": "by_hand", "explanations": "y", "stagger_minutes": "0",
    "regrade_days": "3", "confirm_days": "7", "attendees": "whole_unit",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_ten(app: "Flask", monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def admin(client: "FlaskClient", cast: Cast) -> "FlaskClient":
    return cast.sign_in(client, Persona.ADMIN)


def _held(database: "Sessions", cast: Cast, opens: datetime = NOW, **rules: Any) -> Stage:
    with database.write() as session:
        return set_stage(session, cast, opens=opens, now=NOW - timedelta(days=1), **rules)


def test_a_paper_from_the_form_to_a_sitting_in_everybodys_calendar(
    database: "Sessions", admin: "FlaskClient", cast: Cast
) -> None:
    with database.write() as session:
        bank = fill_bank(session, now=NOW)
    draws = {"name": "抽题", "rules-0-count": "2", "rules-0-points": "5", "rules-0-topic": "培训评估", "rules-0-kind": "",
             "rules-0-difficulty": ""}  # fmt: skip
    assert admin.post("/quizzes/papers/new", data={**draws, "rules-0-count": "9"}).status_code == 422
    assert admin.post("/quizzes/papers/new", data=draws).status_code == 302
    fixed = {"name": "定题", "items": "\n".join(f"{item} 5" for item, _version in bank.values())}
    refused = admin.post("/quizzes/papers/new", data={**fixed, "items": "没有"})
    assert (refused.status_code, "没有" in refused.text) == (422, True)
    assert admin.post("/quizzes/papers/new", data=fixed).status_code == 302
    page = admin.get("/quizzes/papers").text
    assert page.index("定题") != page.index("抽题")
    with database.read() as session:
        papers = {paper.name: paper for paper in session.scalars(select(Paper))}
    again = admin.get(f"/quizzes/papers/{papers['定题'].id}/edit").text
    assert f"{bank[ItemKind.FILL][0]} 5" in again
    change = {**draws, "name": "抽题二", "version": str(papers["抽题"].version)}
    assert admin.post(f"/quizzes/papers/{papers['抽题'].id}/edit", data=change).status_code == 302
    stale = admin.post(f"/quizzes/papers/{papers['抽题'].id}/edit", data=change)
    assert stale.status_code == 422
    plan = {
        **RULES, "title": "每月一考", "paper": str(papers["抽题"].id), "audience": "0", "units": str(cast.units["A"]),
        "day": "2026-03-06", "starts": "09:00", "ends": "10:00", "venue": "0", "host_unit": str(cast.units["A"]),
    }  # fmt: skip
    for wrong in ({"ends": "08:00"}, {"units": ""}, {"length_minutes": "0"}, {"threshold": "101"}):
        assert admin.post("/quizzes/sittings/new", data={**plan, **wrong}).status_code == 422, wrong
    made = admin.post("/quizzes/sittings/new", data=plan)
    assert made.status_code == 302
    page = admin.get(made.location).text
    assert "田瑞" in page
    with database.read() as session:
        sitting = session.scalars(select(Sitting)).one()
    rules = {**RULES, "pass_mark": "70", "version": str(sitting.version)}
    assert admin.get(f"{made.location}/rules").status_code == 200
    assert admin.post(f"{made.location}/rules", data={**rules, "pass_mark": "0"}).status_code == 422
    assert admin.post(f"{made.location}/rules", data=rules).status_code == 302
    move = {"day": "2026-03-09", "starts": "09:00", "ends": "10:00", "reason": "另有会议", "version": "1"}
    assert admin.get(f"{made.location}/move").status_code == 200
    assert admin.post(f"{made.location}/move", data={**move, "ends": "08:00"}).status_code == 422
    assert admin.post(f"{made.location}/move", data=move).status_code == 302
    assert admin.get(f"/quizzes/activities/{sitting.activity_id}").location == made.location
    gone = admin.post(f"{made.location}/cancel", data={"reason": "停考", "version": "2"})
    assert gone.status_code == 302
    assert "停考" in admin.get(made.location).text
    assert admin.get("/quizzes/sittings").status_code == 200


def test_time_granted_holds_at_once_and_is_taken_back(database: "Sessions", admin: "FlaskClient", cast: Cast) -> None:
    held = _held(database, cast, length_minutes=30)
    with database.write() as session:
        attempt_id = start_attempt(session, cast.actor(session, Persona.TRAINEE), held.sitting_id, now=NOW)
    address = f"/quizzes/sittings/{held.sitting_id}"

    def deadline() -> datetime:
        with database.read() as session:
            return session.get_one(Attempt, attempt_id).deadline

    unit = {"concession": "more_time", "person": "0", "unit": str(cast.units["A"]), "minutes": "10", "reason": "网络"}
    person = {**unit, "person": str(cast.people[Persona.TRAINEE]), "unit": "0", "minutes": "15"}
    for wrong in ({"minutes": ""}, {"reason": ""}, {"person": person["person"]}, {"concession": "exempt"}):
        assert admin.post(f"{address}/grants", data={**unit, **wrong}).status_code == 422, wrong
    assert admin.post(f"{address}/grants", data=unit).status_code == 302
    assert deadline() == NOW + timedelta(minutes=40)
    assert admin.post(f"{address}/grants", data=person).status_code == 302
    assert deadline() == NOW + timedelta(minutes=45)
    with database.read() as session:
        last = session.scalars(select(Grant.id).order_by(Grant.id.desc())).first()
    assert admin.post(f"{address}/grants/{last}/withdraw").status_code == 302
    assert deadline() == NOW + timedelta(minutes=40)
    with database.write() as session:
        assert close_due(session, now=NOW + timedelta(hours=2, minutes=2)) == 0  # an attempt is open
        session.get_one(Attempt, attempt_id).state = AttemptState.SUBMITTED
        session.get_one(Attempt, attempt_id).ended_at = NOW
        assert close_due(session, now=NOW + timedelta(hours=2, minutes=2)) == 0  # ten minutes were granted
        assert close_due(session, now=NOW + timedelta(hours=2, minutes=11)) == 1


def test_marks_without_names_and_a_wrong_key_tried_out_first(  # noqa: PLR0915 - one story
    database: "Sessions", app: "Flask", admin: "FlaskClient", cast: Cast
) -> None:
    held = _held(database, cast, release="by_hand", double_marking=True)
    with database.write() as session:
        for persona in (Persona.TRAINEE, Persona.FELLOW):
            actor = cast.actor(session, persona)
            attempt_id = start_attempt(session, actor, held.sitting_id, now=NOW)
            answers = {held.versions[ItemKind.SHORT]: "选点", held.versions[ItemKind.TRUE_FALSE]: "F"}
            rows = session.scalars(select(Question).where(Question.attempt_id == attempt_id)).all()
            sent = [
                Sent(row.position, answers[row.item_version_id], 0) for row in rows if row.item_version_id in answers
            ]
            save_answers(session, actor, attempt_id, sent, now=NOW)
            hand_in(session, actor, attempt_id, [], key=persona, now=NOW)
            grade(session, [attempt_id], now=NOW)
    address = f"/quizzes/sittings/{held.sitting_id}"
    page = admin.get(f"{address}/marking").text
    assert (page.count("选点"), "田瑞" in page) == (2, False)
    with database.read() as session:
        waiting = session.execute(
            select(Question.attempt_id, Question.position).where(
                Question.item_version_id == held.versions[ItemKind.SHORT]
            )
        ).all()
    for attempt, position in waiting:
        spot = f"{address}/marking/{attempt}/{position}"
        assert admin.post(spot, data={"points": "5"}).status_code == 422
        assert admin.post(spot, data={"points": "1.005"}).status_code == 422
        assert admin.post(spot, data={"points": "4", "remark": "要点齐全"}).status_code == 302
    with database.read() as session:
        assert {one.state for one in session.scalars(select(Attempt))} == {AttemptState.SUBMITTED}
    officer = cast.sign_in(app.test_client(), Persona.LECTURER)  # teaches nothing here
    assert officer.get(f"{address}/marking").status_code == 404
    health = admin.get(f"{address}/items").text
    assert health
    with database.write() as session:
        session.get_one(Sitting, held.sitting_id).double_marking = False
        grade(session, [attempt for attempt, _position in waiting], now=NOW)
        assert close_due(session, now=NOW + timedelta(hours=2, minutes=2)) == 1
    assert "替训必须经过批准" in admin.get(f"{address}/items").text
    wrong = f"{address}/items/{held.versions[ItemKind.TRUE_FALSE]}"
    assert admin.get(wrong).status_code == 200
    for form in ({"reason": "", "key": "F"}, {"reason": "错", "key": ""}, {"reason": "错", "key": "F", "void": "y"}):
        assert admin.post(wrong, data=form).status_code == 422, form
    tried = admin.post(wrong, data={"reason": "答案有误", "key": "f"})
    assert tried.status_code == 200
    with database.read() as session:
        assert session.scalars(select(Ruling)).all() == []
        assert {one.score for one in session.scalars(select(Attempt))} == {400}
    assert admin.post(wrong, data={"reason": "答案有误", "key": "F", "tried": "0 F"}).status_code == 302
    with database.read() as session:
        assert {one.score for one in session.scalars(select(Attempt))} == {500}
    assert admin.post(f"{address}/items/{10**6}", data={"reason": "x", "void": "y"}).status_code == 404
    filled = f"{address}/items/{held.versions[ItemKind.FILL]}"
    assert admin.post(filled, data={"reason": "也对", "key": "3|三", "tried": "0 3|三"}).status_code == 302
    assert admin.post(f"{address}/release").status_code == 302
    trainee = cast.sign_in(app.test_client(), Persona.TRAINEE)
    with database.read() as session:
        own = session.scalars(select(Attempt.id).where(Attempt.person_id == cast.people[Persona.TRAINEE])).one()
    page = trainee.get(f"/quizzes/attempts/{own}").text
    assert "要点齐全" in page
    assert "3 / 三" in page
    called = admin.post(f"{address}/attempts/{own}/call-off", data={"reason": "系统故障"})
    assert called.status_code == 302
    assert "系统故障" not in trainee.get(f"/quizzes/attempts/{own}").text
