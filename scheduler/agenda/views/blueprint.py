"""The blueprint of the agenda, and the words for its terms."""

from flask import Blueprint
from flask_babel import gettext

from scheduler.agenda.rules.workday_names import english
from scheduler.agenda.terms import KIND_NAMES, VENUE_NAMES, ActivityKind, AttendanceState, VenueKind
from scheduler.core.errors import lazy
from scheduler.core.pages import language

blueprint = Blueprint("agenda", __name__)

_ATTENDANCE = {
    AttendanceState.EXPECTED: lazy("Expected"),
    AttendanceState.PRESENT: lazy("Present"),
    AttendanceState.LATE: lazy("Late"),
    AttendanceState.LEFT_EARLY: lazy("Left early"),
    AttendanceState.ON_LEAVE: lazy("On leave"),
    AttendanceState.ABSENT: lazy("Absent"),
}


@blueprint.app_template_filter("activity_kind")
def activity_kind(kind: ActivityKind) -> str:
    """Return the reader's word for a kind of activity."""
    return gettext(KIND_NAMES[kind])


@blueprint.app_template_filter("venue_kind")
def venue_kind(kind: VenueKind) -> str:
    """Return the reader's word for a kind of venue."""
    return gettext(VENUE_NAMES[kind])


@blueprint.app_template_filter("holiday_name")
def holiday_name(name_zh: str) -> str:
    """Return what the reader calls a public holiday."""
    return english(name_zh) if language() == "en" else name_zh


@blueprint.app_template_filter("attendance_state")
def attendance_state(state: AttendanceState) -> str:
    """Return the reader's word for what came of somebody's attendance."""
    return gettext(_ATTENDANCE[state])
