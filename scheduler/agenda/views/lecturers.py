"""The expert pool: lecturers added and changed. The list and the pages are those of people."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda import actions
from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.places import LecturerForm
from scheduler.agenda.views.blueprint import blueprint
from scheduler.core.errors import Refusal
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in
from scheduler.people.queries import get_lecturer, staff_no_of


@blueprint.route("/lecturers/add", methods=["GET", "POST"])
@requires(AgendaPermission.VENUES)
def add_lecturer() -> tuple[str, int] | Response:
    """Add a lecturer to the pool."""
    form = LecturerForm()
    if form.holds:
        try:
            (lecturer,) = actions.create_lecturers(database(), signed_in(), [form.value()], now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("%(name)s is added.", name=lecturer.name))
            return redirect(url_for("people.show_lecturer", lecturer_id=lecturer.id))
    return render_template("agenda/lecturer_form.html", form=form, lecturer=None), form.status


@blueprint.route("/lecturers/<int:lecturer_id>/edit", methods=["GET", "POST"])
@requires(AgendaPermission.VENUES)
def edit_lecturer(lecturer_id: int) -> tuple[str, int] | Response:
    """Change what is known of a lecturer."""
    lecturer = get_lecturer(database(), lecturer_id)
    form = LecturerForm.about(lecturer, staff_no_of(database(), lecturer))
    if form.holds:
        try:
            actions.change_lecturer(
                database(), signed_in(), lecturer_id, form.value(), version=form.seen_version, now=now()
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("Saved. Calendars show the new name as soon as they look again."))
            return redirect(url_for("people.show_lecturer", lecturer_id=lecturer_id))
    return render_template("agenda/lecturer_form.html", form=form, lecturer=lecturer), form.status
