"""What the tests of people share: a browser without CSRF tokens, and passwords that are hashed once."""

from typing import TYPE_CHECKING

import pytest

from scheduler.people.models import Account
from scheduler.people.rules.hashing import make_hash
from tests.cast import EPOCH, Cast, Persona

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

PASSWORD = "quiet river stone"
_HASH = make_hash(PASSWORD)


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def with_password(cast: Cast) -> "Callable[[Persona], int]":
    """Return the act of giving somebody PASSWORD, set at the epoch; it returns the account's id."""

    def give(persona: Persona) -> int:
        with cast.database.write() as session:
            account = session.get_one(Account, cast.accounts[persona])
            account.password_hash, account.password_set_at = _HASH, EPOCH
        return cast.accounts[persona]

    return give
