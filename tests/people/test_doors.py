from typing import TYPE_CHECKING

from scheduler.core.access import system_actor
from scheduler.people import actions
from scheduler.people.terms import PasswordPolicy
from tests.cast import EPOCH, Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient


PASSWORD = "quiet river stone"


def settle(cast: Cast, persona: Persona) -> None:
    with cast.database.write() as session:
        actions.set_password(
            session,
            system_actor("test"),
            cast.people[persona],
            PASSWORD,
            policy=PasswordPolicy.ASVS,
            now=EPOCH,
        )


def test_signs_in_with_number_and_password(client: "FlaskClient", cast: Cast) -> None:
    settle(cast, Persona.TRAINEE)
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(
        "/sign-in?next=/account", data={"staff_no": "\uff50-trainee ", "password": PASSWORD, "next": "/account"}
    )
    assert (answer.status_code, answer.location) == (302, "/account")
    assert "田瑞" in client.get("/account").text


def test_cast_signs_in_without_a_password(client: "FlaskClient", cast: Cast) -> None:
    assert client.get("/account").location == "/sign-in?next=/account"
    cast.sign_in(client, Persona.CHARLIE)
    assert client.get("/account").status_code == 200
