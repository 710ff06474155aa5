"""The page behind a single-use link: choose a password, and in."""

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.web import database, now, public, sessions
from scheduler.people import actions
from scheduler.people.forms.doors import NewPasswordForm
from scheduler.people.queries.accounts import find_link
from scheduler.people.rules.doors import ADDRESS_TRIES
from scheduler.people.terms import Door, LinkState
from scheduler.people.views.account import password_hint, policy
from scheduler.people.views.blueprint import blueprint
from scheduler.people.views.doors import let_in
from scheduler.people.views.knocking import too_many


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@public("who holds the link has no password yet")
def use_link(token: str) -> tuple[str, int] | Response:
    """Let the holder choose a password and go in; a link that is spent explains itself. Opening it spends nothing."""
    state, claimed = find_link(database(), token, now=now())
    if state is LinkState.UNKNOWN:
        count_guess()
    if state is not LinkState.OPEN or claimed is None:
        return render_template("people/link_spent.html", state=state), 410
    form = NewPasswordForm()
    if form.holds:
        try:
            actions.use_link(database(), claimed.actor, token, form.password.data or "", policy=policy(), now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            answer = let_in(claimed, "/")
            flash(_("Your password is set and you are signed in. The link will not work again."), "ok")
            return answer
    return render_template("people/use_link.html", form=form, who=claimed.actor, hint=password_hint()), form.status


def count_guess() -> None:
    """Count a link that nobody made; refuses with TooMany an address that guesses on and on."""
    database().rollback()  # the writer below must not wait for this request's own transaction
    with sessions().write() as counting:
        again = actions.knock(counting, Door.LINK, {f"address {request.remote_addr}": ADDRESS_TRIES}, now=now())
    if again:
        raise too_many(again)
