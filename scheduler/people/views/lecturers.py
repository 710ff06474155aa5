"""The expert pool (师资库)."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.web import database, number_asked, requires
from scheduler.people import queries
from scheduler.people.access import PeoplePermission
from scheduler.people.forms.people import LecturerFilterForm
from scheduler.people.forms.words import WORDS
from scheduler.people.terms import LecturerKind
from scheduler.people.views.blueprint import blueprint


@blueprint.get("/lecturers")
@requires(PeoplePermission.LECTURERS)
def list_lecturers() -> str | Response:
    """List the pool, as a page or a sheet."""
    form = LecturerFilterForm(request.args)
    kind = LecturerKind(form.kind.data) if form.kind.data in set(LecturerKind) else None
    text, page = (form.q.data or "")[:80], number_asked("page") or 1
    if sheet_asked():
        everybody = queries.list_lecturers(database(), text=text, kind=kind, size=MOST_ROWS).rows
        cells = (
            (one.code, one.name, one.organisation, WORDS[one.kind], one.field, one.availability) for one in everybody
        )
        headings = [_("Code"), _("Full name"), _("Organisation"), _("Kind"), _("Professional field"), _("Available")]
        return sheet_answer(_("Expert pool"), headings, cells)
    listed = queries.list_lecturers(database(), text=text, kind=kind, page=page)
    return render_template("people/lecturers.html", form=form, listed=listed)


@blueprint.get("/lecturers/<int:lecturer_id>")
@requires(PeoplePermission.LECTURERS)
def show_lecturer(lecturer_id: int) -> str:
    """Show a lecturer."""
    return render_template("people/lecturer.html", lecturer=queries.get_lecturer(database(), lecturer_id))
