"""The guidance log as a sheet or a Word document: of a pairing, of a unit's month."""

from collections.abc import Iterable, Sequence

from flask import Response, request
from flask_babel import gettext as _

from scheduler.core.documents import DOCX, fill
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.pages import clock_time, language, month_in_words
from scheduler.core.sheets import download, sheet_answer
from scheduler.core.web import database, number_asked, requires, signed_in, zone
from scheduler.mentoring import queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.queries.documents import form_of, written
from scheduler.mentoring.queries.logs import LogRow, log_of_month, log_of_pairing
from scheduler.mentoring.queries.months import overseen_units
from scheduler.mentoring.terms import RecordState
from scheduler.mentoring.terms.documents import DocumentKind
from scheduler.mentoring.views.blueprint import (
    blueprint,
    confirmation,
    month_asked,
    record_state,
)

MOST_ROWS = 5000
"""Rows of a Word document: two seconds, and some three hundred pages."""


@blueprint.get("/mentoring/pairings/<int:pairing_id>/log")
@requires(MentoringPermission.READ)
def log_pairing(pairing_id: int) -> Response:
    """Hand out all records of a pairing, with their words as far as the reader may read them."""
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    pairing = shown.pairing
    name = _("Guidance log of %(mentor)s and %(mentee)s", mentor=pairing.mentor.name, mentee=pairing.mentee.name)
    rows = log_of_pairing(database(), shown, zone(), language())
    if _as_document():
        return _document(name, rows, unit=pairing.mentee.unit.name, period=_span(pairing))
    return _sheet(name, rows)


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
    name = _("Guidance log, %(month)s, %(unit)s", month=month_in_words(month), unit=chosen[1])
    if _as_document():
        return _document(name, rows, unit=chosen[1], period=month_in_words(month))
    return _sheet(name, rows)


def _as_document() -> bool:
    return request.args.get("as") == "docx"


def _span(pairing: Pairing) -> str:
    return f"{written(pairing.starts_on)}－{written(pairing.last_day)}"


def _document(name: str, rows: Sequence[LogRow], *, unit: str, period: str) -> Response:
    """Return the log in the office's form; refuses more rows than anybody prints."""
    if len(rows) > MOST_ROWS:
        raise Refusal(
            lazy(
                "%(count)s records are too many for one document (at most %(most)s). Choose a unit below, or the sheet."
            ),
            count=len(rows),
            most=MOST_ROWS,
        )
    facts: dict[str, object] = {
        "title": _("Monthly guidance log"),
        "unit": unit,
        "period": period,
        "count": len(rows),
        "counted": sum(row.counts for row in rows),
        "rows": [
            {
                "day": written(row.day),
                "mentor": row.mentor,
                "mentee": row.mentee,
                "mode": row.mode,
                "areas": "、".join(row.areas),
                "minutes": row.minutes or "",
                "text": row.text,
                "state": _state(row),
                "answer": row.answer,
            }
            for row in rows
        ],
    }
    return download(fill(form_of(database(), DocumentKind.GUIDANCE_LOG), facts), DOCX, name, "guidance-log", "docx")


def _state(row: LogRow) -> str:
    return confirmation(row.confirmation) if row.state is RecordState.FILED else record_state(row.state)


def _sheet(name: str, rows: Iterable[LogRow]) -> Response:
    headings = [
        _("Date"),
        _("Mentor"),
        _("Mentor's staff number"),
        _("Mentee"),
        _("Mentee's staff number"),
        _("How"),
        _("Content areas"),
        _("Minutes"),
        _("Place"),
        _("What it was about"),
        _("Next step"),
        _("Status"),
        _("The mentee's words"),
        _("Filed"),
        _("Filed late"),
    ]
    cells = (
        (
            row.day,
            row.mentor,
            row.mentor_no,
            row.mentee,
            row.mentee_no,
            row.mode,
            _(", ").join(row.areas),
            row.minutes,
            row.place,
            row.text,
            row.next_step,
            _state(row),
            row.answer,
            f"{row.filed_at.astimezone(zone()).date()} {clock_time(row.filed_at)}",
            _("yes") if row.is_late else "",
        )
        for row in rows
    )
    return sheet_answer(name, headings, cells)
