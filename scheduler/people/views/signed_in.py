"""Who is signed in, for Flask-Login."""

from flask_login import UserMixin, current_user

from scheduler.core.access import Actor
from scheduler.core.web import afterwards, database, now
from scheduler.people.actions.doors import mark_seen
from scheduler.people.queries.signed_in import find_signed_in
from scheduler.people.rules.doors import SEEN_EVERY


class SignedIn(UserMixin):
    """What Flask-Login keeps for a request: the token of the sign-in row and who that makes the reader."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def load_signed_in(token: str) -> SignedIn | None:
    """Return the signed-in reader for a cookie's token, from the sign-in row; None ends the cookie's power."""
    instant = now()
    found = find_signed_in(database(), token, now=instant)
    if found is None:
        return None
    if instant - found.seen_at > SEEN_EVERY:
        afterwards(lambda session: mark_seen(session, token, now=instant))
    return SignedIn(token, found.actor)


def current_token() -> str:
    """Return the token of the reader's own sign-in; empty when signed out."""
    return str(getattr(current_user, "token", ""))
