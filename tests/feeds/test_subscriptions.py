"""Making, finding again and revoking a subscription in the browser."""

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from scheduler.agenda.terms import ActivityStatus, Scope, ScopeKind
from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.core.errors import Refusal
from scheduler.feeds.actions import MOST_SUBSCRIPTIONS
from scheduler.feeds.models import Subscription
from scheduler.feeds.rules.clients import client_name, client_of
from scheduler.feeds.terms import Language, Part
from tests.cast import Persona
from tests.feeds.stage import NOW, Stage

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@pytest.fixture
def trainee(app: "Flask", stage: Stage, client: "FlaskClient") -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False  # the journeys post real forms
    with clock.fixed(NOW):
        return stage.cast.sign_in(client, Persona.TRAINEE)


def get(client: "FlaskClient", path: str) -> "TestResponse":
    with clock.fixed(NOW):
        return client.get(path, headers={"Accept-Language": "en"})


def post(client: "FlaskClient", path: str, **fields: str) -> "TestResponse":
    with clock.fixed(NOW):
        return client.post(path, data=fields, headers={"Accept-Language": "en"})


def made_address(answer: "TestResponse") -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/feeds/[\w-]+\.ics)"', answer.text)
    assert found
    return found[1]


def test_one_tap_subscribes_to_the_own_calendar(stage: Stage, trainee: "FlaskClient") -> None:
    page = get(trainee, "/subscriptions")
    assert "Nothing subscribed yet" in page.text
    assert 'action="/subscriptions/mine"' in page.text
    answer = post(trainee, "/subscriptions/mine")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    path = made_address(answer)
    assert f'href="webcal://127.0.0.1:8000{path}"' in answer.text
    assert "<svg" in answer.text
    stage.book(NOW.date())
    feed = stage.fetch(trainee, path)
    assert feed.data.count(b"BEGIN:VEVENT") == 1
    assert "Set-Cookie" not in feed.headers
    # shown once: the list knows the subscription, not its address
    listed = get(trainee, "/subscriptions").text
    assert "My calendar" in listed
    assert path not in listed


def test_a_subscription_is_as_it_was_asked_for(stage: Stage, trainee: "FlaskClient") -> None:
    scope = "series:产业大讲堂"
    assert scope in get(trainee, f"/subscriptions?scope={scope}").text
    answer = post(trainee, "/subscriptions", scope=scope, label="夜校", language="en", alarm="60")
    assert "夜校" in answer.text
    with stage.database.read() as session:
        row = session.scalars(select(Subscription)).one()
        assert (row.label, row.scope_kind, row.scope_id) == ("夜校", ScopeKind.SERIES, stage.series)
        assert (row.language, row.alarm_minutes, row.with_cancelled, row.part) == (Language.EN, 60, False, Part.ALL)
        deed = session.scalars(select(AuditEntry).where(AuditEntry.verb == "subscribe")).one()
        assert deed.facts == {"scope": "series", "of": stage.series}


def test_one_role_can_be_chosen(stage: Stage, trainee: "FlaskClient") -> None:
    post(trainee, "/subscriptions", scope="mine:teaching", language="zh_CN", alarm="0", with_cancelled="y")
    with stage.database.read() as session:
        row = session.scalars(select(Subscription)).one()
        assert (row.part, row.label, row.alarm_minutes, row.with_cancelled) == (
            Part.TEACHING,
            "Only what I teach",
            None,
            True,
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before anything is written
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"scope": "person:P-FELLOW"}, 404),
        ({"scope": "unit:B"}, 404),
        ({"scope": "class:nothing"}, 404),
        ({"scope": "no such kind"}, 404),
        ({"language": "fr"}, 422),
        ({"alarm": "7"}, 422),
        ({"label": "x" * 81}, 422),
        ({"label": "a\x00b"}, 422),
        ({"label": "a\r\nX-EVIL:1"}, 422),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    stage: Stage, trainee: "FlaskClient", fields: dict[str, str], status: int
) -> None:
    answer = post(trainee, "/subscriptions", **{"scope": "", "language": "en", "alarm": "0", **fields})
    assert answer.status_code == status
    with stage.database.read() as session:
        assert session.scalars(select(Subscription)).all() == []


def test_revoking_asks_and_ends_the_address(stage: Stage, trainee: "FlaskClient") -> None:
    path = made_address(post(trainee, "/subscriptions/mine"))
    stage.fetch(trainee, path, User_Agent="iOS/18.1 (22B83) dataaccessd/1.0")
    listed = get(trainee, "/subscriptions").text
    assert "iPhone, iPad" in listed
    ask = re.search(r'href="(/subscriptions/\d+/revoke)"', listed)
    assert ask
    assert "Revoke this address?" in get(trainee, ask[1]).text
    assert stage.fetch(trainee, path).status_code == 200
    assert post(trainee, ask[1]).status_code == 302
    assert stage.fetch(trainee, path).status_code == 404
    assert get(trainee, ask[1]).status_code == 404
    assert "Nothing subscribed yet" in get(trainee, "/subscriptions").text


def test_nobody_revokes_anothers(stage: Stage, trainee: "FlaskClient") -> None:
    path = stage.subscribe(Persona.FELLOW)
    assert get(trainee, "/subscriptions/1/revoke").status_code == 404
    assert post(trainee, "/subscriptions/1/revoke").status_code == 404
    assert stage.fetch(trainee, path).status_code == 200


def test_the_outsider_has_no_calendars(app: "Flask", stage: Stage, client: "FlaskClient") -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with clock.fixed(NOW):
        stage.cast.sign_in(client, Persona.CHARLIE)
    for path in ("/subscriptions", "/export", "/export/calendar.ics", "/export/calendar.xlsx", "/export/print"):
        assert get(client, path).status_code == 404
    assert post(client, "/subscriptions/mine").status_code == 404


def test_subscriptions_are_bounded(stage: Stage) -> None:
    for _ in range(MOST_SUBSCRIPTIONS):
        stage.subscribe(Persona.TRAINEE)
    with pytest.raises(Refusal, match="revoke one"):
        stage.subscribe(Persona.TRAINEE)


@pytest.mark.parametrize("minutes", [0, -5, 10_081])
def test_a_reminder_is_between_a_minute_and_a_week(stage: Stage, minutes: int) -> None:
    with pytest.raises(Refusal, match="week"):
        stage.subscribe(Persona.TRAINEE, alarm_minutes=minutes)


def test_the_list_costs_the_same_for_one_and_for_many(app: "Flask", stage: Stage, trainee: "FlaskClient") -> None:
    seen: list[str] = []
    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    counts = []
    for scope in (None, Scope(ScopeKind.SERIES, stage.series), Scope(ScopeKind.VENUE, stage.hall)):
        stage.subscribe(Persona.TRAINEE, scope)
        stage.subscribe(Persona.TRAINEE, scope or Scope(ScopeKind.ORGANISATION))
        seen.clear()
        assert get(trainee, "/subscriptions").status_code == 200
        counts.append(len([statement for statement in seen if statement.startswith("SELECT")]))
    assert counts[1] == counts[2] <= counts[0] + 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("iOS/18.1 (22B83) dataaccessd/1.0", "iPhone, iPad"),
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) CalendarAgent", "Mac"),
        ("ICSx5/2.2 (ical4j)", "ICSx⁵"),
        ("SomeReader/1.0 (x)", "SomeReader"),
        ("", ""),
    ],
)
def test_programs_have_names(agent: str, name: str) -> None:
    assert client_name(client_of(agent)) == name


def test_what_a_program_calls_itself_is_bounded() -> None:
    assert len(client_of("x" * 1000)) == 200
    assert client_of("a\x00b\nc") == "ab c"


@pytest.mark.parametrize("page", ["/schedule", "/export", "/subscriptions"])
def test_a_class_that_is_still_a_draft_is_named_to_nobody(stage: Stage, trainee: "FlaskClient", page: str) -> None:
    stage.book(NOW.date(), status=ActivityStatus.DRAFT)  # its people are on the roster already
    assert "专题研修班" not in get(trainee, page).text
    assert get(trainee, f"{page}?scope=class:2026-01").status_code == 404
    stage.book(NOW.date(), "14:00")
    assert "专题研修班" in get(trainee, page).text
    assert get(trainee, f"{page}?scope=class:2026-01").status_code == 200


def test_the_planners_of_a_draft_have_its_calendar(stage: Stage, trainee: "FlaskClient") -> None:
    stage.book(NOW.date(), status=ActivityStatus.DRAFT)
    with clock.fixed(NOW):
        officer = stage.cast.sign_in(trainee, Persona.OFFICER)
    assert "专题研修班" in get(officer, "/schedule?scope=class:2026-01").text
