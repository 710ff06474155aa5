"""The pages of schedules: made, looked at, changed, stopped, one left out."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from scheduler.core import clock
from scheduler.quizzes.models import Paper, QuizSchedule, ScheduledSitting
from tests.cast import Cast, Persona
from tests.quizzes.stage import set_stage
from tests.quizzes.test_quiz_pages import BEFORE, ask, send

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the statements are tried on both
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def admin(client: "FlaskClient", cast: Cast, app: "Flask") -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False
    with clock.fixed(NOW):
        return cast.sign_in(client, Persona.ADMIN)


def form(cast: Cast, paper: int, **changes: Any) -> dict[str, Any]:
    usual = {
        "name": "每周一测", "paper": paper, "rhythm": "week", "day": 1, "nth": 1, "weekday": 3, "opens": "15:00",
        "delay_minutes": 0, "open_minutes": 60, "lead_days": 7, "first_day": "2026-03-01", "last_day": "", "audience": 0,
        "units": [cast.units["A1"]], "host_unit": cast.units["A"], "length_minutes": 30, "attempts": 1, "pass_mark": 60,
        "threshold": 80, "denominator": "due", "smallest_unit": 1, "credit": "none", "release": "closed",
        "explanations": "y", "stagger_minutes": 0, "regrade_days": 3, "confirm_days": 7, "attendees": "whole_unit",
    }  # fmt: skip
    return {**usual, **changes}


def test_from_an_empty_list_to_a_sitting_in_the_calendars(cast: Cast, admin: "FlaskClient") -> None:
    assert "No schedule yet" in ask(admin, "/quizzes/schedules", NOW)
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE)
    for change, said in (
        ({"units": []}, "Nobody would be due"),
        ({"rhythm": "lesson"}, "whose lessons it follows"),
        ({"weekday": 9}, "Not a valid choice"),
        ({"day": 40}, "1 to 31"),
        ({"first_day": ""}, "每周一测"),
        ({"last_day": "2026-02-01"}, "ends before it begins"),
    ):
        status, page = send(admin, "/quizzes/schedules/new", NOW, **form(cast, held.paper_id, **change))
        assert (status, said in page) == (422, True), change
        assert 'value="每周一测"' in page
    status, address = send(admin, "/quizzes/schedules/new", NOW, **form(cast, held.paper_id))
    assert status == 302
    page = ask(admin, address, NOW)
    assert "Every Thursday" in page
    assert page.count("In the calendars") == 1
    assert page.count("Leave it out") == 5
    assert "Every Thursday" in ask(admin, "/quizzes/schedules", NOW)
    with cast.database.read() as session:
        sitting = session.scalars(select(ScheduledSitting.sitting_id)).one()
    assert f'href="{address}"' in ask(admin, f"/quizzes/sittings/{sitting}", NOW)

    # another day is left out, and held after all
    status, back = send(admin, f"{address}/skip/20260312", NOW)
    assert (status, back) == (302, address)
    page = ask(admin, address, NOW)
    assert ("This one is left out." in page, page.count("Hold it after all")) == (True, 1)
    assert send(admin, f"{address}/unskip/20260312", NOW)[0] == 302
    assert "Hold it after all" not in ask(admin, address, NOW)
    send(admin, f"{address}/skip/20260305", NOW)
    assert "stands in the calendars already" in ask(admin, address, NOW)
    assert send(admin, f"{address}/skip/20260306", NOW)[0] == 404

    assert send(admin, f"{address}/stop", NOW)[0] == 302
    page = ask(admin, address, NOW)
    assert ("nothing more is made" in page, f"/quizzes/sittings/{sitting}" in page) == (True, True)
    assert send(admin, f"{address}/resume", NOW)[0] == 302
    assert "nothing more is made" not in ask(admin, address, NOW)


def test_a_change_keeps_what_stands_and_refuses_what_is_stale(cast: Cast, admin: "FlaskClient") -> None:
    with cast.database.write() as session:
        held = set_stage(session, cast, opens=NOW, now=BEFORE)
    _status, address = send(admin, "/quizzes/schedules/new", NOW, **form(cast, held.paper_id))
    assert 'value="15:00"' in ask(admin, f"{address}/edit", NOW)
    with cast.database.read() as session:
        version = session.scalars(select(QuizSchedule.version)).one()
    changed = form(cast, held.paper_id, rhythm="month_weekday", nth=5, weekday=4, opens="16:30", version=version)
    assert send(admin, f"{address}/edit", NOW, **changed) == (302, address)
    page = ask(admin, address, NOW)
    assert "On the last Friday of every month" in page
    assert "16:30" in page
    status, page = send(admin, f"{address}/edit", NOW, **changed)
    assert (status, "Somebody else changed this" in page) == (422, True)


def test_what_could_not_be_planned_says_why_and_the_page_asks_no_more_for_more(
    cast: Cast, admin: "FlaskClient", app: "Flask"
) -> None:
    with cast.database.write() as session:
        nothing = Paper(name="空卷")
        session.add(nothing)
        session.flush()
        paper = nothing.id
    _status, address = send(admin, "/quizzes/schedules/new", NOW, **form(cast, paper, lead_days=1))
    statements: list[object] = []
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    counts = []
    for lead in (7, 60):
        with cast.database.read() as session:
            version = session.scalars(select(QuizSchedule.version)).one()
        send(admin, f"{address}/edit", NOW, **form(cast, paper, lead_days=lead, version=version))
        ask(admin, address, NOW)
        statements.clear()
        page = ask(admin, address, NOW)
        counts.append(len(statements))
        assert page.count("Could not be planned: This paper asks nothing.") == (1 if lead == 7 else 6)
    assert counts[0] == counts[1]
