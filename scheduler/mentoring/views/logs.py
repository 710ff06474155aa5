"""The guidance log as a sheet: of a pairing, of a unit's month."""

from collections.abc import Iterable

from flask import Response, request
from flask_babel import gettext as _

from scheduler.core.errors import Missing
from scheduler.core.pages import clock_time, language
from scheduler.core.sheets import sheet_answer
from scheduler.core.web import database, number_asked, requires, signed_in, zone
from scheduler.mentoring import queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.queries.logs import LogRow, log_of_month, log_of_pairing
from scheduler.mentoring.queries.months import overseen_units
from scheduler.mentoring.terms import RecordState
from scheduler.mentoring.views.blueprint import (
    blueprint,
    confirmation,
    month_asked,
    month_words,
    record_state,
)


@blueprint.get("/mentoring/pairings/<int:pairing_id>/log")
@requires(MentoringPermission.READ)
def log_pairing(pairing_id: int) -> Response:
    """Hand out all records of a pairing, with their words as far as the reader may read them."""
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    pairing = shown.pairing
    name = _("Guidance log of %(mentor)s and %(mentee)s", mentor=pairing.mentor.name, mentee=pairing.mentee.name)
    return _sheet(name, log_of_pairing(database(), shown, zone(), language()))


@blueprint.get("/mentoring/months/log")
@requires(MentoringPermission.OVERSEE)
def log_month() -> Response:
    """Hand out all records of a month of a unit and all below, without their words."""
    month = month_asked(request.args.get("month", ""))
    asked = number_asked("unit")
    units = overseen_units(database(), signed_in())
    chosen = next((unit for unit in units if asked is None or unit[0] == asked), None)
    if chosen is None:
        raise Missing
    rows = log_of_month(database(), (chosen[2],), month, zone(), language())
    return _sheet(_("Guidance log, %(month)s, %(unit)s", month=month_words(month), unit=chosen[1]), rows)


def _sheet(name: str, rows: Iterable[LogRow]) -> Response:
    headings = [
        _("Date"),
        _("Mentor"),
        _("Mentee"),
        _("How"),
        _("Content areas"),
        _("Minutes"),
        _("What it was about"),
        _("Status"),
        _("The mentee's words"),
        _("Filed"),
        _("Filed late"),
    ]
    cells = (
        (
            row.day,
            row.mentor,
            row.mentee,
            row.mode,
            _(", ").join(row.areas),
            row.minutes,
            row.text,
            confirmation(row.confirmation) if row.state is RecordState.FILED else record_state(row.state),
            row.answer,
            f"{row.filed_at.astimezone(zone()).date()} {clock_time(row.filed_at)}",
            _("yes") if row.is_late else "",
        )
        for row in rows
    )
    return sheet_answer(name, headings, cells)
