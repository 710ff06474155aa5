"""Signing in and out, and the choice of language, which needs no account."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug.wrappers import Response

from scheduler.core.pages import LANGUAGE_COOKIE, LANGUAGES
from scheduler.core.web import current_actor, database, now, own_path, personal, public, sessions, signed_in
from scheduler.people import actions
from scheduler.people.forms.doors import SignInForm
from scheduler.people.queries.doors import Claimed, find_claimed
from scheduler.people.rules.hashing import is_password
from scheduler.people.rules.passwords import ROTATION, is_worn_out
from scheduler.people.terms import Door
from scheduler.people.views.account import policy
from scheduler.people.views.blueprint import blueprint
from scheduler.people.views.knocking import knock_as
from scheduler.people.views.signed_in import SignedIn, current_token

_YEAR = 365 * 24 * 3600


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public("the door itself")
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for staff number and password; then back to where the reader wanted to go."""
    target = own_path(request.values.get("next")) or "/"
    if request.method == "POST":
        session.pop("_user_id", None)  # who asks to come in anew comes as a stranger
    elif current_actor():
        return redirect(target)
    form = SignInForm()
    if form.holds:
        account, address = knock_as(Door.SIGN_IN, form.staff_no.data or "")
        # Read and verify outside of the writing transaction: hashing takes long, and others want to write.
        with sessions().read() as reading:
            claimed = find_claimed(reading, form.staff_no.data or "")
        if is_password(form.password.data or "", claimed.password_hash if claimed else None) and claimed:
            actions.pardon(database(), Door.SIGN_IN, account, address, now=now())
            if is_worn_out(claimed.password_set_at, policy=policy(), now=now()):
                token = actions.make_own_link(database(), claimed.actor, now=now())
                flash(_("Your password is older than %(days)s days. Choose a new one.", days=ROTATION.days), "info")
                return redirect(url_for("people.use_link", token=token))
            return let_in(claimed, target)
        refused = _("Staff number and password do not match. Check both, then try again.")
        return render_template("people/sign_in.html", form=form, next=target, refused=refused), 422
    return render_template("people/sign_in.html", form=form, next=target), form.status


def let_in(claimed: Claimed, target: str) -> Response:
    """Open a sign-in for who was found, in a new cookie session, and go to `target`."""
    token = actions.open_sign_in(
        database(),
        claimed.actor,
        hours=current_app.extensions["settings"].session_hours,
        address=request.remote_addr or "",
        client=request.user_agent.string,
        now=now(),
    )
    session.clear()
    login_user(SignedIn(token, claimed.actor))
    return redirect(target if claimed.actor.grants else url_for("people.own_account"))


@blueprint.post("/sign-out")
@personal("whoever is in may go out")
def sign_out() -> Response:
    """End this sign-in."""
    actions.close_sign_in(database(), signed_in(), current_token(), now=now())
    session.clear()
    flash(_("You are signed out."), "ok")
    return redirect(url_for("people.sign_in"))


@blueprint.post("/sign-out/everywhere")
@personal("the own sign-ins")
def sign_out_everywhere() -> Response:
    """End all sign-ins of the reader, this one too."""
    actor = signed_in()
    actions.close_sign_ins(database(), actor, [actor.account_id or 0], now=now(), reason="everywhere")
    session.clear()
    flash(_("You are signed out on all devices."), "ok")
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language")
@public("a stranger at the door reads a language too")
def choose_language() -> Response:
    """Keep the reader's language: on the account when signed in, and in a cookie."""
    chosen = request.form.get("locale", "")
    answer = redirect(own_path(request.form.get("next")) or "/")
    if chosen in LANGUAGES.values():
        actor = current_actor()
        if actor:
            actions.choose_reading(database(), actor, language=chosen, now=now())
        secure = current_app.extensions["settings"].secure
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
