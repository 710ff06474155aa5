import html
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from scheduler.agenda.actions import create_activities, create_audience, enrol, publish_activities
from scheduler.agenda.models import Activity, Venue
from scheduler.agenda.queries import is_published
from scheduler.agenda.terms import ActivityKind, ActivityPlan, ActivityStatus, AudienceKind, MembershipSource, VenueKind
from scheduler.agenda.views.blueprint import holiday_name
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.periods import Span
from scheduler.notices.models import Notice
from tests.agenda.city import NOW, ZONE, at, evening
from tests.agenda.rules.test_holiday_notice import NOTICE_2026
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SYSTEM = system_actor("tests")


@dataclass
class Stage:
    """What the pages are about, and browsers for those who look."""

    cast: Cast
    client: "FlaskClient"
    evening: int
    other: int
    draft: int
    hall: int

    def as_(self, persona: Persona) -> "FlaskClient":
        self.client.delete_cookie("session")
        self.client.get("/sign-in")
        return self.cast.sign_in(self.client, persona)

    def send(self, address: str, **fields: str | list[str]) -> "TestResponse":
        """Open the page, then send its form with the fields that it shows, changed by `fields`."""
        page = self.client.get(address).get_data(as_text=True)
        found = dict(re.findall(r'name="(csrf_token|version|lines|source)"[^>]*value="([^"]*)"', page))
        return self.client.post(address, data={name: html.unescape(text) for name, text in found.items()} | fields)

    def activity(self, activity_id: int) -> Activity:
        with self.cast.database.read() as session:
            return session.get_one(Activity, activity_id)


def offered(page: str) -> list[str]:
    """Return the proposed times of a page, each of which one tap takes."""
    return [html.unescape(value) for value in re.findall(r'name="slot"[^>]*value="([^"]*)"', page)]


@pytest.fixture
def stage(cast: Cast, client: "FlaskClient") -> "Iterator[Stage]":
    with clock.fixed(NOW), cast.database.write() as session:
        hall = Venue(code="V1", name="大礼堂", kind=VenueKind.AUDITORIUM, capacity=300, address="人民路1号")
        session.add(hall)
        session.flush()
        audience = create_audience(session, SYSTEM, AudienceKind.PEOPLE, "K", "科长班", cast.units["A"], now=NOW)
        people = [cast.people[Persona.TRAINEE], cast.people[Persona.FELLOW]]
        enrol(session, SYSTEM, audience.id, people, source=MembershipSource.NAMED, now=NOW)

        def plan(title: str, span: Span, status: ActivityStatus = ActivityStatus.SCHEDULED) -> ActivityPlan:
            lecturers = (cast.lecturer_id,) if status is ActivityStatus.SCHEDULED else ()
            return ActivityPlan(
                ActivityKind.SESSION, title, span, audience.id, cast.units["A"], hall.id, lecturers, status=status
            )

        first, second, draft = create_activities(
            session,
            SYSTEM,
            [
                plan("公文写作", evening()),
                plan("数字治理", at("09:00", "11:00")),
                plan("草稿课", at("14:00", "15:00"), ActivityStatus.DRAFT),
            ],
            installation_id="test.example",
            zone=ZONE,
            now=NOW,
        )
        made = Stage(cast, client, first.id, second.id, draft.id, hall.id)
    with clock.fixed(NOW + timedelta(hours=1)):
        yield made


def test_a_trainee_sees_when_where_and_who(stage: Stage) -> None:
    page = stage.as_(Persona.TRAINEE).get(f"/activities/{stage.evening}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for word in ("公文写作", "19:00–21:00", "大礼堂", "人民路1号", "陆江", "科长班", "财政局"):
        assert word in text
    assert "/move" not in text
    for persona in (Persona.STRANGER, Persona.CHARLIE):
        assert stage.as_(persona).get(f"/activities/{stage.evening}").status_code == 404
    assert stage.as_(Persona.TRAINEE).get(f"/activities/{stage.draft}").status_code == 404
    assert stage.as_(Persona.LECTURER).get(f"/activities/{stage.evening}").status_code == 200
    officer = stage.as_(Persona.OFFICER)
    assert officer.get(f"/activities/{stage.draft}").status_code == 200
    assert f"/activities/{stage.evening}/move" in officer.get(f"/activities/{stage.evening}").get_data(as_text=True)


def test_what_a_draft_was_called_is_for_planners(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    address = f"/activities/{stage.draft}"
    assert stage.send(f"{address}/edit", title="公开课", venue_id=str(stage.hall), reason="内部原因").status_code == 302
    with stage.cast.database.write() as session:
        publish_activities(session, SYSTEM, [stage.draft], now=NOW)
    page = stage.as_(Persona.OFFICER).get(address).get_data(as_text=True)
    assert "草稿课" in page
    assert "内部原因" in page
    page = stage.as_(Persona.TRAINEE).get(address).get_data(as_text=True)
    assert "公开课" in page
    assert "草稿课" not in page
    assert "内部原因" not in page


def test_an_officer_moves_it_and_people_are_told(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    address = f"/activities/{stage.evening}/move"
    answer = stage.send(
        address, day="2026-03-06", starts="19:00", ends="21:00", reason="场地检修", venue_id=str(stage.hall)
    )
    assert answer.status_code == 302
    moved = stage.activity(stage.evening)
    assert (moved.starts_at, moved.sequence) == (evening(date(2026, 3, 6)).start, 1)
    page = stage.client.get(f"/activities/{stage.evening}").get_data(as_text=True)
    assert "场地检修" in page
    assert "2026年3月5日（周四） 19:00" in page
    with stage.cast.database.read() as session:
        told = {notice.recipient_id for notice in session.query(Notice)}
    assert told == {stage.cast.people[name] for name in (Persona.TRAINEE, Persona.FELLOW)}


def test_a_clash_shows_three_times_and_one_is_taken(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    address = f"/activities/{stage.evening}/move"
    fields = {"day": "2026-03-05", "starts": "10:00", "ends": "12:00", "reason": "换", "venue_id": str(stage.hall)}
    answer = stage.send(address, **fields)
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "数字治理" in text
    assert "override_reason" not in text
    slots = offered(text)
    assert len(slots) == 3
    assert stage.activity(stage.evening).sequence == 0
    assert stage.send(address, **fields, slot="rubbish").status_code == 422
    assert stage.send(address, **fields, slot=slots[1]).status_code == 302
    assert slots[1].startswith(stage.activity(stage.evening).starts_at.isoformat())


def test_an_edit_that_clashes_takes_another_time_with_one_tap(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    with stage.cast.database.write() as session:
        room = Venue(code="V2", name="二楼", kind=VenueKind.CLASSROOM, capacity=30)
        session.add(room)
        session.flush()
        audience = create_audience(session, SYSTEM, AudienceKind.PEOPLE, "Z", "别人", stage.cast.units["A"], now=NOW)
        other = ActivityPlan(ActivityKind.MEETING, "谈话", evening(), audience.id, stage.cast.units["A"], room.id)
        create_activities(session, SYSTEM, [other], installation_id="test.example", zone=ZONE, now=NOW)
        wanted = str(room.id)
    address = f"/activities/{stage.evening}/edit"
    fields: dict[str, str | list[str]] = {
        "title": "公文写作", "venue_id": wanted, "lecturer_ids": [str(stage.cast.lecturer_id)], "reason": "换场地"
    }  # fmt: skip
    answer = stage.send(address, **fields)
    assert answer.status_code == 409
    assert "谈话" in answer.text
    (slot, *_others) = offered(answer.text)
    assert stage.send(address, **{**fields, "reason": ""}, slot=slot).status_code == 422, "a move needs a reason"
    assert stage.send(address, **fields, slot=slot).status_code == 302
    taken = stage.activity(stage.evening)
    assert (slot.startswith(taken.starts_at.isoformat()), taken.venue_id, taken.sequence) == (True, int(wanted), 1)


@pytest.mark.parametrize("kind", [AudienceKind.STUDY_CLASS, AudienceKind.SERIES])
def test_what_a_class_or_a_series_holds_is_not_changed_here(stage: Stage, kind: AudienceKind) -> None:
    with stage.cast.database.write() as session:
        audience = create_audience(session, SYSTEM, kind, "P", "有计划的", stage.cast.units["A"], now=NOW)
        plan = ActivityPlan(ActivityKind.SESSION, "有计划", at("14:00", "15:00"), audience.id, stage.cast.units["A"])
        (made,) = create_activities(session, SYSTEM, [plan], installation_id="test.example", zone=ZONE, now=NOW)
        number = made.id
    for persona in (Persona.OFFICER, Persona.ADMIN):
        browser = stage.as_(persona)
        page = browser.get(f"/activities/{number}").text
        assert f"/activities/{number}/move" not in page
        assert (f"/of/{number}" in page) == (persona is Persona.ADMIN)
        for verb in ("move", "edit", "cancel", "restore"):
            assert browser.get(f"/activities/{number}/{verb}").status_code == 404


def test_the_office_overrides_with_a_reason(stage: Stage) -> None:
    stage.as_(Persona.ADMIN)
    address = f"/activities/{stage.evening}/move"
    fields = {"day": "2026-03-05", "starts": "10:00", "ends": "12:00", "reason": "换", "venue_id": str(stage.hall)}
    assert "override_reason" in stage.send(address, **fields).get_data(as_text=True)
    assert stage.send(address, **fields, override_reason="合班").status_code == 302
    assert not stage.activity(stage.evening).holds
    assert "合班" in stage.client.get(f"/activities/{stage.evening}").get_data(as_text=True)


def test_bad_input_is_answered_beside_the_field(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    for fields in (
        {"day": "2026-03-06", "starts": "21:00", "ends": "19:00"},
        {"day": "2026-02-30", "starts": "19:00", "ends": "21:00"},
        {"day": "2026-03-06", "starts": "19:00", "ends": "21:00", "reason": " "},
        {"day": "2026-03-06", "starts": "19:00", "ends": "21:00", "reason": "a", "venue_id": "99999"},
        {"day": "2026-03-06", "starts": "19:00", "ends": "21:00", "reason": "长" * 301},
    ):
        answer = stage.send(f"/activities/{stage.evening}/move", **{"venue_id": str(stage.hall), **fields})
        assert answer.status_code == 422
        assert "error" in answer.get_data(as_text=True)
    for title in ("", "长" * 201, "甲\r\n乙", "甲\x07"):
        answer = stage.send(f"/activities/{stage.evening}/edit", title=title, venue_id=str(stage.hall))
        assert answer.status_code == 422
    assert stage.activity(stage.evening).version == 1


def test_the_second_of_two_planners_is_told(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    fields: dict[str, str | list[str]] = {"venue_id": str(stage.hall), "lecturer_ids": [str(stage.cast.lecturer_id)]}
    assert stage.send(f"/activities/{stage.evening}/edit", title="一", **fields).status_code == 302
    answer = stage.send(f"/activities/{stage.evening}/edit", title="二", version="1", **fields)
    assert answer.status_code == 409
    assert stage.activity(stage.evening).title == "一"


def test_cancel_and_restore(stage: Stage) -> None:
    stage.as_(Persona.OFFICER)
    assert stage.send(f"/activities/{stage.evening}/cancel", reason="").status_code == 422
    assert stage.send(f"/activities/{stage.evening}/cancel", reason="台风").status_code == 302
    page = stage.client.get(f"/activities/{stage.evening}").get_data(as_text=True)
    assert "台风" in page
    assert f"/activities/{stage.evening}/restore" in page
    assert stage.send(f"/activities/{stage.evening}/restore").status_code == 302
    assert stage.activity(stage.evening).sequence == 2


def test_what_cannot_be_restored_names_the_other_and_three_times(stage: Stage) -> None:
    stage.as_(Persona.ADMIN)
    stage.send(f"/activities/{stage.evening}/cancel", reason="停课")
    when = {"day": evening().start.astimezone(ZONE).date().isoformat(), "starts": "19:00", "ends": "21:00"}
    fields = {"venue_id": str(stage.hall), "reason": "换时间", **when}
    assert stage.send(f"/activities/{stage.other}/move", **fields).status_code == 302
    answer = stage.send(f"/activities/{stage.evening}/restore")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "数字治理" in page
    (slot, *others) = offered(page)
    assert len(others) == 2
    assert stage.send(f"/activities/{stage.evening}/restore", slot=slot).status_code == 302
    back = stage.activity(stage.evening)
    assert (back.status, back.sequence) == (ActivityStatus.SCHEDULED, 2)
    assert slot.startswith(back.starts_at.isoformat())
    assert back.moved_from == evening().start


def test_holidays_bear_the_names_of_the_readers_language(app: "Flask") -> None:
    for wanted, name in (("en", "Spring Festival"), ("zh", "春节")):
        with app.test_request_context(headers={"Accept-Language": wanted}):
            assert holiday_name("春节") == name


def test_strangers_find_no_form(stage: Stage) -> None:
    for persona in (Persona.TRAINEE, Persona.LEADER, Persona.CHARLIE):
        for verb in ("move", "edit", "cancel", "restore"):
            assert stage.as_(persona).get(f"/activities/{stage.evening}/{verb}").status_code == 404
        assert stage.client.get(f"/venues/{stage.hall}/edit").status_code == 404
        assert stage.client.get("/calendar/update").status_code == 404


def test_venues(stage: Stage) -> None:
    client = stage.as_(Persona.TRAINEE)
    assert "大礼堂" in client.get("/venues").get_data(as_text=True)
    assert "大礼堂" not in client.get("/venues?q=%25").get_data(as_text=True)
    text = client.get(f"/venues/{stage.hall}").get_data(as_text=True)
    assert "公文写作" in text
    assert "草稿课" not in text
    assert client.get("/venues/9999").status_code == 404
    stage.as_(Persona.ADMIN)
    known = {"code": "H1", "kind": "auditorium", "capacity": "300", "version": "1"}
    assert stage.send(f"/venues/{stage.hall}/edit", **known, name="").status_code == 422
    assert stage.send(f"/venues/{stage.hall}/edit", **known, name="甲\x07").status_code == 422
    assert stage.send(f"/venues/{stage.hall}/edit", **known, name="新礼堂").status_code == 302
    assert stage.activity(stage.evening).revised_at > NOW


def test_the_notice_is_pasted_compared_and_applied(stage: Stage) -> None:
    stage.as_(Persona.ADMIN)
    assert stage.client.get("/calendar").status_code == 302
    shown = stage.send("/calendar/update", text=NOTICE_2026)
    text = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "国庆节调休上班" in text
    fields = dict(re.findall(r'name="(csrf_token|lines|source)"\s+value="([^"]*)"', text))
    with stage.cast.database.read() as session:
        assert not is_published(session, 2026)
    applied = stage.client.post("/calendar/2026/apply", data={k: html.unescape(v) for k, v in fields.items()})
    assert applied.status_code == 302
    page = stage.client.get("/calendar/2026").get_data(as_text=True)
    assert "国庆节" in page
    assert stage.client.get("/calendar/1999").status_code == 404
    again = stage.send("/calendar/update", text=NOTICE_2026).get_data(as_text=True)
    assert 'name="lines"' not in again
    bad = stage.client.post("/calendar/2026/apply", data={"csrf_token": fields["csrf_token"], "lines": "x"})
    assert bad.status_code == 422


def test_a_notice_that_cannot_be_read(stage: Stage) -> None:
    stage.as_(Persona.ADMIN)
    for fields in (
        {"text": ""},
        {"text": "各单位：放假。"},
        {"text": "没有节", "year": "2027"},
        {"text": "甲", "year": "1"},
    ):
        assert stage.send("/calendar/update", **fields).status_code == 422


def test_english_pages(stage: Stage) -> None:
    client = stage.as_(Persona.OFFICER)
    for address in (f"/activities/{stage.evening}", f"/activities/{stage.evening}/move", "/venues", "/calendar/2026"):
        page = client.get(address, headers={"Accept-Language": "en"})
        assert page.status_code == 200
