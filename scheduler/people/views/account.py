"""The own account: language, zone, password, sign-ins."""

from flask import render_template

from scheduler.core.web import personal
from scheduler.people.views.blueprint import blueprint


@blueprint.get("/account")
@personal("the own account")
def own_account() -> str:
    """Show who is signed in, and what can be set."""
    return render_template("people/account.html")
