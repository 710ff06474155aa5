"""Waiving a subject's duty for a period, and taking it back."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.errors import Refusal
from scheduler.core.pages import say
from scheduler.core.web import database, requires, signed_in
from scheduler.obligations import actions, queries
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.forms import WaiverForm
from scheduler.obligations.views.blueprint import blueprint, moment_of

_PLACE = "/obligations/<int:obligation_id>/subjects/<int:subject_id>"


@blueprint.post(f"{_PLACE}/waive")
@requires(ObligationPermission.WAIVE)
def waive(obligation_id: int, subject_id: int) -> Response:
    """Waive what a subject owes in the period of the address."""
    obligation = queries.get_obligation(database(), signed_in(), obligation_id)
    at, form = moment_of(obligation), WaiverForm()
    if not form.holds:
        raise Refusal(_("Say why it is waived."))
    actions.waive(database(), signed_in(), obligation, subject_id, form.reason.data or "", at=at)
    day = at.period.first.isoformat()
    undo = url_for("obligations.lift", obligation_id=obligation_id, subject_id=subject_id, day=day)
    say(_("Waived for this period."), undo_url=undo)
    return redirect(url_for("obligations.show_subject", obligation_id=obligation_id, subject_id=subject_id, day=day))


@blueprint.post(f"{_PLACE}/lift")
@requires(ObligationPermission.WAIVE)
def lift(obligation_id: int, subject_id: int) -> Response:
    """Take a waiver back."""
    obligation = queries.get_obligation(database(), signed_in(), obligation_id)
    at = moment_of(obligation)
    actions.lift(database(), signed_in(), obligation, subject_id, at=at)
    say(_("It is owed again."))
    day = at.period.first.isoformat()
    return redirect(url_for("obligations.show_subject", obligation_id=obligation_id, subject_id=subject_id, day=day))
