"""The blueprint of lecture series, and what its pages share."""

from typing import Any

from flask import Blueprint, current_app
from flask_babel import gettext as _

from scheduler.agenda.terms import WEEKDAY_NAMES
from scheduler.core.web import now, zone

blueprint = Blueprint("lectures", __name__)


@blueprint.app_template_filter("weekday_word")
def weekday_word(weekday: int) -> str:
    """Return the name of a weekday (0 is Monday) in the reader's language."""
    return str(_(WEEKDAY_NAMES[weekday]))


def edge() -> dict[str, Any]:
    """Return what actions ask of the edge: the instant and the organisation's zone."""
    return {"now": now(), "zone": zone()}


def installation_id() -> str:
    """Return the name of this installation, which is part of every activity's uid."""
    return str(current_app.extensions["settings"].installation_id)


def usual_pattern() -> str:
    """Return how evenings are called until their topics are known."""
    return _("{series}, evening {number}")
