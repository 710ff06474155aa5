"""The tree of units."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.audit.queries import history
from scheduler.core.errors import Refusal
from scheduler.core.forms import options
from scheduler.core.sheets import sheet_answer, sheet_asked
from scheduler.core.web import database, now, number_asked, requires, signed_in
from scheduler.people import actions, queries
from scheduler.people.access import PeoplePermission
from scheduler.people.forms.people import MoveForm, RenameForm, UnitFilterForm, UnitForm
from scheduler.people.forms.words import WORDS
from scheduler.people.queries.persons import PeopleFilter
from scheduler.people.views.blueprint import blueprint

SIZE = 50


@blueprint.get("/units")
@requires(PeoplePermission.READ)
def list_units() -> str | Response:
    """Show the units that the reader looks after, as a tree; those with certain words, or a sheet, as a list."""
    form = UnitFilterForm(request.args)
    tops, text = queries.unit_tree(database(), signed_in()), (form.q.data or "").strip()[:80]
    found = queries.find_units(tops, text)
    if sheet_asked():
        cells = ((unit.code, unit.name, WORDS[unit.kind], unit.people) for unit in found)
        return sheet_answer(_("Units"), [_("Code"), _("Name"), _("Kind"), _("People")], cells)
    pages = max(1, -(-len(found) // SIZE))
    number = min(max(number_asked("page") or 1, 1), pages)
    shown = found[(number - 1) * SIZE : number * SIZE] if text else None
    return render_template(
        "people/units.html", tops=tops, form=form, found=shown, number=number, pages=pages, total=len(found)
    )


@blueprint.get("/units/<int:unit_id>")
@requires(PeoplePermission.READ)
def show_unit(unit_id: int) -> str:
    """Show a unit: where it stands and stood, what is below it, who works there."""
    actor = signed_in()
    unit = queries.get_unit(database(), actor, unit_id)
    page = number_asked("page") or 1
    return render_template(
        "people/unit.html",
        unit=unit,
        above=queries.line_above(database(), unit),
        below=queries.children(database(), unit.id),
        people=queries.list_people(database(), actor, PeopleFilter(unit_id=unit.id, directly=True), page=page),
        stays=queries.placements(database(), unit.id),
        changes=history(database(), "unit", unit.id),
        may_change=actor.may(PeoplePermission.UNITS, unit.path),
        may_add=actor.may(PeoplePermission.MANAGE, unit.path),
    )


@blueprint.route("/units/add", methods=["GET", "POST"])
@requires(PeoplePermission.UNITS)
def add_unit() -> tuple[str, int] | Response:
    """Add a unit below another."""
    form = UnitForm(parent=number_asked("parent"))
    form.parent.choices = options(_places())
    if form.holds:
        try:
            unit = actions.add_unit(database(), signed_in(), form.value(), now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("%(name)s is added.", name=unit.name), "ok")
            return redirect(url_for("people.show_unit", unit_id=unit.id))
    return render_template("people/unit_add.html", form=form), form.status


@blueprint.route("/units/<int:unit_id>/rename", methods=["GET", "POST"])
@requires(PeoplePermission.UNITS)
def rename_unit(unit_id: int) -> tuple[str, int] | Response:
    """Give a unit another name."""
    unit = queries.get_unit(database(), signed_in(), unit_id, PeoplePermission.UNITS)
    form = RenameForm(obj=unit)
    if form.holds:
        try:
            actions.rename_unit(
                database(), signed_in(), unit_id, form.name.data or "", version=form.seen_version, now=now()
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("people.show_unit", unit_id=unit_id))
    return render_template("people/unit_rename.html", form=form, unit=unit), form.status


@blueprint.route("/units/<int:unit_id>/move", methods=["GET", "POST"])
@requires(PeoplePermission.UNITS)
def move_unit(unit_id: int) -> tuple[str, int] | Response:
    """Put a unit, with all below it, under another one."""
    unit = queries.get_unit(database(), signed_in(), unit_id, PeoplePermission.UNITS)
    form = MoveForm(parent=unit.parent_id, version=unit.version)
    form.parent.choices = options(_places())
    if form.holds:
        try:
            actions.move_unit(database(), signed_in(), unit_id, form.parent.data, version=form.seen_version, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("%(name)s has moved; what was before is kept.", name=unit.name), "ok")
            return redirect(url_for("people.show_unit", unit_id=unit_id))
    return render_template("people/unit_move.html", form=form, unit=unit), form.status


def _places() -> list[tuple[int, str]]:
    return queries.unit_choices(database(), signed_in(), PeoplePermission.UNITS)
