from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.core import clock
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.lectures.queries import find_series
from tests.cast import Persona
from tests.lectures.conftest import NOW, School

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # actions are tested on both


@pytest.fixture(autouse=True)
def _at_work() -> "Iterator[None]":
    with clock.fixed(datetime(2026, 1, 2, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def admin(app: "Flask", school: School) -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False
    return school.cast.sign_in(app.test_client(), Persona.ADMIN)


@pytest.fixture
def year(school: School) -> tuple[int, int, int]:
    """Make the year's evenings; return the ids of the programme, its first series and that series' first evening."""
    with school.cast.database.write() as session:
        programme = school.found(session)
        school.generate(session, programme.id)
        series = session.scalars(select(Series).where(Series.turn == 0)).one()
        evening = session.scalars(
            select(Evening.id).where(Evening.series_id == series.id).order_by(Evening.slot_on)
        ).first()
        return programme.id, series.id, evening or 0


PAGES = {
    "/lectures": True,
    "/lectures/series/{series}": True,
    "/lectures/programmes/{programme}": True,
    "/lectures/series/{series}/enrol": False,
    "/lectures/programmes/new": False,
    "/lectures/programmes/{programme}/edit": False,
    "/lectures/programmes/{programme}/generate": False,
    "/lectures/programmes/{programme}/holidays/2026-10-01": False,
    "/lectures/evenings/{evening}": False,
    "/lectures/evenings/{evening}/cancel": False,
    "/lectures/evenings/{evening}/restore": False,
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_planners_and_partly_for_trainees(
    app: "Flask", admin: "FlaskClient", school: School, year: tuple[int, int, int], page: str
) -> None:
    address = page.format(programme=year[0], series=year[1], evening=year[2])
    assert admin.get(address).status_code == 200
    trainee = school.cast.sign_in(app.test_client(), Persona.TRAINEE)
    assert trainee.get(address).status_code == (200 if PAGES[page] else 404)
    assert school.cast.sign_in(app.test_client(), Persona.CHARLIE).get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/lectures/series/99", "/lectures/programmes/99", "/lectures/evenings/99", "/lectures/programmes/1/holidays/x"],
)
def test_what_is_not_there(admin: "FlaskClient", year: tuple[int, int, int], address: str) -> None:
    assert year
    assert admin.get(address).status_code == 404


def test_a_trainee_subscribes_and_can_undo_it(app: "Flask", school: School, year: tuple[int, int, int]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    trainee = school.cast.sign_in(app.test_client(), Persona.TRAINEE)
    here = f"/lectures/series/{year[1]}"
    page = trainee.post(f"{here}/subscribe", follow_redirects=True, headers={"Accept-Language": "en"}).text
    assert f'action="{here}/unsubscribe"' in page
    assert "Undo" in page
    page = trainee.post(f"{here}/unsubscribe", follow_redirects=True).text
    assert f'action="{here}/subscribe"' in page


def test_from_a_rule_to_evenings(admin: "FlaskClient", school: School) -> None:
    typed = {
        "name": "夜校",
        "weekday": "3",
        "starts": "19:00",
        "ends": "21:00",
        "begins_on": "2026-09-24",
        "ends_on": "2026-10-15",
        "venue": str(school.venues["V1"]),
        "host_unit": str(school.cast.units["CITY"]),
        "strands": "甲\n乙\n",
    }
    answer = admin.post("/lectures/programmes/new", data=typed)
    assert answer.status_code == 302
    assert admin.post("/lectures/programmes/new", data=typed).status_code == 422
    made = admin.post(answer.location, data={"pattern": "{series}第{number}讲"}, follow_redirects=True)
    assert "10月10日" in made.text
    assert "乙第2讲" not in made.text
    assert admin.post(answer.location, data={"pattern": ""}).status_code == 422
    here = answer.location.removesuffix("/generate")
    edit = {"name": "夜校二", "starts": "19:00", "ends": "18:00", "ends_on": "2026-10-22", "venue": "0"}
    assert admin.post(f"{here}/edit", data=edit).status_code == 422
    assert admin.post(f"{here}/edit", data=edit | {"ends": "21:00"}).status_code == 302
    with school.cast.database.read() as session:
        assert session.scalars(select(Programme.name)).all() == ["夜校二"]


def test_a_taken_venue_is_told_when_evenings_are_made(
    admin: "FlaskClient", school: School, year: tuple[int, int, int]
) -> None:
    assert year
    typed = {
        "name": "另一所",
        "weekday": "3",
        "starts": "20:00",
        "ends": "21:00",
        "begins_on": "2026-01-08",
        "ends_on": "2026-01-08",
        "venue": str(school.venues["V1"]),
        "host_unit": str(school.cast.units["CITY"]),
        "strands": "丙",
    }
    answer = admin.post("/lectures/programmes/new", data=typed)
    page = admin.post(
        answer.location, data={"pattern": "{series}"}, follow_redirects=True, headers={"Accept-Language": "en"}
    )
    assert "still open on: Thu 8 Jan 2026" in page.text


def test_a_holiday_is_decided(admin: "FlaskClient", school: School, year: tuple[int, int, int]) -> None:
    address = f"/lectures/programmes/{year[0]}/holidays/2026-10-01"
    assert admin.post(address, data={"choice": "move", "reason": "国庆"}).status_code == 422
    answer = admin.post(
        address, data={"choice": "move", "moved_to": "2026-10-10", "reason": "国庆"}, follow_redirects=True
    )
    assert "国庆" in answer.text
    assert admin.post(address.replace("10-01", "10-08"), data={"choice": "skip", "reason": "x"}).status_code == 404
    with school.cast.database.read() as session:
        starts = session.scalar(
            select(Activity.starts_at).join(Evening).where(Evening.slot_on == datetime(2026, 10, 1, tzinfo=UTC).date())
        )
    assert starts == datetime(2026, 10, 10, 11, tzinfo=UTC)


def test_an_evening_is_changed_cancelled_and_restored(
    admin: "FlaskClient", school: School, year: tuple[int, int, int]
) -> None:
    address = f"/lectures/evenings/{year[2]}"

    def stored() -> Activity:
        with school.cast.database.read() as session:
            return session.scalars(select(Activity).join(Evening).where(Evening.id == year[2])).one()

    typed = {
        "title": "低空经济",
        "day": "2026-01-15",
        "starts": "19:00",
        "ends": "21:00",
        "lecturer": str(school.lecturers["L1"]),
        "second": "0",
        "venue": str(school.venues["V1"]),
        "reach": "this",
    }
    assert admin.post(address, data=typed | {"version": str(stored().version)}).status_code == 302
    assert stored().title == "低空经济"
    assert admin.post(address, data=typed | {"version": "1", "title": "x"}).status_code == 422
    clash = admin.post(address, data=typed | {"day": "2026-01-22", "version": str(stored().version), "reason": "x"})
    assert clash.status_code == 422
    assert 'name="slot"' in clash.text
    slot = "2026-01-16T19:00:00+08:00|2026-01-16T21:00:00+08:00"
    moved = typed | {"slot": slot, "version": str(stored().version), "reason": "讲师出差"}
    assert admin.post(address, data=moved | {"slot": "x", "day": "2026-01-22"}).status_code == 422
    assert admin.post(address, data=moved).status_code == 302
    assert stored().starts_at == datetime(2026, 1, 16, 11, tzinfo=UTC)
    assert admin.post(f"{address}/restore", data={"reach": "this", "version": "1"}).status_code == 422
    cancel = {"reach": "following", "version": str(stored().version), "reason": ""}
    assert admin.post(f"{address}/cancel", data=cancel).status_code == 422
    assert admin.post(f"{address}/cancel", data=cancel | {"reason": "停办"}).status_code == 302
    assert stored().status is ActivityStatus.CANCELLED
    assert "停办" in admin.get(address).text
    back = {"reach": "this", "version": str(stored().version)}
    other_day = "2026-01-17T11:00:00+00:00|2026-01-17T13:00:00+00:00"
    assert admin.post(f"{address}/restore", data=back | {"slot": other_day}).status_code == 302
    assert (stored().status, stored().starts_at) == (
        ActivityStatus.SCHEDULED,
        datetime(2026, 1, 17, 11, tzinfo=UTC),
    )
    assert admin.get(f"/lectures/evenings/of/{stored().id}").location == address


def test_whether_a_number_is_somebodys_elsewhere_is_not_said(
    app: "Flask", school: School, year: tuple[int, int, int]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    address, officer = f"/lectures/series/{year[1]}/enrol", school.cast.sign_in(app.test_client(), Persona.OFFICER)
    answers = [
        officer.post(address, data={"unit": "0", "staff_nos": number}) for number in ("P-STRANGER", "P-NOBODYYY")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].text.replace("P-STRANGER", "P-NOBODYYY") == answers[1].text


def test_enrolling_names_who_is_not_there(admin: "FlaskClient", school: School, year: tuple[int, int, int]) -> None:
    address = f"/lectures/series/{year[1]}/enrol"
    assert "P-NOBODY" in admin.post(address, data={"unit": "0", "staff_nos": "P-NOBODY"}).text
    assert admin.post(address, data={"unit": "0", "staff_nos": " "}).status_code == 422
    both = {"unit": str(school.cast.units["A"]), "staff_nos": "P-STRANGER，P-FELLOW"}
    assert admin.post(address, data=both).status_code == 302
    assert "财政局" in admin.get(f"/lectures/series/{year[1]}").text


def test_series_are_found_by_name_and_by_topic_and_paged(
    school: School, admin: "FlaskClient", year: tuple[int, int, int]
) -> None:
    with school.cast.database.write() as session:
        session.execute(
            update(Activity)
            .where(Activity.id == select(Evening.activity_id).where(Evening.id == year[2]).scalar_subquery())
            .values(title="低空经济100%")
        )
    found = {
        text: [name for name in ("产业大讲堂</a>", "治理微课堂</a>") if name in admin.get("/lectures", query_string={"q": text}).text]
        for text in ("", "微课", "夜校", "低空", "100%", "没有")
    }  # fmt: skip
    both = ["产业大讲堂</a>", "治理微课堂</a>"]
    assert found == {"": both, "微课": both[1:], "夜校": both, "低空": both[:1], "100%": both[:1], "没有": []}
    with school.cast.database.read() as session:
        actor = school.admin(session)
        pages = [find_series(session, actor, page=page, size=1, now=NOW) for page in (1, 2, 3)]
    assert [([row.name for row in rows], total) for rows, total in pages] == [
        (["产业大讲堂"], 2),
        (["治理微课堂"], 2),
        ([], 2),
    ]
