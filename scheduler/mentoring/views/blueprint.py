"""The blueprint of mentoring, and the words that its templates share."""

from datetime import date
from typing import Any

from flask import Blueprint
from flask_babel import gettext

from scheduler.core.periods import civil_date
from scheduler.core.web import now, zone
from scheduler.mentoring.terms import (
    CONFIRMATION_NAMES,
    EVENT_NAMES,
    STATE_NAMES,
    STATUS_NAMES,
    Confirmation,
    PairingEventKind,
    PairingStatus,
    RecordState,
)

blueprint = Blueprint("mentoring", __name__)


@blueprint.app_template_filter("pairing_status")
def pairing_status(status: PairingStatus) -> str:
    """Return a pairing's status in the reader's language."""
    return gettext(STATUS_NAMES[status])


@blueprint.app_template_filter("pairing_event")
def pairing_event(what: PairingEventKind) -> str:
    """Return what happened to a pairing in the reader's language."""
    return gettext(EVENT_NAMES[what])


@blueprint.app_template_filter("confirmation")
def confirmation(answer: Confirmation) -> str:
    """Return the mentee's answer in the reader's language."""
    return gettext(CONFIRMATION_NAMES[answer])


@blueprint.app_template_filter("record_state")
def record_state(state: RecordState) -> str:
    """Return whether a record stands, in the reader's language."""
    return gettext(STATE_NAMES[state])


def month_asked(text: str) -> date:
    """Return the first day of the month that an address names, as 2026-03 or a day of it; not one to come."""
    found = civil_date(text) or civil_date(f"{text}-01") or today()
    return min(found, today()).replace(day=1)


def today() -> date:
    """Return the civil day of this request in the organisation's zone, which decides for months."""
    return now().astimezone(zone()).date()


def edge() -> dict[str, Any]:
    """Return what actions ask of the edge: the instant and the organisation's zone."""
    return {"now": now(), "zone": zone()}
