"""Passwords, links, language and zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.core.access import Role, system_actor
from scheduler.core.errors import Missing, Refusal
from scheduler.people import actions
from scheduler.people.models import Account, DoorKnock, Person, SignIn, SingleUseLink
from scheduler.people.rules.doors import ADDRESS_TRIES
from scheduler.people.rules.passwords import UnfitPassword
from scheduler.people.terms import PasswordPolicy
from tests.cast import Cast, Persona
from tests.people.conftest import PASSWORD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 1, 2, tzinfo=UTC)
WithPassword = Callable[[Persona], int]
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it is up to the engine
ENGLISH = {"Accept-Language": "en"}


def make_link(client: "FlaskClient", cast: Cast, persona: Persona) -> str:
    page = client.post(f"/people/{cast.people[persona]}/link", headers=ENGLISH).text
    found = re.search(r'value="http://127\.0\.0\.1:8000(/link/[\w-]{43})"', page)
    assert found, page
    assert "<svg" in page
    return found[1]


def test_a_link_sets_the_first_password_once(client: "FlaskClient", cast: Cast) -> None:
    officer = cast.sign_in(client.application.test_client(), Persona.OFFICER)
    with clock.fixed(NOW):
        cast.sign_in(officer, Persona.OFFICER)
        link = make_link(officer, cast, Persona.TRAINEE)
        assert client.get(link).status_code == 200
        assert client.get(link).status_code == 200  # looking spends nothing, messengers look too
        assert client.post(link, data={"password": "short"}).status_code == 422
        answer = client.post(link, data={"password": PASSWORD})
        assert (answer.status_code, answer.location) == (302, "/")
        assert client.get("/account").status_code == 200
        for again in (client.get(link, headers=ENGLISH), client.post(link, data={"password": "another stone"})):
            assert again.status_code == 410
        assert "This link has been used" in client.get(link, headers=ENGLISH).text
        visitor = client.application.test_client()
        entered = visitor.post("/sign-in", data={"staff_no": "P-TRAINEE", "password": PASSWORD})
        assert entered.status_code == 302


@one_engine
def test_a_link_runs_out_after_seven_days(client: "FlaskClient", cast: Cast) -> None:
    admin = client.application.test_client()
    with clock.fixed(NOW):
        link = make_link(cast.sign_in(admin, Persona.ADMIN), cast, Persona.TRAINEE)
    with clock.fixed(NOW + timedelta(days=7, seconds=-1)):
        assert client.get(link).status_code == 200
    with clock.fixed(NOW + timedelta(days=7)):
        page = client.get(link, headers=ENGLISH)
        assert (page.status_code, "This link ran out" in page.text) == (410, True)


@one_engine
def test_a_newer_link_replaces_the_older(client: "FlaskClient", cast: Cast) -> None:
    admin = cast.sign_in(client.application.test_client(), Persona.ADMIN)
    older, newer = (make_link(admin, cast, Persona.TRAINEE) for _ in range(2))
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


@one_engine
def test_links_that_nobody_made_are_counted(client: "FlaskClient", cast: Cast) -> None:
    with clock.fixed(NOW):
        page = client.get("/link/guess", headers=ENGLISH)
        assert (page.status_code, "This link leads nowhere" in page.text) == (410, True)
        with cast.database.write() as session:
            assert session.execute(select(DoorKnock.door, DoorKnock.failures)).all() == [("link", 1)]
            session.scalars(select(DoorKnock)).one().failures = ADDRESS_TRIES
        assert client.get("/link/guess").status_code == 429


@one_engine
def test_the_link_of_a_closed_account_leads_nowhere(client: "FlaskClient", cast: Cast) -> None:
    admin = cast.sign_in(client.application.test_client(), Persona.ADMIN)
    link = make_link(admin, cast, Persona.TRAINEE)
    with clock.fixed(NOW):
        cast.sign_in(admin, Persona.ADMIN)
        admin.post(f"/people/{cast.people[Persona.TRAINEE]}/account/disable")
        assert client.get(link).status_code == 410
        admin.post(f"/people/{cast.people[Persona.TRAINEE]}/account/enable")
        assert client.get(link).status_code == 200


@one_engine
def test_nobody_gets_at_an_account_with_more_power(session: "Session", cast: Cast) -> None:
    officer = cast.actor(session, Persona.OFFICER)
    actions.grant_role(session, system_actor("t"), cast.people[Persona.FELLOW], Role.LEADER, cast.units["A1"], now=NOW)
    for act in (actions.make_link, actions.disable_account, actions.note_departure):
        with pytest.raises(Missing):
            act(session, officer, cast.people[Persona.FELLOW], now=NOW)
        with pytest.raises(Missing):
            act(session, officer, cast.people[Persona.STRANGER], now=NOW)
    for own in (actions.disable_account, actions.note_departure):
        with pytest.raises(Refusal, match="Ask another admin"):
            own(session, cast.actor(session, Persona.ADMIN), cast.people[Persona.ADMIN], now=NOW)


def test_changing_the_password_ends_all_other_sign_ins(
    client: "FlaskClient", cast: Cast, with_password: WithPassword
) -> None:
    with_password(Persona.TRAINEE)
    phone = cast.sign_in(client.application.test_client(), Persona.TRAINEE)
    cast.sign_in(client, Persona.TRAINEE)
    new = "a brighter river"
    wrong = client.post("/account/password", data={"present": "no", "password": new}, headers=ENGLISH)
    assert (wrong.status_code, "This is not your present password." in wrong.text) == (422, True)
    same = client.post("/account/password", data={"present": PASSWORD, "password": PASSWORD}, headers=ENGLISH)
    assert "The new password is the present one." in same.text
    assert phone.get("/account").status_code == 200
    assert client.post("/account/password", data={"present": PASSWORD, "password": new}).status_code == 302
    assert [browser.get("/account").status_code for browser in (client, phone)] == [200, 302]
    entered = phone.post("/sign-in", data={"staff_no": "P-TRAINEE", "password": new})
    assert entered.status_code == 302


def test_the_last_five_passwords_stay_away_under_mlps3(session: "Session", cast: Cast) -> None:
    def change(number: int) -> None:
        actions.set_password(
            session,
            system_actor("test"),
            cast.people[Persona.TRAINEE],
            f"River-Stone-{number}",
            policy=PasswordPolicy.MLPS3,
            now=NOW + timedelta(days=number),
        )

    for number in range(6):
        change(number)
    for number in range(1, 6):
        with pytest.raises(UnfitPassword, match="last 5 passwords"):
            change(number)
    change(0)


def test_language_and_zone_of_the_reader_are_kept(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.TRAINEE)
    assert client.post("/account", data={"language": "en", "zone": "America/New_York"}).status_code == 302
    page = client.get("/account", headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="en">' in page
    assert "New York" in page
    assert client.post("/account", data={"language": "xx", "zone": "Nowhere/City"}).status_code == 422
    with cast.database.read() as session:
        account = session.get_one(Account, cast.accounts[Persona.TRAINEE])
        assert (account.language, account.zone_name) == ("en", "America/New_York")
        verbs = session.scalars(select(AuditEntry.verb)).all()
    assert verbs == ["reading_chosen"]
    client.post("/account", data={"language": "", "zone": ""})
    assert '<html lang="zh-CN">' in client.get("/account", headers={"Accept-Language": "zh-CN"}).text


@one_engine
def test_the_own_devices_are_listed_and_ended(client: "FlaskClient", cast: Cast) -> None:
    phone = cast.sign_in(client.application.test_client(), Persona.TRAINEE)
    with cast.database.write() as session:
        row = session.scalars(select(SignIn)).one()
        row.client, row.address = "Mozilla/5.0 (Linux; HarmonyOS) MicroMessenger/8", "10.0.0.7"
        other = row.id
    cast.sign_in(client, Persona.TRAINEE)
    page = client.get("/account", headers=ENGLISH).text
    assert "WeChat · HarmonyOS" in page
    assert "Unknown browser" in page
    assert page.count("This device") == 1
    client.post(f"/account/sign-ins/{other}/end")
    assert [browser.get("/account").status_code for browser in (client, phone)] == [200, 302]


def test_the_first_admin_can_sign_in_to_an_empty_house(client: "FlaskClient", database: "Sessions") -> None:
    for _ in range(2):  # a second run changes the password, and nothing else
        with database.write() as session:
            actions.create_first_admin(
                session, system_actor("init"), "P00001", PASSWORD, policy=PasswordPolicy.ASVS, now=NOW
            )
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert client.post("/sign-in", data={"staff_no": "P00001", "password": PASSWORD}).location == "/"
    assert client.get("/units").status_code == 200


def test_what_ran_out_is_forgotten_after_a_month(session: "Session", cast: Cast) -> None:
    account_id = cast.accounts[Persona.TRAINEE]
    for days in (29, 31):
        then = NOW - timedelta(days=days)
        times = {"began_at": then, "seen_at": then, "expires_at": then}
        session.add(SignIn(token_digest=f"{days}", account_id=account_id, **times))
        session.add(DoorKnock(door="link", knocker="x", window_start=then, failures=1))
        session.add(
            SingleUseLink(
                token_digest=f"{days}", account_id=account_id, purpose="first_password", made_at=then, expires_at=then
            )
        )
    session.flush()
    actions.forget_expired(session, now=NOW)
    for table in (SignIn, DoorKnock, SingleUseLink):
        assert session.scalar(select(func.count()).select_from(table)) == 1
