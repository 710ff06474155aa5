"""What is on in the evenings, and a series: its next topics, who comes, coming oneself."""

from datetime import date, datetime
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler.agenda.queries import unit_ids_within
from scheduler.agenda.queries.choices import unit_choices
from scheduler.core.errors import Refusal
from scheduler.core.forms import options
from scheduler.core.pages import day_in_words
from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone
from scheduler.lectures import actions, queries
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.forms import EnrolForm, SeriesFilter
from scheduler.lectures.queries.lists import PAGE_SIZE
from scheduler.lectures.terms import EveningRow, SeriesRow
from scheduler.lectures.views.blueprint import blueprint, weekday_word
from scheduler.people.models import Person


class Entry(NamedTuple):
    """An evening as the schedule macros show it."""

    title: str
    url: str
    kind: str
    kind_label: str
    starts: datetime
    ends: datetime
    venue: str
    people: str
    state: str
    note: str
    day: date


@blueprint.get("/lectures")
@requires(LecturePermission.READ)
def list_series() -> str | Response:
    """Show the series that the reader may come to, with the next evening of each; as a page or a sheet."""
    form, page = SeriesFilter(request.args), number_asked("page") or 1
    text = (form.q.data or "").strip()[:80]
    if sheet_asked():
        return _as_sheet(queries.find_series(database(), signed_in(), text=text, size=MOST_ROWS, now=now())[0])
    rows, total = queries.find_series(database(), signed_in(), text=text, page=page, now=now())
    return render_template(
        "lectures/list.html",
        form=form,
        rows=rows,
        filtered=bool(text),
        number=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        total=total,
    )


def _as_sheet(rows: list[SeriesRow]) -> Response:
    headings = [
        _("Series"),
        _("Evening school"),
        _("Weekday"),
        _("Begins"),
        _("Ends"),
        _("Subscribers"),
        _("Next topic"),
        _("Next evening"),
    ]
    cells = (
        (
            row.name,
            row.programme,
            weekday_word(row.weekday),
            f"{row.starts:%H:%M}",
            f"{row.ends:%H:%M}",
            row.subscribers,
            row.next_title,
            day_in_words(row.next_at) if row.next_at else "",
        )
        for row in rows
    )
    return sheet_answer(_("Evening school"), headings, cells)


@blueprint.get("/lectures/series/<int:series_id>")
@requires(LecturePermission.READ)
def show_series(series_id: int) -> str:
    """Show a series: the next topic, upcoming evenings, past ones, who comes."""
    actor, db = signed_in(), database()
    shown = queries.get_series(db, actor, series_id)
    plans = queries.plans_for(db, actor, shown.programme.host_unit_id)
    evenings = queries.evenings_of_series(db, series_id)
    scopes = actor.scopes(LecturePermission.ENROL)
    return render_template(
        "lectures/series.html",
        shown=shown,
        plans=plans,
        upcoming=[entry_of(row, plans=plans) for row in evenings if row.ends_at > now()],
        past=[entry_of(row, plans=plans) for row in reversed(evenings) if row.ends_at <= now()],
        subscribed=queries.is_subscribed(db, shown.audience_id, actor.person_id),
        may_subscribe=shown.audience.open and actor.person_id is not None,
        may_enrol=bool(scopes),
        heads=queries.subscribers_by_unit(db, shown.audience_id, scopes) if scopes else [],
        units=queries.enrolled_units(db, shown.audience_id) if scopes else [],
    )


@blueprint.post("/lectures/series/<int:series_id>/subscribe")
@requires(LecturePermission.SUBSCRIBE)
def subscribe(series_id: int) -> Response:
    """Come to a series from now on."""
    series = actions.subscribe(database(), signed_in(), series_id, now=now())
    undo = url_for("lectures.unsubscribe", series_id=series_id)
    said = _("%(name)s is in your calendar now.", name=series.name)
    flash({"text": said, "undo_url": undo}, "ok")  # type: ignore[arg-type]  # the layout shows it
    return redirect(url_for("lectures.show_series", series_id=series_id))


@blueprint.post("/lectures/series/<int:series_id>/unsubscribe")
@requires(LecturePermission.SUBSCRIBE)
def unsubscribe(series_id: int) -> Response:
    """Leave a series."""
    series = actions.unsubscribe(database(), signed_in(), series_id, now=now())
    undo = url_for("lectures.subscribe", series_id=series_id)
    said = _("%(name)s is no longer in your calendar.", name=series.name)
    flash({"text": said, "undo_url": undo}, "ok")  # type: ignore[arg-type]  # the layout shows it
    return redirect(url_for("lectures.show_series", series_id=series_id))


@blueprint.route("/lectures/series/<int:series_id>/enrol", methods=["GET", "POST"])
@requires(LecturePermission.ENROL)
def enrol(series_id: int) -> tuple[str, int] | Response:
    """Enrol people of the reader's units, or a whole unit."""
    db, actor = database(), signed_in()
    shown = queries.get_series(db, actor, series_id)
    form = EnrolForm(unit=0)
    form.unit.choices = options([(0, "—"), *unit_choices(db, actor.scopes(LecturePermission.ENROL))])
    if form.holds:
        try:
            added = _enrol(form, series_id)
        except Refusal as refusal:
            form.show(refusal)
        else:
            if added is not None:
                flash(ngettext("%(num)s person is enrolled.", "%(num)s people are enrolled.", added), "ok")
                return redirect(url_for("lectures.show_series", series_id=series_id))
    return render_template("lectures/enrol.html", form=form, shown=shown), form.status


def _enrol(form: EnrolForm, series_id: int) -> int | None:
    numbers = form.numbers()
    found = dict(_people(numbers))
    unknown = [number for number in numbers if number not in found]
    if unknown or not (numbers or form.unit.data):
        said = _("Nobody has the staff number %(numbers)s.", numbers=_(", ").join(unknown[:10]))
        form.staff_nos.errors = [said if unknown else _("Choose a unit or name people.")]
        return None
    added = 0
    if form.unit.data:
        added += actions.enrol_unit(database(), signed_in(), series_id, form.unit.data, now=now())
    if found:
        added += actions.enrol_people(database(), signed_in(), series_id, list(found.values()), now=now())
    return added


def _people(numbers: list[str]) -> list[tuple[str, int]]:
    # of the reader's units only: whether a number is somebody's elsewhere is not for the reader to find out
    inside = Person.unit_id.in_(unit_ids_within(signed_in().scopes(LecturePermission.ENROL)))
    rows = database().execute(
        select(Person.staff_no, Person.id).where(Person.staff_no.in_(numbers), Person.left_at.is_(None), inside)
    )
    return [(row.staff_no, row.id) for row in rows]


def entry_of(row: EveningRow, *, plans: bool) -> Entry:
    """Return an evening as the schedule macros show it; planners' links lead to its form."""
    here = url_for("lectures.edit_evening", evening_id=row.id) if plans else ""
    state = "moved" if row.moved_from else "tentative" if row.tentative else ""
    return Entry(
        title=row.title,
        url=here or url_for("agenda.show_activity", activity_id=row.activity_id),
        kind="lecture",
        kind_label=row.series,
        starts=row.starts_at,
        ends=row.ends_at,
        venue=row.venue or _("venue open"),
        people=row.lecturers or _("lecturer open"),
        state="cancelled" if row.is_cancelled else state,
        note=row.change_reason if row.is_cancelled or row.moved_from else "",
        day=row.starts_at.astimezone(zone()).date(),
    )
