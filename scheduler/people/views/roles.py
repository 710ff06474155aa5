"""Roles and accounts of persons, for who looks after them."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.access import Role
from scheduler.core.errors import Missing
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in
from scheduler.people import actions, queries
from scheduler.people.access import WORKING_ROLES, PeoplePermission
from scheduler.people.forms.people import RoleForm
from scheduler.people.rules.doors import LINK_LIFE
from scheduler.people.views.blueprint import blueprint


@blueprint.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@requires(PeoplePermission.GRANT)
def grant_role(person_id: int) -> tuple[str, int] | Response:
    """Give a person a role in a unit and all below it."""
    actor = signed_in()
    person, unit = queries.get_person(database(), actor, person_id, PeoplePermission.GRANT)
    roles = list(Role) if actor.may(PeoplePermission.GRANT_ANY) else [role for role in Role if role in WORKING_ROLES]
    form = RoleForm(unit=unit.id, role=Role.TRAINEE.value)
    form.offer(roles, queries.unit_choices(database(), actor, PeoplePermission.GRANT))
    if form.holds:
        actions.grant_role(database(), actor, person_id, Role(form.role.data), form.unit.data, now=now())
        flash(_("The role is granted; it holds from the next page on."), "ok")
        return redirect(url_for("people.show_person", person_id=person_id))
    return render_template("people/role_grant.html", form=form, person=person), form.status


@blueprint.post("/people/<int:person_id>/roles/<int:grant_id>/revoke")
@requires(PeoplePermission.GRANT)
def revoke_role(person_id: int, grant_id: int) -> Response:
    """End a role at once."""
    grant = actions.revoke_role(database(), signed_in(), grant_id, now=now())
    if grant.person_id != person_id:
        raise Missing
    flash(_("The role is revoked and the person signed out everywhere."), "ok")
    return redirect(url_for("people.show_person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/link")
@requires(PeoplePermission.MANAGE)
def make_link(person_id: int) -> str:
    """Make a link for the first or a new password and show it, once."""
    token = actions.make_link(database(), signed_in(), person_id, now=now())
    person, _unit = queries.get_person(database(), signed_in(), person_id)
    address = current_app.extensions["settings"].base_url.rstrip("/") + url_for("people.use_link", token=token)
    return render_template(
        "people/link_made.html",
        person=person,
        address=address,
        expires_at=now() + LINK_LIFE,
    )


@blueprint.post("/people/<int:person_id>/account/disable")
@requires(PeoplePermission.MANAGE)
def disable_account(person_id: int) -> Response:
    """Close a person's account at once."""
    actions.disable_account(database(), signed_in(), person_id, now=now())
    say(
        _("The account is closed and signed out everywhere."),
        undo_url=url_for("people.enable_account", person_id=person_id),
    )
    return redirect(url_for("people.show_person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/account/enable")
@requires(PeoplePermission.MANAGE)
def enable_account(person_id: int) -> Response:
    """Open a closed account again."""
    actions.enable_account(database(), signed_in(), person_id, now=now())
    flash(_("The account is open again."), "ok")
    return redirect(url_for("people.show_person", person_id=person_id))
