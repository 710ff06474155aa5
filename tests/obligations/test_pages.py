"""The pages of obligations: how often they ask the database, paging, odd addresses, acts and their undo."""

import io
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import event, insert, select, update

from scheduler.core import clock
from scheduler.mentoring.models import GuidanceRecord, Programme
from scheduler.mentoring.terms import RecordState
from scheduler.notices.models import Notice
from scheduler.obligations.actions import begin_usual, end
from scheduler.obligations.terms import Metric
from scheduler.people.models import Unit
from scheduler.people.terms import UnitKind
from tests.cast import Persona
from tests.mentoring.conftest import NOW, TODAY, House
from tests.obligations.stage import SYSTEM, owe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # actions and queries run on both

CEILINGS = {
    "/obligations": 3,
    "/obligations/1": 5,
    "/obligations/1?show=behind": 4,
    "/obligations/2": 4,
    "/obligations/1/subjects/1": 6,
    "/obligations/3/subjects/1": 7,
    "/obligations/new": 3,
}
"""Statements of each page for the admin; finding out who is signed in is one of them."""


@pytest.fixture(autouse=True)
def _at_work() -> "Iterator[None]":
    with clock.fixed(NOW):
        yield


@pytest.fixture
def office(app: "Flask", house: House) -> "FlaskClient":
    """Return the browser of the admin, the usual four settled."""
    app.config["WTF_CSRF_ENABLED"] = False
    with house.cast.database.write() as session:
        begin_usual(session, SYSTEM, house.cast.units["CITY"], TODAY, now=NOW)
    return house.cast.sign_in(app.test_client(), Persona.ADMIN)


def test_statements_do_not_grow(app: "Flask", house: House, office: "FlaskClient") -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            sent.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)

    def count() -> dict[str, int]:
        counts = {}
        for address in CEILINGS:
            sent.clear()
            assert office.get(address).status_code == 200
            counts[address] = len(sent)
        return counts

    few = count()
    with house.cast.database.write() as session:
        session.execute(update(Programme).values(capacity=9))
        session.expire_all()
        for mentee in (Persona.FELLOW, Persona.STRANGER, Persona.CHARLIE):
            house.begin(session, Persona.MENTOR, mentee)
        house.file(session, TODAY, key="one")
        owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU)
    assert count() == few
    assert {address: taken for address, taken in few.items() if taken > CEILINGS[address]} == {}


def test_a_board_of_many_is_paged(house: House, office: "FlaskClient") -> None:
    city = house.cast.units["CITY"]
    with house.cast.database.write() as session:
        units = [
            Unit(code=f"N{number}", name=f"新局{number:02}", kind=UnitKind.BUREAU, parent_id=city, path="/new/")
            for number in range(70)
        ]
        session.add_all(units)
        session.flush()
        for unit in units:
            unit.path = f"/{city}/{unit.id}/"
        key = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU).id
    first, second = office.get(f"/obligations/{key}").text, office.get(f"/obligations/{key}?page=2").text
    assert first.count("/subjects/") == 50
    assert second.count("/subjects/") == 22
    assert "新局69" in second
    assert "新局69" in office.get(f"/obligations/{key}?page=99").text
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"/obligations/{key}?as=xlsx").data))
    assert len(list(book.worksheets[0].iter_rows())) == 73


@pytest.mark.parametrize("number", ["0", "-1", "1000000000000", "三", "2.5", ""])
def test_nonsense_is_not_computed(office: "FlaskClient", number: str) -> None:
    answer = office.get("/obligations/1", query_string={"number": number})
    assert answer.status_code == 200
    assert "试算，未作任何改动" not in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/obligations/1?day=2025-12-31", 404),  # before it was in force
        ("/obligations/1?day=2199-01-01", 200),  # no period to come: the present one
        ("/obligations/1?day=x&page=-3&unit=999999999", 200),
        ("/obligations/1/subjects/999999999", 404),
        ("/obligations/999999999", 404),
        ("/obligations/1/subjects/1?day=2026-02-01", 404),  # the pairing was not in force
    ],
)
def test_odd_addresses(office: "FlaskClient", address: str, status: int) -> None:
    assert office.get(address).status_code == status


def test_a_figure_is_opened_waived_and_owed_again(house: House, office: "FlaskClient") -> None:
    with house.cast.database.write() as session:
        house.file(session, TODAY, key="one")
    subject = f"/obligations/1/subjects/{house.pairing_id}"
    page = office.get(subject).text
    assert f"/mentoring/records/{1}" in page
    assert office.post(f"{subject}/waive", data={"reason": ""}).status_code == 422
    said = office.post(f"{subject}/waive", data={"reason": "援疆"}, follow_redirects=True).text
    assert "援疆" in said
    assert f"{subject}/lift?day=2026-11-01" in said
    again = office.post(f"{subject}/lift?day=2026-11-01", follow_redirects=True).text
    assert "已恢复要求" in again


def test_an_earlier_period_leads_to_the_row_that_stood_then(office: "FlaskClient") -> None:
    page = office.get("/obligations/1/revise").text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    sent = {"name_zh": "每月指导", "number": "3", "base": "one", "starts_on": "2026-11-02", "version": version}
    made = office.post("/obligations/1/revise", data=sent)
    assert made.location == "/obligations/5?day=2026-11-18"
    assert office.get("/obligations/5?day=2026-10-01").location == "/obligations/1?day=2026-10-01"
    assert office.get("/obligations/1?day=2026-11-05").location == "/obligations/5?day=2026-11-01"
    subject = "/obligations/5/subjects/1?day=2026-10-01"
    assert office.get(subject).location == "/obligations/1/subjects/1?day=2026-10-01"
    stale = office.post("/obligations/5/revise", data={**sent, "version": "9"})
    assert stale.status_code == 422
    assert "每月指导" in office.get("/obligations").text


def test_settled_and_ended_in_the_browser(house: House, office: "FlaskClient") -> None:
    sent = {
        "metric": "classes",
        "cadence": "quarter",
        "unit": str(house.cast.units["CITY"]),
        "level": "bureau",
        "name_zh": "每季办班",
        "number": "1",
        "base": "one",
        "starts_on": "2026-10-01",
    }
    made = office.post("/obligations/new", data=sent)
    assert made.status_code == 302
    assert "每季办班" in office.get(made.location).text
    assert "已有此项指标" in office.post("/obligations/new", data=sent).text
    page = office.get(f"{made.location}/end").text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    ended = office.post(f"{made.location}/end", data={"last_day": date(2026, 12, 1).isoformat(), "version": version})
    assert ended.status_code == 302
    assert office.get(f"{made.location}/end").status_code == 404


def test_nothing_settled_says_what_to_do(app: "Flask", house: House) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    office = house.cast.sign_in(app.test_client(), Persona.ADMIN)
    assert "采用常用的四项" in office.get("/obligations").text
    assert office.post("/obligations/usual").status_code == 302
    assert "20" in office.get("/obligations").text
    assert "采用常用的四项" not in house.cast.sign_in(app.test_client(), Persona.LEADER).get("/obligations").text


def test_what_begins_later_and_what_has_ended_have_a_page(house: House, office: "FlaskClient") -> None:
    with house.cast.database.write() as session:
        later = owe(session, house, Metric.CLASSES, level=UnitKind.BUREAU, starts_on=date(2027, 1, 1)).id
        ended = owe(session, house, Metric.CLASSES, level=UnitKind.SECTION, starts_on=date(2024, 1, 1))
        end(session, SYSTEM, ended.id, last_day=date(2025, 6, 1), version=ended.version, now=NOW)
        over = ended.id
    assert "2027年" in office.get(f"/obligations/{later}").text
    page = office.get(f"/obligations/{over}").text
    assert "2025年" in page
    assert "day=2024-01-01" in page
    assert "day=2026-01-01" not in page
    first = office.get(f"/obligations/{over}?day=2024-01-01").text
    assert "day=2023-01-01" not in first
    assert "day=2025-01-01" in first


def test_a_reader_sees_by_level_only_what_somebody_below_owes(
    app: "Flask", house: House, office: "FlaskClient"
) -> None:
    with house.cast.database.write() as session:
        districts = owe(session, house, Metric.CLASSES, level=UnitKind.DISTRICT).id
        sections = owe(session, house, Metric.CLASSES, level=UnitKind.SECTION).id
    officer = house.cast.sign_in(app.test_client(), Persona.OFFICER)
    assert [officer.get(f"/obligations/{key}").status_code for key in (districts, sections)] == [404, 200]
    assert office.get(f"/obligations/{districts}").status_code == 200


def test_an_end_to_come_is_taken_back_in_the_browser(office: "FlaskClient") -> None:
    page = office.get("/obligations/2/end").text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    sent = {"last_day": "2026-12-01", "version": version}
    said = office.post("/obligations/2/end", data=sent, follow_redirects=True).text
    assert "/obligations/2/resume" in said
    assert "/obligations/2/resume" in office.get("/obligations/2").text
    again = office.post("/obligations/2/resume", follow_redirects=True).text
    assert "/obligations/2/resume" not in again
    assert "/obligations/2/end" in again


def test_what_came_before_is_paged(house: House, office: "FlaskClient") -> None:
    with house.cast.database.write() as session:
        for number in range(60):
            one = owe(session, house, Metric.CLASSES, level=UnitKind.SECTION, starts_on=date(1940 + number, 1, 1))
            end(session, SYSTEM, one.id, last_day=date(1940 + number, 6, 1), version=one.version, now=NOW)
    first, second = office.get("/obligations").text, office.get("/obligations?page=2").text
    assert (first.count("?day="), second.count("?day=")) == (50, 10)
    assert "page=2" in first


def test_rows_behind_a_figure_are_cut_aloud_and_the_sheet_has_all(house: House, office: "FlaskClient") -> None:
    with house.cast.database.write() as session:
        first = house.file(session, date(2026, 11, 2), key="first")
        columns = [
            c.name for c in GuidanceRecord.__table__.columns if c.name not in {"id", "key", "text_digest", "state"}
        ]
        one = session.get_one(GuidanceRecord, first)
        same = {name: getattr(one, name) for name in columns}
        session.execute(
            insert(GuidanceRecord),
            [{**same, "key": f"k{n}", "text_digest": f"d{n}", "state": RecordState.FILED} for n in range(519)],
        )
    subject = f"/obligations/1/subjects/{house.pairing_id}"
    page = office.get(subject).text
    assert page.count("/mentoring/records/") == 500
    assert "500" in page
    assert "520" in page
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{subject}?as=xlsx").data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 521
    assert str(rows[1][4]).endswith(f"/mentoring/records/{first}")
    assert office.get(f"{subject}?day=2026-10-01&as=xlsx").status_code == 200


def test_waived_guidance_is_told_as_such_to_the_mentor(app: "Flask", house: House, office: "FlaskClient") -> None:
    subject = f"/obligations/1/subjects/{house.pairing_id}"
    office.post(f"{subject}/waive", data={"reason": "援疆一年"})
    mentor = house.cast.sign_in(app.test_client(), Persona.MENTOR)
    for address in ("/mentoring", f"/mentoring/pairings/{house.pairing_id}"):
        page = mentor.get(address).text
        assert "援疆一年" in page
        assert "0/2" not in page
    assert "本月已免除" in mentor.get(f"/mentoring/pairings/{house.pairing_id}/guidance").text
    assert f"/mentoring/pairings/{house.pairing_id}/guidance" not in mentor.get("/").text, "nothing is owed"
    month = office.get("/mentoring/months?show=open").text
    assert "援疆一年" not in month
    assert "援疆一年" in office.get("/mentoring/months").text
    book = openpyxl.load_workbook(io.BytesIO(office.get("/mentoring/months?as=xlsx").data))
    assert [row[-1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["援疆一年"]
    nudged = {"unit": str(house.cast.units["CITY"]), "month": "2026-11"}
    office.post("/mentoring/months/nudge", data=nudged)
    with house.cast.database.read() as session:
        assert session.scalars(select(Notice).where(Notice.kind == "duty_reminder")).all() == []
    office.post(f"{subject}/lift?day=2026-11-01")
    assert "援疆一年" not in mentor.get("/mentoring").text
