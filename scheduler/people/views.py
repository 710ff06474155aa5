"""Pages of people: signing in and out, the own account, units, persons."""

from flask import Blueprint
from flask_login import UserMixin

from scheduler.core.access import Actor
from scheduler.core.web import database, now
from scheduler.people.queries import find_actor

blueprint = Blueprint("people", __name__)


class SignedIn(UserMixin):
    """What Flask-Login keeps for a request: the token of the sign-in row and who that makes the reader."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def load_signed_in(token: str) -> SignedIn | None:
    """Return the signed-in reader for a cookie's token, from the sign-in row; None ends the cookie's power."""
    actor = find_actor(database(), token, now=now())
    return SignedIn(token, actor) if actor else None
