"""The year on one page."""

from datetime import date

from flask import render_template, url_for
from flask_babel import gettext

from scheduler.agenda.queries import is_published, work_calendar
from scheduler.core.pages import language
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.office.access import OfficePermission
from scheduler.office.queries.year import venue_count, venue_load, year_classes, year_lectures
from scheduler.office.rules.picture import draw_year
from scheduler.office.views.blueprint import blueprint

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@blueprint.get("/")
@requires(OfficePermission.YEAR)
def year() -> str:
    """Show a year as one picture: classes, evenings, holidays and the load on venues."""
    session, actor, here = database(), signed_in(), zone()
    today = now().astimezone(here).date()
    shown = min(max(number_asked("year") or today.year, _FIRST_YEAR), _LAST_YEAR)
    classes, lectures = year_classes(session, actor, shown), year_lectures(session, actor, shown, here)
    load = venue_load(session, shown, here)
    calendar = work_calendar(session, date(shown, 1, 1), date(shown, 12, 31))
    months = draw_year(shown, classes, lectures, calendar.marks, load, today=today, language=language(), zone=here)
    return render_template(
        "office/year.html",
        year=shown,
        today=today,
        months=months,
        names=_month_names(),
        classes=classes,
        lectures=lectures,
        venues=venue_count(session),
        published=is_published(session, shown),
        class_address=url_for("classes.show_class", class_id=0).removesuffix("0"),
        activity_address=url_for("agenda.show_activity", activity_id=0).removesuffix("0"),
    )


def _month_names() -> tuple[str, ...]:
    return (
        gettext("January"),
        gettext("February"),
        gettext("March"),
        gettext("April"),
        gettext("May"),
        gettext("June"),
        gettext("July"),
        gettext("August"),
        gettext("September"),
        gettext("October"),
        gettext("November"),
        gettext("December"),
    )
