import io
import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from scheduler.agenda.models import CalendarDay
from scheduler.agenda.terms import DayKind
from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.office.actions import import_year
from scheduler.office.terms.sheets import SHEETS
from tests.cast import Cast, Persona
from tests.office.test_tasks import GOOD, MIXED
from tests.office.workbooks import real_year

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what the pages ask is tested on both
NOW = datetime(2026, 1, 16, 1, tzinfo=UTC)


@pytest.fixture
def admin(app: "Flask", cast: Cast) -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False
    client = cast.sign_in(app.test_client(), Persona.ADMIN)
    client.set_cookie("language", "en")
    return client


def upload(client: "FlaskClient", data: bytes, name: str = "year.xlsx") -> str:
    answer = client.post("/office/imports", data={"workbook": (io.BytesIO(data), name)})
    assert answer.status_code == 302, answer.text
    wait()
    return answer.location


def wait() -> None:
    """Wait until no import is worked on in this process."""
    for thread in threading.enumerate():
        if thread.name.startswith("year-import-"):
            thread.join(60)


def test_a_workbook_is_tried_out_then_imported(admin: "FlaskClient") -> None:
    address = upload(admin, GOOD)
    page = admin.get(address)
    assert "Everything can be imported" in page.text
    answer = admin.post(f"{address}/start")
    assert answer.location == address
    wait()
    assert "The workbook is imported." in admin.get(address).text
    assert "Imported" in admin.get("/office/imports").text
    assert "would change nothing" in admin.get(upload(admin, GOOD)).text


def test_problems_are_listed_filtered_and_downloaded(admin: "FlaskClient") -> None:
    address = upload(admin, MIXED)
    page = admin.get(address).text
    assert "1 error: mend the workbook" in page
    assert "Sheet 人员, row 3" in page
    assert "D is not known." in page
    assert "D is not known." not in admin.get(f"{address}?severity=warning").text
    assert "D is not known." in admin.get(f"{address}?sheet=人员&page=99").text
    sheet = load_workbook(io.BytesIO(admin.get(f"{address}/problems.xlsx").data)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["人员", 3, "单位编码", "Error", "D is not known.", "D"]
    admin.post(f"{address}/start", data={"rows": "good"})
    wait()
    assert "1 problem kept rows out" in admin.get(address).text


def test_what_was_discarded_is_gone(admin: "FlaskClient") -> None:
    address = upload(admin, GOOD)
    assert admin.post(f"{address}/discard").location == "/office/imports"
    assert "This workbook was discarded" in admin.get(address).text
    assert admin.post(f"{address}/start").status_code == 409
    assert admin.post(f"{address}/resume").status_code == 422


def test_what_is_no_workbook_is_refused_beside_the_field(admin: "FlaskClient") -> None:
    answer = admin.post("/office/imports", data={"workbook": (io.BytesIO(b"%PDF-1.7"), "plan.pdf")})
    assert answer.status_code == 422
    assert "This is not an Excel workbook." in answer.text
    assert admin.post("/office/imports", data={}).status_code == 422


def test_the_template_is_a_workbook(admin: "FlaskClient") -> None:
    answer = admin.get("/office/imports/template.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    titles = load_workbook(io.BytesIO(answer.data)).sheetnames
    assert titles == ["填写说明", *(sheet.titles[0] for sheet in SHEETS)]


def test_the_year_is_drawn_in_few_statements(app: "Flask", admin: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        day = datetime(2026, 10, 1, tzinfo=UTC).date()
        session.add(CalendarDay(day=day, kind=DayKind.OFF, name_zh="国庆节", name_en="National Day", source="test"))
        import_year(
            session,
            system_actor("test"),
            real_year(),
            good_rows=False,
            dry_run=False,
            installation_id="test",
            zone=app.extensions["zone"],
            now=NOW,
        )
    statements: list[str] = []
    event.listen(
        app.extensions["engine"], "before_cursor_execute", lambda *arguments: statements.append(str(arguments[2]))
    )
    with clock.fixed(NOW):
        page = admin.get("/office/?year=2026").text
    assert len(statements) <= 12
    assert len(set(re.findall(r'href="/classes/(\d+)"', page))) == 24
    assert len(set(re.findall(r'href="/activities/(\d+)"', page))) == 50
    assert "National Day" in page
    assert page.count("<desc") == 12
    assert "not known yet" in admin.get("/office/?year=2027").text
    assert "Nothing is planned for 2031 yet" in admin.get("/office/?year=2031").text
