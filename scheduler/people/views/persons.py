"""Persons: the list, a page for each, and what may be changed."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.audit.queries import history
from scheduler.core.errors import Refusal
from scheduler.core.forms import options
from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.web import database, now, number_asked, personal, requires, signed_in
from scheduler.people import actions, queries
from scheduler.people.access import PeoplePermission, may_grant, may_open_door
from scheduler.people.forms.people import PeopleFilterForm, PersonForm, TransferForm
from scheduler.people.queries.persons import PeopleFilter
from scheduler.people.views.blueprint import blueprint


@blueprint.get("/people")
@requires(PeoplePermission.READ)
def list_people() -> str | Response:
    """List the persons whom the reader looks after, as a page or a sheet."""
    actor, form = signed_in(), PeopleFilterForm(request.args)
    form.unit.choices = options([("", _("All units")), *queries.unit_choices(database(), actor, PeoplePermission.READ)])
    unit_id = number_asked("unit")
    wanted = PeopleFilter((form.q.data or "")[:80], unit_id, left=form.left.data)
    if sheet_asked():
        everybody = queries.list_people(database(), actor, wanted, size=MOST_ROWS).rows
        cells = ((one.staff_no, one.name, one.unit_name, one.post, one.phone) for one in everybody)
        headings = [_("Staff number"), _("Full name"), _("Unit"), _("Post"), _("Phone")]
        return sheet_answer(_("People"), headings, cells)
    page = number_asked("page") or 1
    return render_template(
        "people/people.html", form=form, listed=queries.list_people(database(), actor, wanted, page=page)
    )


@blueprint.get("/people/<int:person_id>")
@personal("everybody sees oneself; others only who looks after the unit")
def show_person(person_id: int) -> str:
    """Show a person, and to whom looks after the unit what can be changed."""
    actor = signed_in()
    person, unit = queries.get_person(database(), actor, person_id)
    held = queries.roles_held(database(), person.id)
    manages = actor.may(PeoplePermission.MANAGE, unit.path)
    return render_template(
        "people/person.html",
        person=person,
        unit=unit,
        held=held,
        takes={grant.id for grant in held if may_grant(actor, grant.role, grant.unit_path)},
        door=queries.door_state(database(), person.id),
        manages=manages,
        opens=manages and may_open_door(actor, queries.held_grants(database(), person.id)),
        reads=actor.may(PeoplePermission.READ, unit.path),
        changes=history(database(), "person", person.id) if manages else [],
    )


@blueprint.route("/people/add", methods=["GET", "POST"])
@requires(PeoplePermission.MANAGE)
def add_person() -> tuple[str, int] | Response:
    """Add a person to a unit."""
    form = PersonForm(unit=number_asked("unit"))
    form.unit.choices = options(_units(PeoplePermission.MANAGE))
    if form.holds:
        try:
            person = actions.add_person(database(), signed_in(), form.value(), form.unit.data, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("%(name)s is added.", name=person.name), "ok")
            return redirect(url_for("people.show_person", person_id=person.id))
    return render_template("people/person_add.html", form=form), form.status


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires(PeoplePermission.MANAGE)
def edit_person(person_id: int) -> tuple[str, int] | Response:
    """Correct what is known of a person."""
    person, _unit = queries.get_person(database(), signed_in(), person_id, PeoplePermission.MANAGE)
    form = PersonForm.about(person)
    if form.holds:
        try:
            actions.edit_person(database(), signed_in(), person_id, form.value(), version=form.seen_version, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("people.show_person", person_id=person_id))
    return render_template("people/person_edit.html", form=form, person=person), form.status


@blueprint.route("/people/<int:person_id>/transfer", methods=["GET", "POST"])
@requires(PeoplePermission.MANAGE)
def transfer_person(person_id: int) -> tuple[str, int] | Response:
    """Let a person belong to another unit."""
    person, unit = queries.get_person(database(), signed_in(), person_id, PeoplePermission.MANAGE)
    form = TransferForm(unit=unit.id)
    form.unit.choices = options(_units(PeoplePermission.MANAGE))
    if form.holds:
        actions.transfer_person(database(), signed_in(), person_id, form.unit.data, now=now())
        flash(_("%(name)s belongs to the other unit from now on.", name=person.name), "ok")
        return redirect(url_for("people.show_person", person_id=person_id))
    return render_template("people/person_transfer.html", form=form, person=person, unit=unit), form.status


@blueprint.post("/people/<int:person_id>/return")
@requires(PeoplePermission.MANAGE)
def come_back(person_id: int) -> Response:
    """Note that a person is back."""
    person = actions.note_return(database(), signed_in(), person_id, now=now())
    flash(_("%(name)s is back. Roles have to be granted anew, and enrolments made.", name=person.name), "ok")
    return redirect(url_for("people.show_person", person_id=person_id))


def _units(permission: PeoplePermission) -> list[tuple[int, str]]:
    return queries.unit_choices(database(), signed_in(), permission)
