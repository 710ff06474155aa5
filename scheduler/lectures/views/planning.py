"""Planning an evening school: a new one, changes of its rule, the evenings that the rule gives."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.agenda.queries.choices import unit_choices, venue_choices
from scheduler.core.errors import Refusal
from scheduler.core.pages import day_in_words
from scheduler.core.web import database, now, requires, signed_in
from scheduler.lectures import actions, queries
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.forms import EditProgrammeForm, GenerateForm, ProgrammeForm
from scheduler.lectures.terms import ProgrammePlan
from scheduler.lectures.views.blueprint import blueprint, edge, installation_id, usual_pattern


@blueprint.route("/lectures/programmes/new", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def create_programme() -> tuple[str, int] | Response:
    """Plan an evening school."""
    form = ProgrammeForm()
    form.offer(unit_choices(database(), signed_in().scopes(LecturePermission.PLAN)), venue_choices(database()))
    if form.holds:
        try:
            made = actions.create_programme(database(), signed_in(), form.value(), now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("The evening school is planned. Now make its evenings."), "ok")
            return redirect(url_for("lectures.generate", programme_id=made.id))
    return render_template("lectures/programme_form.html", form=form, edited=None), form.status


@blueprint.route("/lectures/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def edit_programme(programme_id: int) -> tuple[str, int] | Response:
    """Change the rule for evenings that are still to be made."""
    edited = queries.get_planned(database(), signed_in(), programme_id)
    plan = ProgrammePlan(
        edited.name,
        edited.weekday,
        edited.starts_at,
        edited.ends_at,
        edited.begins_on,
        edited.ends_on,
        edited.host_unit_id,
        edited.venue_id,
        (),
    )
    form = EditProgrammeForm(
        data={
            "name": plan.name,
            "starts": plan.starts,
            "ends": plan.ends,
            "ends_on": plan.ends_on,
            "venue": plan.venue_id or 0,
            "version": edited.version,
        }
    )
    form.offer([], venue_choices(database()))
    if form.holds:
        try:
            actions.edit_programme(
                database(), signed_in(), programme_id, form.changed(plan), version=form.seen_version, now=now()
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("lectures.show_programme", programme_id=programme_id))
    return render_template("lectures/programme_form.html", form=form, edited=edited), form.status


@blueprint.route("/lectures/programmes/<int:programme_id>/generate", methods=["GET", "POST"])
@requires(LecturePermission.PLAN)
def generate(programme_id: int) -> tuple[str, int] | Response:
    """Make the evenings that the rule gives and that are not there yet."""
    programme = queries.get_planned(database(), signed_in(), programme_id)
    form = GenerateForm(pattern=usual_pattern())
    if form.holds:
        try:
            made = actions.generate_evenings(
                database(),
                signed_in(),
                programme_id,
                pattern=form.pattern.data or "",
                installation_id=installation_id(),
                **edge(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(ngettext("%(num)s evening is made.", "%(num)s evenings are made.", made.created), "ok")
            if made.without_venue:
                days = _("; ").join(day_in_words(day) for day in made.without_venue)
                flash(_("The venue is taken, so it is still open on: %(days)s", days=days), "warn")
            return redirect(url_for("lectures.show_programme", programme_id=programme_id))
    states = queries.slot_states(database(), programme)
    page = render_template(
        "lectures/generate.html",
        form=form,
        programme_id=programme_id,
        name=programme.name,
        states=[state for state in states if not state.evening],
    )
    return page, form.status
