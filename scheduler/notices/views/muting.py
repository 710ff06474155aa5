"""The mail's link: one tap, no password. Opening it does nothing, for mail scanners open links too."""

from flask import current_app, render_template, request
from flask_babel import gettext as _

from scheduler.core.web import database, now, public
from scheduler.notices.actions.choices import mute, unmute
from scheduler.notices.tasks.muting import read_mute_token
from scheduler.notices.terms.topics import NAMES
from scheduler.notices.views.blueprint import blueprint


@blueprint.get("/notices/mute/<token>")
@public("who holds the mail mutes without a password, for that person and topic alone")
def mute_by_link(token: str) -> tuple[str, int]:
    """Ask whether the topic shall be muted."""
    return _page(token, "asks")


@blueprint.post("/notices/mute/<token>")
@public("who holds the mail mutes without a password, for that person and topic alone")
def mute_by_link_now(token: str) -> tuple[str, int]:
    """Mute the topic, or undo that; also for mail programs that post by themselves (RFC 8058), without a session."""
    found = read_mute_token(current_app, token)
    if found is None:
        return _page(token, "asks")
    if "undo" in request.form:
        unmute(database(), *found)
        return _page(token, "undone")
    mute(database(), *found, now=now())
    return _page(token, "muted")


def _page(token: str, state: str) -> tuple[str, int]:
    found = read_mute_token(current_app, token)
    if found is None:
        return render_template("notices/mute_unknown.html"), 410
    return render_template("notices/mute.html", token=token, state=state, topic=_(NAMES[found[1]])), 200
