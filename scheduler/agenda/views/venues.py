"""Venues: the list, a page for each, and its name."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda import actions, queries
from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.places import VenueForm, VenueSearch
from scheduler.agenda.queries.venues import upcoming_at
from scheduler.agenda.views.blueprint import blueprint, venue_kind
from scheduler.core.errors import Refusal
from scheduler.core.pages import say
from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.web import database, now, number_asked, requires, signed_in

SIZE = 40


@blueprint.get("/venues")
@requires(AgendaPermission.READ)
def list_venues() -> str | Response:
    """List the venues, as a page or a sheet."""
    form = VenueSearch(request.args)
    number = number_asked("page") or 1
    if sheet_asked():
        everything, _total = queries.find_venues(database(), (form.q.data or "").strip()[:80], size=MOST_ROWS)
        cells = ((one.code, one.name, venue_kind(one.kind), one.capacity, one.address) for one in everything)
        return sheet_answer(_("Venues"), [_("Code"), _("Name"), _("Kind"), _("Seats"), _("Address")], cells)
    rows, total = queries.find_venues(database(), (form.q.data or "").strip()[:80], page=number, size=SIZE)
    return render_template(
        "agenda/venues.html", form=form, rows=rows, number=number, pages=max(1, -(-total // SIZE)), total=total
    )


@blueprint.get("/venues/<int:venue_id>")
@requires(AgendaPermission.READ)
def show_venue(venue_id: int) -> str:
    """Show a venue and what is on there next, as far as the reader may see it."""
    venue = queries.get_venue(database(), venue_id)
    return render_template(
        "agenda/venue.html", venue=venue, rows=upcoming_at(database(), signed_in(), venue_id, now=now())
    )


@blueprint.route("/venues/add", methods=["GET", "POST"])
@requires(AgendaPermission.VENUES)
def add_venue() -> tuple[str, int] | Response:
    """Add a venue."""
    form = VenueForm()
    if form.holds:
        try:
            (venue,) = actions.create_venues(database(), signed_in(), [form.value()], now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("%(name)s is added.", name=venue.name))
            return redirect(url_for("agenda.show_venue", venue_id=venue.id))
    return render_template("agenda/venue_form.html", form=form, venue=None), form.status


@blueprint.route("/venues/<int:venue_id>/edit", methods=["GET", "POST"])
@requires(AgendaPermission.VENUES)
def edit_venue(venue_id: int) -> tuple[str, int] | Response:
    """Change how calendars show a venue."""
    venue = queries.get_venue(database(), venue_id)
    form = VenueForm.about(venue)
    if form.holds:
        try:
            actions.change_venue(database(), signed_in(), venue_id, form.value(), version=form.seen_version, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("Saved. Calendars show the new name as soon as they look again."))
            return redirect(url_for("agenda.show_venue", venue_id=venue_id))
    return render_template("agenda/venue_form.html", form=form, venue=venue), form.status
