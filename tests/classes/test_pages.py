import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.classes import actions
from scheduler.classes.models import ClassSession, StudyClass
from scheduler.classes.rules import part_of
from scheduler.core import clock
from tests.cast import Persona
from tests.classes.conftest import EDGE, NOW, ZONE, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # actions are tested on both


@pytest.fixture(autouse=True)
def _at_work() -> "Iterator[None]":
    with clock.fixed(datetime(2026, 3, 2, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def browser_of(app: "Flask", stage: Stage) -> "Browsers":
    app.config["WTF_CSRF_ENABLED"] = False
    return Browsers(app, stage)


class Browsers:
    """A browser for each persona."""

    def __init__(self, app: "Flask", stage: Stage) -> None:
        self._app, self._stage = app, stage

    def __call__(self, persona: Persona) -> "FlaskClient":
        return self._stage.cast.sign_in(self._app.test_client(), persona)


@pytest.fixture
def made(stage: Stage) -> tuple[int, int]:
    """Make a published class with a session and two people of the roster; return its id and the session's."""
    with stage.cast.database.write() as session:
        owner = stage.make_class(session, quotas=((stage.cast.units["A"], 3),))
        row = stage.add(session, owner.id)
        people = [stage.cast.people[Persona.TRAINEE], stage.crowd[0]]
        admin = stage.admin(session)
        actions.enrol_people(session, admin, owner.id, people, **EDGE)
        actions.publish_class(session, admin, owner.id, version=owner.version, shown=[row.activity_id], now=NOW)
        return owner.id, row.id


@pytest.mark.parametrize(
    "page",
    ["", "/edit", "/copy", "/publish", "/cancel", "/roster", "/sessions/new", "/sessions/{session}",
     "/sessions/{session}/cancel", "/sessions/{session}/restore"],
)  # fmt: skip
def test_pages_open_for_the_planner_and_are_missing_for_a_trainee(
    browser_of: Browsers, made: tuple[int, int], page: str
) -> None:
    class_id, session_id = made
    address = f"/classes/{class_id}{page.format(session=session_id)}"
    assert browser_of(Persona.ADMIN).get(address).status_code == 200
    assert browser_of(Persona.TRAINEE).get(address).status_code == (200 if not page else 404)
    assert browser_of(Persona.CHARLIE).get(address).status_code == 404
    assert browser_of(Persona.ADMIN).get(address.replace(f"/classes/{class_id}", "/classes/99")).status_code == 404


def test_who_sees_a_published_class(browser_of: Browsers, made: tuple[int, int]) -> None:
    address = f"/classes/{made[0]}"
    seen = {persona for persona in Persona if browser_of(persona).get(address).status_code == 200}
    assert seen == {Persona.ADMIN, Persona.OFFICER, Persona.LEADER, Persona.TRAINEE}


def test_a_draft_is_for_planners(browser_of: Browsers, stage: Stage) -> None:
    with stage.cast.database.write() as session:
        draft = stage.make_class(session)
        actions.enrol_people(session, stage.admin(session), draft.id, [stage.cast.people[Persona.TRAINEE]], **EDGE)
    seen = {persona for persona in Persona if browser_of(persona).get(f"/classes/{draft.id}").status_code == 200}
    assert seen == {Persona.ADMIN}


def test_the_list_finds_by_words_status_and_year(browser_of: Browsers, made: tuple[int, int]) -> None:
    admin = browser_of(Persona.ADMIN)
    for query, found in (
        ("", True),
        ("?q=数字", True),
        ("?q=低空", False),
        ("?state=published", True),
        ("?state=draft", False),
        ("?state=finished", False),
        ("?state=running", False),
        ("?year=2026", True),
        ("?year=2025", False),
        ("?year=x&state=y&page=-3", True),
    ):
        assert (f"/classes/{made[0]}" in admin.get(f"/classes{query}").text) is found, query
    assert f"/classes/{made[0]}" not in browser_of(Persona.STRANGER).get("/classes").text


def test_planning_a_class_fills_in_what_can_be_guessed(browser_of: Browsers, stage: Stage) -> None:
    admin = browser_of(Persona.ADMIN)
    page = admin.get("/classes/new").text
    assert 'value="2026-01"' in page
    typed = {
        "title": "公文写作",
        "code": "2026-01",
        "host_unit": str(stage.cast.units["CITY"]),
        "organiser": "0",
        "run_number": "1",
        "starts_on": "2026-04-08",
        "ends_on": "2026-04-09",
        "capacity": "30",
        "mode": "full_time",
        "quotas": "A：10\nB 5",
    }
    answer = admin.post("/classes/new", data=typed)
    assert answer.status_code == 302
    assert 'value="2026-02"' in admin.get("/classes/new").text
    edit = admin.get(answer.location + "/edit").text
    assert "A 10\nB 5" in edit.replace("\r", "")
    again = admin.post("/classes/new", data=typed | {"quotas": "Z 1"})
    assert again.status_code == 422
    assert admin.post("/classes/new", data=typed | {"quotas": "A"}).status_code == 422
    assert admin.post("/classes/new", data=typed).status_code == 422
    saved = admin.post(answer.location + "/edit", data=typed | {"title": "新名", "version": "1"})
    assert saved.status_code == 302
    assert admin.post(answer.location + "/edit", data=typed | {"version": "1"}).status_code == 409


def _session_data(stage: Stage, **changes: str) -> dict[str, str]:
    return {
        "topic": "案例研讨",
        "day": "2026-03-10",
        "part_of_day": "morning",
        "lecturer": "0",
        "second": "0",
        "venue": str(stage.venues["V1"]),
        "teaching_mode": "seminar",
    } | changes


def test_a_taken_venue_is_explained_and_a_proposal_can_be_taken(
    browser_of: Browsers, made: tuple[int, int], stage: Stage
) -> None:
    admin = browser_of(Persona.ADMIN)
    address = f"/classes/{made[0]}/sessions/new"
    clash = admin.post(address, data=_session_data(stage))
    assert clash.status_code == 422
    assert "教室V1" in clash.text
    assert 'name="slot"' in clash.text
    taken = admin.post(address, data=_session_data(stage, slot="2026-03-11T09:00:00+08:00|2026-03-11T11:30:00+08:00"))
    assert taken.status_code == 302
    with stage.cast.database.read() as session:
        starts = session.scalars(select(Activity.starts_at).order_by(Activity.id)).all()
    assert starts[-1] == datetime(2026, 3, 11, 1, tzinfo=UTC)
    override = admin.post(address, data=_session_data(stage, override_reason="两班合上"))
    assert override.status_code == 302
    assert admin.post(address, data=_session_data(stage, slot="nonsense")).status_code == 422


def test_two_writers_on_one_session(browser_of: Browsers, made: tuple[int, int], stage: Stage) -> None:
    admin = browser_of(Persona.ADMIN)
    address = f"/classes/{made[0]}/sessions/{made[1]}"
    with stage.cast.database.read() as session:
        version = str(session.scalar(select(Activity.version)))
    moved = _session_data(stage, day="2026-03-12", reason="讲师出差", version=version)
    assert admin.post(address, data=moved).status_code == 302
    late = admin.post(address, data=_session_data(stage, topic="别的", version=version))
    assert late.status_code == 422
    with stage.cast.database.read() as session:
        activity = session.scalars(select(Activity)).one()
        assert (activity.title, activity.starts_at) == ("案例研讨", datetime(2026, 3, 12, 1, tzinfo=UTC))


def test_a_session_is_cancelled_with_a_reason_and_restored(
    browser_of: Browsers, made: tuple[int, int], stage: Stage
) -> None:
    admin = browser_of(Persona.ADMIN)
    address = f"/classes/{made[0]}/sessions/{made[1]}"

    def version() -> str:
        with stage.cast.database.read() as session:
            return str(session.scalar(select(Activity.version)))

    assert admin.post(f"{address}/cancel", data={"version": version(), "reason": ""}).status_code == 422
    assert admin.post(f"{address}/cancel", data={"version": version(), "reason": "停水"}).status_code == 302
    assert "停水" in admin.get(address).text
    assert admin.post(f"{address}/restore", data={"version": "1"}).status_code == 422
    assert admin.post(f"{address}/restore", data={"version": version()}).status_code == 302


def test_a_session_whose_time_is_taken_comes_back_at_another_with_one_tap(
    browser_of: Browsers, made: tuple[int, int], stage: Stage
) -> None:
    admin = browser_of(Persona.ADMIN)
    address = f"/classes/{made[0]}/sessions/{made[1]}"
    with stage.cast.database.write() as session:
        activity_id, number = session.execute(select(Activity.id, Activity.version)).one()
    assert admin.get(f"/classes/sessions/of/{activity_id}").location == address
    cancelled = admin.post(f"{address}/cancel", data={"version": str(number), "reason": "停水"})
    assert cancelled.status_code == 302
    with stage.cast.database.write() as session:
        other = stage.make_class(session, code="X", title="别的班")
        stage.add(session, other.id)
    again = {"version": str(number + 1)}
    refused = admin.post(f"{address}/restore", data=again)
    assert refused.status_code == 422
    slots = re.findall(r'name="slot"\s+value="([^"]*)"', refused.text)
    assert len(slots) == 3
    assert admin.post(f"{address}/restore", data=again | {"slot": slots[0]}).status_code == 302
    with stage.cast.database.read() as session:
        back = session.get_one(Activity, activity_id)
        held = session.get_one(ClassSession, made[1])
    assert back.status is ActivityStatus.SCHEDULED
    assert slots[0].startswith(back.starts_at.isoformat())
    assert held.part_of_day is part_of(back.starts_at.astimezone(ZONE).time())


def test_publishing_shows_what_it_does_and_does_just_that(
    browser_of: Browsers, made: tuple[int, int], stage: Stage
) -> None:
    admin = browser_of(Persona.ADMIN)
    assert (
        admin.post(f"/classes/{made[0]}/sessions/new", data=_session_data(stage, day="2026-03-11")).status_code == 302
    )
    trainee = browser_of(Persona.TRAINEE)
    assert "案例研讨" not in trainee.get(f"/classes/{made[0]}").text
    address = f"/classes/{made[0]}/publish"
    page = admin.get(address).text
    assert "案例研讨" in page
    with stage.cast.database.read() as session:
        owner = session.get_one(StudyClass, made[0])
        draft = session.scalars(select(ClassSession.activity_id).order_by(ClassSession.id.desc())).first()
    data = {"version": str(owner.version), "shown": str(draft)}
    assert admin.post(address, data=data | {"shown": ""}).status_code == 422
    assert admin.post(address, data=data).status_code == 302
    assert "案例研讨" in trainee.get(f"/classes/{made[0]}").text
    assert admin.post(address, data=data | {"shown": ""}).status_code == 422


def test_cancelling_a_class(browser_of: Browsers, made: tuple[int, int], stage: Stage) -> None:
    admin = browser_of(Persona.ADMIN)
    with stage.cast.database.read() as session:
        version = str(session.get_one(StudyClass, made[0]).version)
    address = f"/classes/{made[0]}/cancel"
    assert admin.post(address, data={"version": version, "reason": " "}).status_code == 422
    assert admin.post(address, data={"version": version, "reason": "另行安排"}).status_code == 302
    assert admin.post(address, data={"version": version, "reason": "另行安排"}).status_code == 422
    with stage.cast.database.read() as session:
        assert session.scalars(select(Activity.change_reason)).all() == ["另行安排"]


def test_the_next_run(browser_of: Browsers, made: tuple[int, int]) -> None:
    admin = browser_of(Persona.ADMIN)
    data = {"title": "第二期", "code": "2026-09", "starts_on": "2026-05-01"}
    answer = admin.post(f"/classes/{made[0]}/copy", data=data)
    assert answer.status_code == 302
    assert "2026年5月6日" in admin.get(answer.location, headers={"Accept-Language": "zh-CN"}).text
    assert admin.post(f"/classes/{made[0]}/copy", data=data).status_code == 422


def test_the_roster_page_names_wrong_lines_and_asks(browser_of: Browsers, made: tuple[int, int]) -> None:
    admin = browser_of(Persona.ADMIN)
    address = f"/classes/{made[0]}/roster"
    wrong = admin.post(address, data={"staff_nos": "P00001\nP-NOBODY"})
    assert wrong.status_code == 422
    assert "P-NOBODY" in wrong.text
    assert admin.post(address, data={"staff_nos": "P00001，P00000"}).status_code == 302
    beyond = admin.post(address, data={"staff_nos": "P00002"})
    assert beyond.status_code == 422
    assert 'name="override_reason"' in beyond.text
    officer = browser_of(Persona.OFFICER).post(address, data={"staff_nos": "P00002"})
    assert 'name="override_reason"' not in officer.text
    assert admin.post(address, data={"staff_nos": "P00002", "override_reason": "点名"}).status_code == 302


def test_a_removal_can_be_undone(browser_of: Browsers, made: tuple[int, int], stage: Stage) -> None:
    officer = browser_of(Persona.OFFICER)
    address = f"/classes/{made[0]}/roster"
    assert officer.post(f"{address}/remove", data={"person": str(stage.crowd[0])}).status_code == 302
    with stage.cast.database.read() as session:
        assert session.get_one(StudyClass, made[0]).taken == 1
    assert officer.post(f"{address}/{stage.crowd[0]}").status_code == 302
    with stage.cast.database.read() as session:
        assert session.get_one(StudyClass, made[0]).taken == 2


def test_dates_in_words(browser_of: Browsers, made: tuple[int, int]) -> None:
    page = browser_of(Persona.TRAINEE).get(f"/classes/{made[0]}", headers={"Accept-Language": "en"}).text
    assert f"{date(2026, 3, 10):%a} 10 Mar 2026" in page
