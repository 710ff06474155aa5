"""The admin: a real year comes in through the browser, and everybody's calendar holds it."""

from datetime import date
from typing import TYPE_CHECKING

import icalendar
import pytest
from sqlalchemy import func, select

from scheduler.agenda.models import Activity, Attendance
from scheduler.agenda.queries import is_published, work_calendar
from scheduler.classes.models import StudyClass
from scheduler.people.models import Person
from tests.journeys.visitor import DESK
from tests.office.workbooks import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from tests.journeys.visitor import Visitor

SESSIONS_AND_LECTURES = 168 + 62
CLASS = "2026-05"


def activities(app: "Flask") -> int:
    with app.extensions["sessions"].read() as session:
        return session.scalar(select(func.count()).select_from(Activity)) or 0


def first_session(app: "Flask") -> tuple[Person, Activity]:
    """Return the first session of a class in the workbook, and somebody who is called up."""
    called_up = (
        select(Person, Activity)
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Activity, Activity.id == Attendance.activity_id)
        .join(StudyClass, StudyClass.audience_id == Activity.audience_id)
        .where(StudyClass.code == CLASS)
        .order_by(Person.id, Activity.starts_at)
        .limit(1)
    )
    with app.extensions["sessions"].read() as session:
        person, activity = session.execute(called_up).one()
        return person, activity


@pytest.mark.parametrize("instant", [None], indirect=True)  # the work on an upload has a clock of its own
def test_a_real_year_comes_in_and_reaches_a_trainee(come: "Callable[..., Visitor]", app: "Flask") -> None:
    admin, before = come("admin"), activities(app)
    admin.page.goto("/office/")
    admin.taps_on("a[href='/office/imports']")
    admin.uploads(YEAR)
    assert activities(app) == before, "a dry run changes nothing"
    assert "1100" in admin.text().replace(",", ""), "the report counts the enrolments"
    admin.sends()
    admin.main("form[action$='/start'], #job").first.wait_for(state="detached")
    assert activities(app) == before + SESSIONS_AND_LECTURES

    person, session = first_session(app)
    day = session.starts_at.astimezone(app.extensions["zone"]).date().isoformat()
    admin.page.goto(f"/people/{person.id}")
    admin.taps_on("form[action$='/link'] button")
    trainee = come()
    trainee.page.goto(admin.main("#link").input_value())
    trainee.fills(password="四个 词语 连成 一句 Ab1!")
    trainee.sends()
    trainee.page.wait_for_url("**/")
    trainee.page.goto(f"/schedule?day={day}")
    assert session.title in trainee.text()

    admin.page.goto(f"/export?scope=class:{CLASS}&from={day}&to={day}")
    with admin.page.expect_download() as download:
        admin.taps_on("form button.primary")
    events = icalendar.Calendar.from_ical(download.value.path().read_bytes()).events
    assert session.uid in {str(event["UID"]) for event in events}


def test_a_template_can_be_taken_home(come: "Callable[..., Visitor]") -> None:
    admin = come("admin", width=DESK)
    admin.page.goto("/office/imports")
    with admin.page.expect_download() as download:
        admin.taps_on("a[href='/office/imports/template.xlsx']")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_years_holidays_come_from_a_calendar_file(
    come: "Callable[..., Visitor]", app: "Flask", tmp_path: "Path"
) -> None:
    file = tmp_path / "holidays.ics"
    events = (("20280101", "元旦"), ("20280126", "春节（休）"), ("20280129", "春节 补班"), ("20280312", "植树节"))
    lines = [
        f"BEGIN:VEVENT\r\nUID:{day}\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
        for day, title in events
    ]
    file.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(lines) + "END:VCALENDAR\r\n", newline="")
    admin = come("admin")
    admin.page.goto("/calendar/update")
    admin.main("[name=file]").set_input_files(file)
    admin.sends()
    shown = admin.text()
    assert "植树节" in shown, "what was passed over is said"
    assert "2028年1月29日" in shown
    with app.extensions["sessions"].read() as session:
        assert not is_published(session, 2028), "nothing is changed before it is looked at"
    admin.sends()
    admin.page.wait_for_url("**/calendar/2028")
    with app.extensions["sessions"].read() as session:
        marks = work_calendar(session, date(2028, 1, 1), date(2028, 12, 31)).marks
    assert {day: mark.kind.value for day, mark in marks.items()} == {
        date(2028, 1, 1): "off",
        date(2028, 1, 26): "off",
        date(2028, 1, 29): "work",
    }
