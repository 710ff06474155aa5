"""What the planners of an activity do with it: move, edit, cancel, restore. A clash is answered on the same page."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda import actions, queries
from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.activities import (
    ConsentForm,
    EditForm,
    MoveForm,
    ReasonForm,
    offer,
)
from scheduler.agenda.forms.planning import slot_of
from scheduler.agenda.models import Activity
from scheduler.agenda.queries.pages import lecturer_choices, venue_choices
from scheduler.agenda.queries.rows import is_owned
from scheduler.agenda.terms import KEEP, DoubleBooking, NeedsConfirmation
from scheduler.agenda.views.blueprint import blueprint
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.pages import say
from scheduler.core.web import database, now, requires, signed_in, zone

Answer = tuple[str, int] | Response


@blueprint.route("/activities/<int:activity_id>/move", methods=["GET", "POST"])
@requires(AgendaPermission.MANAGE)
def move_activity(activity_id: int) -> Answer:
    """Give an activity another time."""
    activity = _planned(activity_id)
    form = MoveForm()
    offer(form, venue_choices(database()), lecturer_choices(database()))
    if request.method == "GET":
        form.fill(activity, zone())

    def act() -> Activity:
        return actions.move_activity(
            database(),
            signed_in(),
            activity_id,
            version=form.seen_version,
            span=slot_of(request.form.get("slot")) or form.wanted(zone()),
            venue_id=form.venue_id.data,
            lecturer_ids=form.lecturer_ids.data or [],
            reason=form.reason.data or "",
            consent=form.consent(),
            zone=zone(),
            now=now(),
        )

    return _answer(form, activity_id, act, "agenda/move.html", _("Moved. Everybody who is expected has been told."))


@blueprint.route("/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@requires(AgendaPermission.MANAGE)
def edit_activity(activity_id: int) -> Answer:
    """Change what an activity is called, where it is and who teaches."""
    activity = _planned(activity_id)
    form = EditForm()
    offer(form, venue_choices(database()), lecturer_choices(database()))
    if request.method == "GET":
        form.fill(activity)

    def act() -> Activity:
        return actions.edit_activity(
            database(),
            signed_in(),
            activity_id,
            version=form.seen_version,
            title=form.title.data or "",
            description=form.description.data or "",
            span=slot_of(request.form.get("slot")) or KEEP,
            venue_id=form.venue_id.data,
            lecturer_ids=form.lecturer_ids.data or [],
            reason=form.reason.data or "",
            consent=form.consent(),
            zone=zone(),
            now=now(),
        )

    return _answer(form, activity_id, act, "agenda/edit.html", _("Saved."))


@blueprint.route("/activities/<int:activity_id>/cancel", methods=["GET", "POST"])
@requires(AgendaPermission.MANAGE)
def cancel_activity(activity_id: int) -> Answer:
    """Cancel an activity, with a reason."""
    activity = _planned(activity_id)
    form = ReasonForm(version=str(activity.version))

    def act() -> Activity:
        return actions.cancel_activity(
            database(), signed_in(), activity_id, version=form.seen_version, reason=form.reason.data or "", now=now()
        )

    said = _("Cancelled. Everybody who is expected has been told.")
    return _answer(form, activity_id, act, "agenda/cancel.html", said)


@blueprint.route("/activities/<int:activity_id>/restore", methods=["GET", "POST"])
@requires(AgendaPermission.MANAGE)
def restore_activity(activity_id: int) -> Answer:
    """Take a cancellation back."""
    activity = _planned(activity_id)
    form = ReasonForm(version=str(activity.version))

    def act() -> Activity:
        return actions.restore_activity(
            database(),
            signed_in(),
            activity_id,
            version=form.seen_version,
            span=slot_of(request.form.get("slot")) or KEEP,
            reason=form.reason.data or "",
            consent=form.consent(),
            zone=zone(),
            now=now(),
        )

    said = _("Restored. Everybody who is expected has been told.")
    return _answer(form, activity_id, act, "agenda/restore.html", said)


def _planned(activity_id: int) -> Activity:
    activity = queries.get_activity(database(), signed_in(), activity_id)
    # what a class or a series holds, or a quiz, is changed where its dates and its plan follow
    if is_owned(activity) or not signed_in().may(AgendaPermission.MANAGE, activity.host_unit.path):
        raise Missing
    return activity


def _answer(form: ConsentForm, activity_id: int, act: Callable[[], Activity], template: str, said: str) -> Answer:
    """Do `act` if the form holds; show the form again, with the clashes and proposals, if it is refused."""
    shown: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.holds:
            try:
                act()
            except (DoubleBooking, NeedsConfirmation) as refusal:
                shown = {"refusal": refusal, "blocked": isinstance(refusal, DoubleBooking)}
                status = refusal.status
            except Stale as refusal:
                form.show(refusal)
                form.version.data = str(_planned(activity_id).version)
                status = refusal.status
            except Refusal as refusal:
                form.show(refusal)
            else:
                say(said)
                return redirect(url_for("agenda.show_activity", activity_id=activity_id))
    # read again: a refusal by the database itself has ended the transaction
    activity = _planned(activity_id)
    may_override = signed_in().may(AgendaPermission.OVERRIDE, activity.host_unit.path)
    return render_template(template, form=form, activity=activity, may_override=may_override, **shown), status
