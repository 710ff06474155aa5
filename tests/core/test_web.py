import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from flask import Flask, abort, redirect, render_template_string, request
from psycopg.errors import SerializationFailure
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

import config
from scheduler.app import create_app
from scheduler.core import clock, web
from scheduler.core.errors import Missing, Refusal, Stale, lazy
from scheduler.core.forms import lazy_gettext
from scheduler.home.access import HomePermission
from scheduler.notices.models import Notice
from tests.cast import Persona, bring_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

NOW = datetime(2026, 3, 5, 11, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter of the engine


@pytest.fixture
def app(settings: config.Settings) -> "Iterator[Flask]":
    """The product with a few pages more, each ending its request in its own way."""
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.route("/t/<int:status>", methods=["GET", "POST"])
    def end(status: int) -> Response | tuple[str, int]:
        web.database().add(_notice(f"{request.method} {status}"))
        return redirect("/elsewhere", status) if 300 <= status < 400 else ("ended", status)

    @app.post("/t/abort")
    def refuse_late() -> str:
        web.database().add(_notice("aborted"))
        web.database().flush()
        abort(403)

    @app.post("/t/<kind>")
    def fail(kind: str) -> str:
        web.database().add(_notice(kind))
        web.database().flush()
        raise {
            "missing": Missing(),
            "stale": Stale(),
            "row": StaleDataError(),
            "deadlock": OperationalError("x", {}, SerializationFailure()),
            "refused": Refusal(lazy("%(label)s: control characters are not allowed."), label="<b>"),
        }.get(kind, RuntimeError("secret detail"))

    @app.post("/t/commit")
    def fail_at_commit() -> str:
        web.database().add_all([_notice("twice"), _notice("twice")])
        return "done"

    @app.get("/t/afterwards")
    def later() -> str:
        web.afterwards(lambda session: session.execute(text("SELECT nonsense")))
        web.afterwards(lambda session: session.add(_notice("afterwards")))
        return "answered"

    @app.get("/t/now")
    def instant() -> str:
        first = web.now()
        return f"{first == web.now()} {first.isoformat()}"

    @app.route("/t/guarded", methods=["GET", "POST"])
    @web.requires(HomePermission.SEE)
    def guarded() -> str:
        return f"hello {web.signed_in().name}"

    @app.get("/t/unguarded")
    def unguarded() -> str:
        return web.signed_in().name

    yield app
    app.extensions["engine"].dispose()


def _notice(slot: str) -> Notice:
    return Notice(
        kind="k", subject="s", recipient_id=1, slot=slot, message_id="m", facts={}, address="/", posted_at=NOW
    )


def _slots(app: Flask) -> list[str]:
    with app.extensions["sessions"].read() as session:
        return list(session.scalars(select(Notice.slot)))


@pytest.mark.parametrize(
    ("method", "status", "kept"),
    [
        *(("POST", status, True) for status in (200, 201, 302, 303)),
        *(("POST", status, False) for status in (400, 404, 409, 422, 500)),
        ("GET", 200, False),
        ("GET", 302, False),
    ],
)
def test_a_request_commits_only_if_it_may_and_succeeds(
    app: Flask, client: "FlaskClient", method: str, status: int, *, kept: bool
) -> None:
    assert client.open(f"/t/{status}", method=method).status_code == status
    assert _slots(app) == ([f"POST {status}"] if kept else [])


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("missing", 404),
        ("stale", 409),
        ("row", 409),
        ("deadlock", 503),
        ("refused", 422),
        ("broken", 500),
        ("abort", 403),
    ],
)
def test_what_fails_changes_nothing_and_says_so_on_a_page(
    app: Flask, client: "FlaskClient", kind: str, status: int
) -> None:
    answer = client.post(f"/t/{kind}", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert _slots(app) == []


@on_sqlite
def test_a_refusal_is_told_in_the_readers_words_and_escaped(client: "FlaskClient") -> None:
    page = client.post("/t/refused", headers={"Accept-Language": "en"}).text
    assert "&lt;b&gt;: control characters are not allowed." in page


def test_a_commit_that_fails_answers_as_a_failure(app: Flask, client: "FlaskClient") -> None:
    """The view had already said 200; what counts is what the database said."""
    answer = client.post("/t/commit")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert _slots(app) == []


def test_a_database_that_is_away_still_leaves_a_page(app: Flask, client: "FlaskClient") -> None:
    cast = bring_on(app.extensions["sessions"])
    cast.sign_in(client, Persona.TRAINEE)

    def away(*_: object) -> None:
        msg = "no database"
        raise ConnectionError(msg)

    event.listen(app.extensions["engine"], "before_cursor_execute", away)
    answer = client.get("/t/guarded")
    event.remove(app.extensions["engine"], "before_cursor_execute", away)
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "Something went wrong" in answer.text


def test_bookkeeping_after_a_reading_request_is_kept_and_never_spoils_the_answer(
    app: Flask, client: "FlaskClient", caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/t/afterwards").text == "answered"
    assert _slots(app) == ["afterwards"]
    assert "bookkeeping after the request failed" in caplog.text


@on_sqlite
def test_a_lazy_text_is_a_text_and_no_markup(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string("{{ text }}", text=lazy_gettext("At most %(what)s.", what="<script>"))
    assert shown == "At most &lt;script&gt;."


@on_sqlite
def test_a_request_sees_one_instant(client: "FlaskClient") -> None:
    with clock.fixed(NOW):
        assert client.get("/t/now").text == f"True {NOW.isoformat()}"


@on_sqlite
def test_the_signed_out_are_asked_to_sign_in_and_led_back(client: "FlaskClient") -> None:
    answer = client.get("/t/guarded?week=2026-W10")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=/t/guarded?week%3D2026-W10")


@on_sqlite
def test_a_form_sent_signed_out_is_not_come_back_to(client: "FlaskClient") -> None:
    answer = client.post("/t/guarded")
    assert answer.status_code == 302
    assert "next" not in answer.headers["Location"]


@on_sqlite
def test_who_lacks_the_permission_and_who_asks_for_nonsense_get_the_same_answer(
    app: Flask, client: "FlaskClient"
) -> None:
    cast = bring_on(app.extensions["sessions"])
    cast.sign_in(client, Persona.CHARLIE)
    denied, unknown = client.get("/t/guarded"), client.get("/nowhere")
    assert (denied.status_code, unknown.status_code) == (404, 404)
    assert _bare(denied.text) == _bare(unknown.text)
    cast.sign_in(client, Persona.TRAINEE)
    assert client.get("/t/guarded").text == "hello 田瑞"


def _bare(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"|/t/guarded|/nowhere', "", page)


@on_sqlite
def test_a_route_without_a_guard_still_gives_nothing_to_the_signed_out(client: "FlaskClient") -> None:
    assert client.get("/t/unguarded").status_code == 404


@on_sqlite
@pytest.mark.parametrize(("path", "status"), [("/t/guarded", 405), ("/t/200", 413)])
def test_requests_that_make_no_sense_get_a_page(app: Flask, client: "FlaskClient", path: str, status: int) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10
    if status == 413:
        client.application.view_functions["end"] = lambda status: str(request.form) + str(status)
        answer = client.post(path, data={"text": "long" * 10}, headers={"Accept-Language": "en"})
    else:
        answer = client.delete(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert "<h1>" in answer.text


@on_sqlite
def test_headers_close_what_browsers_leave_open(client: "FlaskClient") -> None:
    headers = client.get("/t/200").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])
    assert "Strict-Transport-Security" not in headers


@on_sqlite
def test_other_host_names_are_refused(client: "FlaskClient") -> None:
    answer = client.get("/t/200", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert client.get("/t/200", headers={"Host": "localhost:8000"}).status_code == 200


def _scheme_behind(settings: config.Settings, *, behind_proxy: bool) -> tuple[str, str]:
    app = create_app(replace(settings, base_url="https://training.example", behind_proxy=behind_proxy))

    @app.get("/t/scheme")
    def scheme() -> str:
        return f"{request.scheme} {request.remote_addr}"

    forwarded = {"Host": "training.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 10.1.2.3"}
    answer = app.test_client().get("/t/scheme", headers=forwarded)
    app.extensions["engine"].dispose()
    return answer.text, answer.headers["Strict-Transport-Security"]


@on_sqlite
def test_forwarded_headers_count_only_behind_a_proxy_and_only_the_last_one(settings: config.Settings) -> None:
    assert _scheme_behind(settings, behind_proxy=False)[0] == "http 127.0.0.1"
    assert _scheme_behind(settings, behind_proxy=True)[0] == "https 10.1.2.3"
