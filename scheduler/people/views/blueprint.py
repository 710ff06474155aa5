"""The blueprint of people, and what the frame of every page asks of it."""

from enum import StrEnum
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from scheduler.core.access import Role
from scheduler.people.forms.words import WORDS

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


@blueprint.app_template_filter("word")
def word(member: StrEnum) -> str:
    """Return the reader's word for a role, a unit's level, a gender or a kind of lecturer."""
    return str(WORDS[member])


@blueprint.app_template_filter("role_word")
def role_word(value: str) -> str:
    """Return the reader's word for a role kept by its value, as the audit record does."""
    return word(Role(value)) if value in set(Role) else value


@blueprint.app_template_filter("device")
def device(client: str) -> str:
    """Return the browser and system that a client string most likely means, to tell one's own devices apart."""
    browser = next((name for sign, name in _BROWSERS if sign in client), _("Unknown browser"))
    system = next((name for sign, name in _SYSTEMS if sign in client), "")
    return f"{browser} · {system}" if system else browser


_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
