"""Calendars that are taken away once: .ics in both forms, sheet, print."""

import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import recurring_ical_events
from icalendar import Calendar
from openpyxl import load_workbook

from scheduler.agenda.terms import ActivityStatus, Scope, ScopeKind
from scheduler.core import clock
from scheduler.core.errors import Missing
from scheduler.core.periods import day_span
from scheduler.feeds.queries.exports import export_calendar
from scheduler.feeds.terms import ExportForm, Language, Origin
from tests.cast import Persona
from tests.feeds.reading import events_of, rewritten
from tests.feeds.stage import NOW, SYSTEM, ZONE, Stage
from tests.feeds.test_feed import selects, statements

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

THURSDAY = date(2026, 3, 5)
ORIGIN = Origin("https://training.example", "scheduler.local", "市委组织部", ZONE)
SPAN = day_span(date(2026, 3, 1), ZONE, 60)


@pytest.fixture
def admin(stage: Stage, client: "FlaskClient") -> "FlaskClient":
    with clock.fixed(NOW):
        return stage.cast.sign_in(client, Persona.ADMIN)


def get(client: "FlaskClient", path: str, **query: str) -> "TestResponse":
    with clock.fixed(NOW):
        return client.get(path, query_string=query, headers={"Accept-Language": "en"})


def fill(stage: Stage) -> None:
    stage.book(THURSDAY, title="开班", venue_id=stage.hall)
    stage.book(date(2026, 3, 7), title="结业")
    for week in range(4):
        stage.evening(THURSDAY + timedelta(weeks=week), f"第{week + 1}讲")
    stage.cancel(stage.evening(date(2026, 3, 10), "取消的"))


def whats_on(body: bytes) -> set[tuple[object, object, str]]:
    found = recurring_ical_events.of(Calendar.from_ical(body)).between(date(2026, 1, 1), date(2027, 1, 1))
    return {
        (one.start.astimezone(ZONE) if hasattr(one.start, "hour") else one.start, one.end, str(one["summary"]))
        for one in found
        if one["status"] != "CANCELLED"
    }


@pytest.mark.parametrize("form", list(ExportForm))
def test_both_forms_say_the_same_of_what_is_on(stage: Stage, form: ExportForm) -> None:
    fill(stage)
    with stage.database.read() as session:
        body = export_calendar(session, SYSTEM, Scope(ScopeKind.ORGANISATION), SPAN, form, origin=ORIGIN)
    assert rewritten(body) == body
    assert sorted(title for *_, title in whats_on(body)) == sorted(
        ["开班", "结业", "数字治理专题研修班", *(f"第{week}讲" for week in range(1, 5))]
    )
    assert (b"VTIMEZONE" in body, b"RRULE" in body) == (form is ExportForm.SERIES, form is ExportForm.SERIES)
    assert (b"CANCELLED" in body) is (form is ExportForm.SINGLE)


def test_an_export_costs_a_constant_number_of_statements(app: "Flask", stage: Stage) -> None:
    counts = []
    for week in range(3):
        stage.book(THURSDAY + timedelta(weeks=week), title="讲", venue_id=stage.hall)
        with app.extensions["sessions"].read() as session, statements(app) as seen:
            export_calendar(session, SYSTEM, Scope(ScopeKind.ORGANISATION), SPAN, ExportForm.SINGLE, origin=ORIGIN)
        counts.append(len(selects(seen)))
    assert counts == [2, 2, 2]


def test_nobody_takes_away_what_is_not_for_them(stage: Stage) -> None:
    scope = Scope(ScopeKind.PERSON, stage.cast.people[Persona.FELLOW])
    with stage.database.read() as session:
        trainee = stage.cast.actor(session, Persona.TRAINEE)
        with pytest.raises(Missing):
            export_calendar(session, trainee, scope, SPAN, ExportForm.SINGLE, origin=ORIGIN)


def test_a_calendar_file_downloads(stage: Stage, admin: "FlaskClient") -> None:
    fill(stage)
    answer = get(admin, "/export/calendar.ics", scope="class:2026-01", **{"from": "2026-03-01", "to": "2026-03-05"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="calendar.ics"')
    titles = [str(one["summary"]) for one in events_of(answer.data)]
    assert titles == ["数字治理专题研修班", "开班"]
    assert b"X-WR-CALNAME:" in answer.data
    series = get(admin, "/export/calendar.ics", scope="series:产业大讲堂", form="series")
    assert b"RRULE:FREQ=WEEKLY" in series.data


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before anything is read
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "2026-03-05", "to": "2026-03-01"}, 422),
        ({"from": "gestern"}, 422),
        ({"from": "2020-01-01", "to": "2026-01-01"}, 422),
        ({"form": "other"}, 422),
        ({"scope": "class:nothing"}, 404),
        ({"scope": "class:"}, 404),
    ],
)
def test_what_cannot_be_taken_away(admin: "FlaskClient", query: dict[str, str], status: int) -> None:
    assert get(admin, "/export/calendar.ics", **query).status_code == status


def test_a_sheet_holds_text_only(stage: Stage, admin: "FlaskClient") -> None:
    stage.book(THURSDAY, title="=HYPERLINK(1)", venue_id=stage.hall)
    stage.book(THURSDAY, "14:00", title="+草案", status=ActivityStatus.DRAFT)
    cancelled = stage.book(date(2026, 3, 6), title="取消的")
    stage.cancel(cancelled)
    moved = stage.book(date(2026, 3, 9), title="改期的")
    stage.move(moved, date(2026, 3, 10))
    answer = get(admin, "/export/calendar.xlsx", scope="organisation")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Date", "From", "To", "Title", "Kind", "Venue", "Lecturer", "For", "Status"]
    assert rows[1][:6] == ["Thu 5 Mar 2026", "09:00", "11:00", "=HYPERLINK(1)", "Special study class", "大礼堂"]
    assert [row[8] or "" for row in rows[1:]] == ["", "Draft", "Cancelled", "Moved"]
    assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row if cell.value)


def test_a_print_view_shows_the_same(stage: Stage, admin: "FlaskClient") -> None:
    fill(stage)
    page = get(admin, "/export/print", scope="class:2026-01").text
    assert "数字治理专题研修班" in page
    assert re.findall("开班|结业|第1讲", page) == ["开班", "结业"]
    empty = get(admin, "/export/print", scope="venue:V2").text
    assert "Nothing is on in these days" in empty


def test_the_page_offers_every_form(stage: Stage, admin: "FlaskClient") -> None:
    page = get(admin, "/export", scope="venue:V1").text
    assert '<option selected value="venue:V1">大礼堂</option>' in page
    for path in ("/export/calendar.ics", "/export/calendar.xlsx", "/export/print"):
        assert f'ction="{path}"' in page
    assert get(admin, "/export", scope="venue:nothing").status_code == 404
    assert stage.hall


def test_the_language_of_a_file_is_asked_for(stage: Stage) -> None:
    fill(stage)
    with stage.database.read() as session:
        body = export_calendar(
            session, SYSTEM, Scope(ScopeKind.VENUE, stage.hall), SPAN, ExportForm.SINGLE, origin=ORIGIN,
            language=Language.EN,
        )  # fmt: skip
    assert [str(one["categories"].cats[0]) for one in events_of(body)] == ["Special study class"]
