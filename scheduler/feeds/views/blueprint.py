"""The blueprint of calendars that leave the house, and where they come from."""

from flask import Blueprint, current_app

from scheduler.core.web import zone
from scheduler.feeds.terms import Origin

blueprint = Blueprint("feeds", __name__)


def origin() -> Origin:
    """Return what the settings say of this installation; never what a request's host header says."""
    settings = current_app.extensions["settings"]
    return Origin(settings.base_url, settings.installation_id, settings.organisation, zone())
