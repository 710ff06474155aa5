"""Planning a guidance session, and calling one off."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda.forms.planning import take_slot
from scheduler.agenda.queries.choices import venue_choices
from scheduler.core.errors import Missing, Refusal
from scheduler.core.forms import options
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.meetings import CancelMeetingForm, MeetingForm
from scheduler.mentoring.queries import Shown
from scheduler.mentoring.views.blueprint import blueprint, edge, today


@blueprint.route("/mentoring/pairings/<int:pairing_id>/meetings", methods=["GET", "POST"])
@requires(MentoringPermission.READ)
def plan_meeting(pairing_id: int) -> tuple[str, int] | Response:
    """Ask when the two meet, and put it into both calendars."""
    db, shown = database(), _reached(pairing_id)
    form = MeetingForm(day=today(), title=_("Guidance: %(name)s", name=shown.pairing.mentee.name))
    form.venue.choices = options([(0, _("still open")), *venue_choices(db)])
    if slot := request.form.get("slot"):
        take_slot(form, slot, zone())
        form.confirmed.data = False
    refused: Refusal | None = None
    if form.holds:
        try:
            actions.plan_meeting(
                db,
                signed_in(),
                pairing_id,
                span=form.span(today(), zone()),
                title=form.title.data or "",
                description=form.description.data or "",
                venue_id=form.venue.data or None,
                consent=form.consent,
                installation_id=current_app.extensions["settings"].installation_id,
                **edge(),
            )
        except Refusal as refusal:
            db.rollback()
            refused, shown = refusal, _reached(pairing_id)
            form.show(refusal)
        else:
            flash(_("Planned: it stands in both calendars."), "ok")
            return redirect(url_for("mentoring.show_pairing", pairing_id=pairing_id))
    page = render_template("mentoring/meeting.html", form=form, pairing=shown.pairing, refusal=refused)
    return page, form.status


@blueprint.route("/mentoring/pairings/<int:pairing_id>/meetings/<int:activity_id>/cancel", methods=["GET", "POST"])
@requires(MentoringPermission.READ)
def cancel_meeting(pairing_id: int, activity_id: int) -> tuple[str, int] | Response:
    """Ask why, then call a planned session off."""
    db, shown = database(), _reached(pairing_id)
    meeting = queries.find_meeting(db, shown.pairing, activity_id)
    if meeting is None:
        raise Missing
    form = CancelMeetingForm(version=meeting.version)
    if form.holds:
        try:
            actions.cancel_meeting(
                db,
                signed_in(),
                pairing_id,
                activity_id,
                version=form.seen_version,
                reason=form.reason.data or "",
                now=now(),
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            flash(_("Called off; both calendars say so."), "ok")
            return redirect(url_for("mentoring.show_pairing", pairing_id=pairing_id))
    page = render_template("mentoring/meeting_cancel.html", form=form, pairing=shown.pairing, meeting=meeting)
    return page, form.status


def _reached(pairing_id: int) -> Shown:
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    if not (shown.guides or shown.manages):
        raise Missing
    return shown
