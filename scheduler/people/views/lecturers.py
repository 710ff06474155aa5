"""The expert pool (师资库)."""

from flask import render_template, request

from scheduler.core.web import database, number_asked, requires
from scheduler.people import queries
from scheduler.people.access import PeoplePermission
from scheduler.people.forms.people import LecturerFilterForm
from scheduler.people.terms import LecturerKind
from scheduler.people.views.blueprint import blueprint


@blueprint.get("/lecturers")
@requires(PeoplePermission.LECTURERS)
def list_lecturers() -> str:
    """List the pool."""
    form = LecturerFilterForm(request.args)
    kind = LecturerKind(form.kind.data) if form.kind.data in set(LecturerKind) else None
    page = number_asked("page") or 1
    listed = queries.list_lecturers(database(), text=(form.q.data or "")[:80], kind=kind, page=page)
    return render_template("people/lecturers.html", form=form, listed=listed)


@blueprint.get("/lecturers/<int:lecturer_id>")
@requires(PeoplePermission.LECTURERS)
def show_lecturer(lecturer_id: int) -> str:
    """Show a lecturer."""
    return render_template("people/lecturer.html", lecturer=queries.get_lecturer(database(), lecturer_id))
