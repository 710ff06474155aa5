"""The address that calendar programs fetch."""

from flask import Response

from scheduler.core.web import public
from scheduler.feeds.views.blueprint import blueprint
from scheduler.feeds.views.serving import answer


@blueprint.get("/feeds/<token>.ics")
@public("calendar programs cannot sign in: the token is the secret")
def feed(token: str) -> Response:
    """Serve the calendar of a subscription."""
    return answer(token)
