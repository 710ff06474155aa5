"""The burden budget: what the product asks of people at most."""

from flask import render_template
from flask_babel import gettext

from scheduler.core.web import requires
from scheduler.office.access import OfficePermission
from scheduler.office.terms.burden import BUDGET
from scheduler.office.views.blueprint import blueprint


@blueprint.get("/burden")
@requires(OfficePermission.BURDEN)
def burden() -> str:
    """Show the budget of each journey."""
    return render_template("office/burden.html", rows=[(gettext(one.journey), one.taps, one.fields) for one in BUDGET])
