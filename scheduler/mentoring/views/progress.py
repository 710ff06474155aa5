"""Assessing a pairing, and how a programme does in a year."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import language
from scheduler.core.web import database, number_asked, requires, signed_in
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.assessing import Assessment
from scheduler.mentoring.forms.assessing import AssessForm
from scheduler.mentoring.models import Programme
from scheduler.mentoring.queries.months import overseen_units
from scheduler.mentoring.queries.progress import attainments_of, progress_of
from scheduler.mentoring.views.blueprint import blueprint, edge, today

TARGET = 85
"""Per cent of the assessed that are to attain it (业务能力达标率)."""
_FIRST_YEAR = 2000


@blueprint.route("/mentoring/pairings/<int:pairing_id>/assess", methods=["GET", "POST"])
@requires(MentoringPermission.MANAGE)
def assess(pairing_id: int) -> tuple[str, int] | Response:
    """Ask what the officer of the mentee's unit found, and note it."""
    db, actor = database(), signed_in()
    shown = queries.get_pairing(db, actor, pairing_id)
    own = actor.person_id in {shown.pairing.mentor_id, shown.pairing.mentee_id}
    if own or not actor.may(MentoringPermission.MANAGE, shown.mentee_path):
        raise Missing
    present = next((one for one in attainments_of(db, pairing_id) if one.replaced_at is None), None)
    form = AssessForm(day=today(), seen=present.id if present else "")
    if present is None:
        del form.reason
    if form.holds:
        reason = form.reason.data if present is not None else ""
        found = Assessment(
            form.attained.data == "yes", form.day.data or today(), form.evidence.data or "", form.seen_id, reason or ""
        )
        try:
            actions.assess(db, actor, pairing_id, found, **edge())
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("mentoring.show_pairing", pairing_id=pairing_id))
    return render_template("mentoring/assess.html", form=form, pairing=shown.pairing, present=present), form.status


@blueprint.get("/mentoring/programmes/<int:programme_id>/progress")
@requires(MentoringPermission.OVERSEE)
def show_progress(programme_id: int) -> str:
    """Show coverage, attainment and the load of mentors of a programme in a year, for the units that the reader oversees."""
    db, actor = database(), signed_in()
    programme = db.get(Programme, programme_id)
    units = overseen_units(db, actor)
    if programme is None or not units:
        raise Missing
    asked = number_asked("unit")
    chosen = next((unit for unit in units if unit[0] == asked), units[0])
    year = number_asked("year") or today().year
    year = min(max(year, _FIRST_YEAR), today().year)
    return render_template(
        "mentoring/progress.html",
        programme=programme,
        name=programme.name(language()),
        year=year,
        last=today().year,
        units=units,
        unit=chosen,
        found=progress_of(db, programme, (chosen[2],), year),
        target=TARGET,
    )
