"""The work calendar: a year on one page; the notice is pasted or uploaded, the difference shown, then applied."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.agenda import actions, queries
from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.forms.workdays import FIRST_YEAR, LAST_YEAR, ApplyForm, NoticeForm
from scheduler.agenda.rules.holiday_files import read_file
from scheduler.agenda.rules.holiday_notice import ReadYear, read_notice, year_of_notice
from scheduler.agenda.rules.workday_changes import compare, from_lines, to_lines
from scheduler.agenda.views.blueprint import blueprint
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.pages import language, say
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone


@dataclass(frozen=True, slots=True)
class GridDay:
    """A day of the year's picture (macros/parts.html, mini_month)."""

    date: date
    title: str
    tone: str
    today: bool


@blueprint.get("/calendar")
@requires(AgendaPermission.READ)
def this_year() -> Response:
    """Go to the work calendar of the present year."""
    return redirect(url_for("agenda.show_year", year=now().astimezone(zone()).year))


@blueprint.get("/calendar/<int:year>")
@requires(AgendaPermission.READ)
def show_year(year: int) -> str:
    """Show the days of a year that depart from their weekday."""
    _known(year)
    calendar = queries.work_calendar(database(), date(year, 1, 1), date(year, 12, 31))
    today = now().astimezone(zone()).date()
    months = []
    for month in range(1, 13):
        days = []
        for number in range(1, monthrange(year, month)[1] + 1):
            day = date(year, month, number)
            mark = calendar.marks.get(day)
            at_risk = calendar.is_at_risk(day)
            title = mark.name(language()) if mark else _("Perhaps a holiday") if at_risk else ""
            days.append(GridDay(day, title, mark.kind.value if mark else "", day == today))
        months.append(days)
    marks = [mark for day, mark in calendar.marks.items() if day.year == year]
    return render_template(
        "agenda/year.html",
        year=year,
        months=months,
        marks=marks,
        published=year in calendar.published,
        language=language(),
    )


@blueprint.route("/calendar/update", methods=["GET", "POST"])
@requires(AgendaPermission.CALENDAR)
def update_calendar() -> tuple[str, int]:
    """Read a pasted notice or an uploaded file, and show what it would change; nothing is changed here."""
    form = NoticeForm(year=number_asked("year"))
    if form.holds:
        try:
            read, source = _read(form)
        except Refusal as refusal:
            form.show(refusal)
        else:
            calendar = queries.work_calendar(database(), date(read.year, 1, 1), date(read.year, 12, 31))
            return render_template(
                "agenda/calendar_diff.html",
                read=read,
                changes=compare(read.year, calendar.marks, read.marks),
                problems=[_(problem.message_id, **problem.facts) for problem in read.problems],
                lines=to_lines(read.marks),
                source=source,
                language=language(),
            ), 200
    return render_template("agenda/calendar_update.html", form=form), form.status


@blueprint.post("/calendar/<int:year>/apply")
@requires(AgendaPermission.CALENDAR)
def apply_calendar(year: int) -> Response:
    """Make the days that were shown the days of the year."""
    _known(year)
    form = ApplyForm()
    if not form.holds:
        raise Refusal(lazy("The days could not be read. Paste the notice again."))
    try:
        marks = from_lines((form.lines.data or "").replace("\r", ""))
    except ValueError as error:
        raise Refusal(lazy("The days could not be read. Paste the notice again.")) from error
    if not marks:
        raise Refusal(lazy("A published year has days off; there is nothing to apply."))
    source = form.source.data or ""
    revised = actions.replace_days(database(), signed_in(), year, marks, source=source, zone=zone(), now=now())
    say(_("The calendar of %(year)s is set. Activities revised: %(count)s.", year=year, count=revised))
    return redirect(url_for("agenda.show_year", year=year))


def _known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Missing


def _read(form: NoticeForm) -> tuple[ReadYear, str]:
    year = form.year.data
    if form.file.data:
        read = read_file(form.file.data.read(), year)
        name = str(form.file.data.filename or "")[-120:]
        if not read.marks:
            raise Refusal(lazy("The file names no day off and no adjusted working day of the year."), field="file")
        return read, name
    text = form.text.data or ""
    if not text.strip():
        raise Refusal(lazy("Paste the text of the notice, or choose a file."), field="text")
    year = year_of_notice(text) or year
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(lazy("Say for which year this is: the text does not name it."), field="year")
    read = read_notice(text, year)
    if not read.marks:
        raise Refusal(read.problems[0].message_id, field="text")
    return read, _("Notice of the State Council for %(year)s", year=year)
