"""The blueprint of people, and what the frame of every page asks of it."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

blueprint = Blueprint("people", __name__)


@blueprint.app_context_processor
def frame() -> dict[str, Any]:
    """Return the addresses that the frame of every page shows."""
    links = [("people.own_account", _("My account"), "user")]
    return {
        "sign_in_url": url_for("people.sign_in"),
        "sign_out_url": url_for("people.sign_out"),
        "language_url": url_for("people.choose_language"),
        "account_links": [
            {"label": label, "href": url_for(endpoint), "icon": icon, "current": request.endpoint == endpoint}
            for endpoint, label, icon in links
        ],
    }
