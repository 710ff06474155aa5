"""Downloads and the print view of a calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, render_template, request
from flask_babel import gettext

from scheduler.agenda.queries import agenda_rows, describe_scope
from scheduler.agenda.terms import ActivityStatus, AgendaRow, Scope
from scheduler.core.errors import Refusal, lazy
from scheduler.core.forms import options
from scheduler.core.pages import clock_time, day_in_words, language
from scheduler.core.periods import Span, civil_date, day_span
from scheduler.core.sheets import XLSX, download, sheet
from scheduler.core.web import database, now, requires, signed_in, zone
from scheduler.feeds.access import FeedPermission
from scheduler.feeds.forms import ExportFilter
from scheduler.feeds.queries.exports import export_calendar
from scheduler.feeds.rules.words import WORDS
from scheduler.feeds.terms import ExportForm, Language
from scheduler.feeds.views.blueprint import blueprint, origin
from scheduler.feeds.views.choosing import choices, find_scope, scope_label

_USUAL_DAYS = 180
_WIDTHS = (18, 8, 8, 44, 14, 30, 24, 30, 12)
LONGEST_DAYS = 1100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for; both dates are included."""

    scope: Scope
    name: str
    first: date
    last: date
    span: Span


@blueprint.get("/export")
@requires(FeedPermission.EXPORT)
def export() -> str:
    """Ask which calendar to take away, and offer it as calendar file, sheet and print."""
    first, last = _dates()
    chosen = request.args.get("scope", "")
    form = ExportFilter(request.args, from_=first, to=last)
    form.from_.data, form.to.data = first, last
    form.scope.choices = options(choices(chosen, parts=False))
    return render_template("feeds/export.html", form=form, chosen=chosen)


@blueprint.get("/export/calendar.ics")
@requires(FeedPermission.EXPORT)
def export_ics() -> Response:
    """Download a calendar file."""
    wanted, form = _wanted(), request.args.get("form", ExportForm.SINGLE.value)
    if form not in set(ExportForm):
        raise Refusal(lazy("A calendar file has the form single or series."))
    body = export_calendar(
        database(),
        signed_in(),
        wanted.scope,
        wanted.span,
        ExportForm(form),
        origin=origin(),
        language=Language(language()),
    )
    return _download(body, "text/calendar; charset=utf-8", wanted, "ics")


@blueprint.get("/export/calendar.xlsx")
@requires(FeedPermission.EXPORT)
def export_sheet() -> Response:
    """Download a sheet."""
    wanted = _wanted()
    rows = agenda_rows(database(), signed_in(), wanted.scope, wanted.span)
    body = sheet(wanted.name, _headings(), map(_cells, rows), _WIDTHS)
    return _download(body, XLSX, wanted, "xlsx")


@blueprint.get("/export/print")
@requires(FeedPermission.EXPORT)
def export_print() -> str:
    """Show a calendar as a page for paper."""
    wanted = _wanted()
    rows = agenda_rows(database(), signed_in(), wanted.scope, wanted.span)
    return render_template(
        "feeds/print.html",
        name=wanted.name,
        first=wanted.first,
        last=wanted.last,
        headings=_headings(),
        rows=[_cells(row) for row in rows],
        back=describe_scope(database(), wanted.scope)[0],
    )


def _dates() -> tuple[date, date]:
    today = now().astimezone(zone()).date()
    first = _date("from") or today
    return first, _date("to") or first + timedelta(days=_USUAL_DAYS)


def _date(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    day = civil_date(text)
    if text and day is None:
        raise Refusal(lazy("%(text)s is not a date; write 2026-03-05."), text=text[:40])
    return day


def _wanted() -> Wanted:
    first, last = _dates()
    if last < first:
        raise Refusal(lazy("The last day is before the first."))
    if (last - first).days > LONGEST_DAYS:
        raise Refusal(lazy("At most %(days)s days at a time."), days=LONGEST_DAYS)
    scope, part = find_scope(signed_in(), request.args.get("scope", ""))
    return Wanted(scope, scope_label(scope, part), first, last, day_span(first, zone(), (last - first).days + 1))


def _headings() -> list[str]:
    return [
        gettext("Date"),
        gettext("From"),
        gettext("To"),
        gettext("Title"),
        gettext("Kind"),
        gettext("Venue"),
        gettext("Lecturer"),
        gettext("For"),
        gettext("Status"),
    ]


def _cells(row: AgendaRow) -> list[str]:
    return [
        day_in_words(row.starts_at),
        clock_time(row.starts_at),
        clock_time(row.ends_at),
        row.title,
        WORDS[Language(language())].kinds[row.kind],
        row.venue_name,
        row.lecturers,
        row.audience_name,
        _status(row),
    ]


def _status(row: AgendaRow) -> str:
    if row.status is ActivityStatus.CANCELLED:
        return gettext("Cancelled")
    if row.status is ActivityStatus.DRAFT:
        return gettext("Draft")
    if row.moved_from is not None:
        return gettext("Moved")
    return gettext("Tentative") if row.tentative else ""


def _download(body: bytes, content_type: str, wanted: Wanted, ending: str) -> Response:
    name = f"{wanted.name} {wanted.first.isoformat()}–{wanted.last.isoformat()}"
    return download(body, content_type, name, "calendar", ending)
