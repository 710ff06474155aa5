"""Programmes of mentoring: the list, and what each settles."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.web import database, now, requires, signed_in
from scheduler.mentoring import actions
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.programmes import ProgrammeForm
from scheduler.mentoring.queries.programmes import find_programmes, get_programme, lists_of
from scheduler.mentoring.terms.programmes import AREAS, MODES
from scheduler.mentoring.views.blueprint import blueprint


@blueprint.get("/mentoring/programmes")
@requires(MentoringPermission.PROGRAMMES)
def list_programmes() -> str:
    """Show the programmes with what they settle."""
    return render_template("mentoring/programmes.html", rows=find_programmes(database()))


@blueprint.route("/mentoring/programmes/new", methods=["GET", "POST"])
@requires(MentoringPermission.PROGRAMMES)
def add_programme() -> tuple[str, int] | Response:
    """Make a programme; the form begins with the usual numbers and lists."""
    form = ProgrammeForm(
        duty=2,
        capacity=1,
        grace_days=5,
        areas=_text([(one.name_zh, one.name_en) for one in AREAS]),
        modes=_text([(one.name_zh, one.name_en) for one in MODES]),
    )
    if form.holds:
        try:
            actions.add_programme(database(), signed_in(), form.plan(), now=now())
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("mentoring.list_programmes"))
    return render_template("mentoring/programme.html", form=form, programme=None), form.status


@blueprint.route("/mentoring/programmes/<int:programme_id>", methods=["GET", "POST"])
@requires(MentoringPermission.PROGRAMMES)
def edit_programme(programme_id: int) -> tuple[str, int] | Response:
    """Change a programme's numbers, names, content areas and ways of guidance."""
    programme = get_programme(database(), signed_in(), programme_id)
    areas, modes = lists_of(database(), programme_id)
    form = ProgrammeForm(obj=programme, areas=_text(areas), modes=_text(modes))
    if form.holds:
        try:
            actions.edit_programme(
                database(), signed_in(), programme_id, form.plan(), version=form.seen_version, now=now()
            )
        except Refusal as refusal:
            database().rollback()
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("mentoring.list_programmes"))
    return render_template("mentoring/programme.html", form=form, programme=programme), form.status


def _text(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{name_zh} | {name_en}" for name_zh, name_en in lines)
