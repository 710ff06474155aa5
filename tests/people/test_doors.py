"""Signing in and out through the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from config import Settings
from scheduler.app import create_app
from scheduler.core import clock
from scheduler.people.models import Account, DoorKnock, SignIn
from scheduler.people.rules.doors import ACCOUNT_TRIES, ADDRESS_TRIES
from tests.cast import Cast, Persona
from tests.people.conftest import PASSWORD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

NOW = datetime(2026, 3, 5, 1, 2, tzinfo=UTC)
WithPassword = Callable[[Persona], int]
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it is up to the engine


def enter(client: "FlaskClient", staff_no: str, password: str = PASSWORD, **more: str) -> "TestResponse":
    return client.post("/sign-in", data={"staff_no": staff_no, "password": password, **more})


def test_number_and_password_open_the_door_and_lead_on(
    client: "FlaskClient", cast: Cast, with_password: WithPassword
) -> None:
    with_password(Persona.TRAINEE)
    answer = enter(client, "\uff50-trainee ", next="/account?x=1")
    assert (answer.status_code, answer.location) == (302, "/account?x=1")
    assert "田瑞" in client.get("/account").text
    with cast.database.read() as session:
        row = session.scalars(select(SignIn)).one()
        assert len(row.token_digest) == 64
        with client.session_transaction() as cookie:
            assert row.token_digest not in str(dict(cookie))


@one_engine
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "x"])
def test_leads_only_to_own_paths(client: "FlaskClient", with_password: WithPassword, target: str) -> None:
    with_password(Persona.TRAINEE)
    assert enter(client, "P-TRAINEE", next=target).location == "/"


@one_engine
@pytest.mark.parametrize("number", [Persona.TRAINEE.value, Persona.FELLOW.value, "nobody"])
def test_wrong_password_no_password_and_nobody_get_the_same_answer(
    client: "FlaskClient", with_password: WithPassword, number: str
) -> None:
    with_password(Persona.TRAINEE)
    answer = enter(client, number, "wrong")
    assert answer.status_code == 422
    assert (
        "Staff number and password do not match"
        in client.post(
            "/sign-in", data={"staff_no": number, "password": "wrong"}, headers={"Accept-Language": "en"}
        ).text
    )
    assert client.get("/account").status_code == 302


@one_engine
def test_an_empty_form_asks_for_both(client: "FlaskClient") -> None:
    answer = client.post("/sign-in", data={}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") == 2


def test_too_many_tries_are_stopped_until_the_window_ends(client: "FlaskClient", with_password: WithPassword) -> None:
    with_password(Persona.TRAINEE)
    with clock.fixed(NOW):
        for _ in range(ACCOUNT_TRIES):
            assert enter(client, "P-TRAINEE", "wrong").status_code == 422
        stopped = enter(client, "p-trainee")  # even the right one, however it is written
        assert stopped.status_code == 429
        assert "09:15" in stopped.text
        assert stopped.headers["Retry-After"] == "780"
        with_password(Persona.FELLOW)
        assert enter(client, "P-FELLOW").status_code == 302  # others are not shut out
    with clock.fixed(NOW + timedelta(minutes=13)):
        assert enter(client.application.test_client(), "P-TRAINEE").status_code == 302


def test_guesses_at_the_present_password_count_as_tries_at_the_door(
    client: "FlaskClient", with_password: WithPassword
) -> None:
    with_password(Persona.TRAINEE)
    typed = {"present": "wrong", "password": "four words in a row", "repeated": "four words in a row"}
    with clock.fixed(NOW):
        assert enter(client, "P-TRAINEE").status_code == 302
        for _ in range(ACCOUNT_TRIES):
            assert client.post("/account/password", data=typed).status_code == 422
        assert client.post("/account/password", data={**typed, "present": PASSWORD}).status_code == 429
    with clock.fixed(NOW + timedelta(minutes=13)):
        assert client.post("/account/password", data={**typed, "present": PASSWORD}).status_code == 302


def test_one_address_cannot_try_account_after_account(client: "FlaskClient", cast: Cast) -> None:
    with cast.database.write() as session:
        start = NOW - timedelta(minutes=2)
        session.add(DoorKnock(door="sign_in", knocker="address 127.0.0.1", window_start=start, failures=ADDRESS_TRIES))
    with clock.fixed(NOW):
        assert enter(client, "anybody", "x").status_code == 429


def test_a_success_takes_the_tries_back(client: "FlaskClient", cast: Cast, with_password: WithPassword) -> None:
    with_password(Persona.TRAINEE)
    with clock.fixed(NOW):
        for password in ("wrong", "wrong", PASSWORD):
            enter(client, "P-TRAINEE", password)
    with cast.database.read() as session:
        counts = dict(row for row in session.execute(select(DoorKnock.knocker, DoorKnock.failures)).all())
    assert counts.pop("address 127.0.0.1") == 2
    assert list(counts.values()) == [0]


@one_engine
def test_signing_in_starts_a_new_cookie_session(client: "FlaskClient", with_password: WithPassword) -> None:
    with_password(Persona.TRAINEE)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "a token of somebody else", "x"
    enter(client, "P-TRAINEE")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "a token of somebody else"
    assert client.get("/sign-in").location == "/"  # who is in needs no door


@one_engine
def test_who_has_no_role_lands_on_the_own_account(client: "FlaskClient", with_password: WithPassword) -> None:
    with_password(Persona.CHARLIE)
    assert enter(client, "P-CHARLIE", next="/people").location == "/account"


@one_engine
def test_a_closed_account_and_who_left_stay_outside(
    client: "FlaskClient", cast: Cast, with_password: WithPassword
) -> None:
    with_password(Persona.TRAINEE)
    cast.sign_in(client, Persona.TRAINEE)
    assert client.get("/account").status_code == 200
    with cast.database.write() as session:
        session.get_one(Account, cast.accounts[Persona.TRAINEE]).disabled_at = NOW
    assert client.get("/account").status_code == 302
    assert enter(client, "P-TRAINEE").status_code == 422


def test_sign_out_ends_the_row_and_leaves_other_devices(client: "FlaskClient", cast: Cast) -> None:
    phone = cast.sign_in(client.application.test_client(), Persona.TRAINEE)
    cast.sign_in(client, Persona.TRAINEE)
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    assert client.post("/sign-out").location == "/sign-in"
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = stolen, True
    assert client.get("/account").status_code == 302
    assert phone.get("/account").status_code == 200


def test_sign_out_everywhere_ends_all(client: "FlaskClient", cast: Cast) -> None:
    phone = cast.sign_in(client.application.test_client(), Persona.TRAINEE)
    other = cast.sign_in(client.application.test_client(), Persona.FELLOW)
    cast.sign_in(client, Persona.TRAINEE)
    client.post("/sign-out/everywhere")
    assert [browser.get("/account").status_code for browser in (client, phone, other)] == [302, 302, 200]


@one_engine
def test_a_sign_in_runs_out(client: "FlaskClient", cast: Cast) -> None:
    with clock.fixed(NOW):
        cast.sign_in(client, Persona.TRAINEE)
    with clock.fixed(NOW + timedelta(hours=11, minutes=59)):
        assert client.get("/account").status_code == 200
    with clock.fixed(NOW + timedelta(hours=12)):
        assert client.get("/account").status_code == 302


def test_last_seen_is_kept_to_five_minutes(client: "FlaskClient", cast: Cast) -> None:
    def seen() -> datetime:
        with cast.database.read() as session:
            return session.scalars(select(SignIn.seen_at)).one()

    with clock.fixed(NOW):
        cast.sign_in(client, Persona.TRAINEE)
    for minutes, expected in ((4, 0), (6, 6), (9, 6), (12, 12)):
        with clock.fixed(NOW + timedelta(minutes=minutes)):
            client.get("/account")
        assert seen() == NOW + timedelta(minutes=expected)


@one_engine
def test_a_stranger_chooses_a_language_by_cookie(client: "FlaskClient", cast: Cast) -> None:
    assert client.post("/language", data={"locale": "en", "next": "/sign-in?next=/x"}).location == "/sign-in?next=/x"
    assert '<html lang="en">' in client.get("/sign-in").text
    assert client.post("/language", data={"locale": "fr", "next": "https://evil.example"}).location == "/"
    assert '<html lang="en">' in client.get("/sign-in").text
    cast.sign_in(client, Persona.TRAINEE)
    client.post("/language", data={"locale": "zh_CN"})
    client.delete_cookie("language")
    page = client.get("/account", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN">' in page.text


@one_engine
def test_a_worn_out_password_is_replaced_before_it_opens(settings: Settings, with_password: WithPassword) -> None:
    app = create_app(Settings(secret_key="k" * 48, database_url=settings.database_url, password_policy="mlps3"))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with_password(Persona.TRAINEE)
    with clock.fixed(NOW + timedelta(days=200)):
        answer = enter(client, "P-TRAINEE")
        assert answer.location.startswith("/link/")
        assert client.get("/account").status_code == 302
        assert client.post(answer.location, data={"password": "quiet river stone"}).status_code == 422
        assert client.post(answer.location, data={"password": "Quiet-River-9-Stone"}).status_code == 302
        assert client.get("/account").status_code == 200
        assert enter(app.test_client(), "P-TRAINEE", "Quiet-River-9-Stone").location == "/"
    app.extensions["sessions"].engine.dispose()
