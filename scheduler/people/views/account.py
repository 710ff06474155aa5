"""The own account: language, zone, password, sign-ins."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.web import database, now, personal, signed_in
from scheduler.people import actions
from scheduler.people.forms.doors import ChangePasswordForm, ReadingForm
from scheduler.people.queries.accounts import own_sign_ins
from scheduler.people.queries.persons import get_person, roles_held
from scheduler.people.queries.signed_in import digest
from scheduler.people.rules.passwords import SHORTEST
from scheduler.people.terms import Door, PasswordPolicy
from scheduler.people.views.blueprint import blueprint
from scheduler.people.views.knocking import knock_as
from scheduler.people.views.signed_in import current_token


@blueprint.route("/account", methods=["GET", "POST"])
@personal("the own account")
def own_account() -> tuple[str, int] | Response:
    """Show who is signed in and where; keep the language and zone in which the reader reads."""
    actor = signed_in()
    current = {"language": actor.language or "", "zone": actor.zone.key if actor.zone else ""}
    form = ReadingForm(data=current).offer(current_app.extensions["settings"].time_zone)
    if form.holds:
        actions.choose_reading(database(), actor, language=form.language.data, zone_name=form.zone.data, now=now())
        refresh()
        flash(_("Saved."), "ok")
        return redirect(url_for("people.own_account"))
    person, unit = get_person(database(), actor, actor.person_id or 0)
    return render_template(
        "people/account.html",
        form=form,
        person=person,
        unit=unit,
        roles=roles_held(database(), person.id),
        sign_ins=own_sign_ins(database(), actor, now=now()),
        this=digest(current_token()),
    ), form.status


@blueprint.route("/account/password", methods=["GET", "POST"])
@personal("the own password")
def change_password() -> tuple[str, int] | Response:
    """Change the own password; all other sign-ins end. A wrong guess at the present one counts as at the door."""
    form = ChangePasswordForm()
    if form.holds:
        database().rollback()  # nothing is written yet, and the count is to stand whatever becomes of this request
        account, address = knock_as(Door.SIGN_IN, signed_in().staff_no)
        try:
            actions.change_password(
                database(),
                signed_in(),
                form.present.data or "",
                form.password.data or "",
                token=current_token(),
                policy=policy(),
                now=now(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            actions.pardon(database(), Door.SIGN_IN, account, address, now=now())
            flash(_("Your password is changed. All other devices are signed out."), "ok")
            return redirect(url_for("people.own_account"))
    return render_template("people/change_password.html", form=form, hint=password_hint()), form.status


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@personal("the own sign-ins")
def end_sign_in(sign_in_id: int) -> Response:
    """End one of the own sign-ins."""
    actions.close_own_sign_in(database(), signed_in(), sign_in_id, now=now())
    flash(_("That device is signed out."), "ok")
    return redirect(url_for("people.own_account"))


def policy() -> PasswordPolicy:
    """Return which rules new passwords must satisfy."""
    return PasswordPolicy(current_app.extensions["settings"].password_policy)


def password_hint() -> str:
    """Say, before anything is typed, what a new password must be like."""
    if policy() is PasswordPolicy.MLPS3:
        return _("At least %(limit)s characters: capital and small letters, digits and others.", limit=SHORTEST)
    return _("At least %(limit)s characters. A few words in a row are easy to keep in mind.", limit=SHORTEST)
