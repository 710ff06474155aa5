"""The own week, and schedules as week, month and list."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from scheduler.agenda.queries import agenda_rows, describe_scope, get_scope, scope_choices, work_calendar
from scheduler.agenda.terms import KIND_NAMES, ActivityKind, ActivityStatus, AgendaRow, Scope, ScopeKind
from scheduler.core.pages import clock_time, day_in_words, language
from scheduler.core.periods import civil_date, day_span
from scheduler.core.web import database, now, reader_zone, requires, signed_in, zone
from scheduler.home.access import HomePermission
from scheduler.home.forms import ScheduleFilter
from scheduler.home.queries import own_week
from scheduler.home.rules import days_of, home_window, window
from scheduler.home.terms import Day, Entry, View, Window
from scheduler.mentoring.queries import own_standings
from scheduler.mentoring.rules.duty import days_left
from scheduler.notices.queries import recent

blueprint = Blueprint("home", __name__)

_STYLE = {
    ActivityKind.SESSION: "class",
    ActivityKind.LECTURE: "lecture",
    ActivityKind.FIELD: "field",
    ActivityKind.QUIZ: "quiz",
    ActivityKind.GUIDANCE: "guidance",
    ActivityKind.MEETING: "talk",
}


@blueprint.get("/")
@requires(HomePermission.SEE)
def index() -> str:
    """Show this week, what changed and what is owed."""
    actor, today = signed_in(), _today()
    shown = home_window(today, reader_zone())
    rows, quizzes = own_week(database(), actor, shown.span, now=now())
    days = _days(shown, _entries(rows), today)
    return render_template(
        "home/index.html",
        today=today,
        past=[day for day in days if day.date < today and day.entries],
        coming=[day for day in days if day.date >= today and day.entries],
        next_text="" if any(day.entries for day in days if day.date >= today) else _next_words(shown),
        quizzes=quizzes,
        changes=recent(database(), actor),
        standings=own_standings(database(), actor, now().astimezone(zone()).date()),
        left=days_left(now().astimezone(zone()).date()),
    )


@blueprint.get("/schedule")
@requires(HomePermission.SEE)
def schedule() -> str:
    """Show a calendar as week, month or list; everything that chooses it is in the address."""
    actor, today = signed_in(), _today()
    view = _view(request.args.get("view", ""))
    shown = window(view, _anchor(request.args.get("day", ""), today), reader_zone())
    wanted = request.args.get("scope", "")
    scope = get_scope(database(), actor, wanted) if wanted else Scope(ScopeKind.PERSON, actor.person_id)
    form = ScheduleFilter(request.args)
    choices = scope_choices(database(), actor)
    form.scope.choices = [("", gettext("My schedule")), ("organisation", gettext("Whole organisation")), *choices]
    words = _kind_words()
    form.kind.choices = [("", gettext("All kinds")), *words.items()]
    kind = request.args.get("kind", "")
    rows = agenda_rows(database(), actor, scope, shown.span)
    entries = _entries([row for row in rows if not kind or row.kind == kind])
    days = _days(shown, entries, today)
    text, name = describe_scope(database(), scope) if wanted else (f"{ScopeKind.PERSON.value}:{actor.staff_no}", "")
    title = (name or gettext("Whole organisation")) if wanted else gettext("My schedule")
    if wanted and wanted not in dict(choices):
        form.scope.choices.append((wanted, title))
    return render_template(
        "home/schedule.html",
        title=title,
        window_title=_title(shown),
        view=view.value,
        anchor=shown.anchor,
        scope_text=text,
        form=form,
        days=days,
        anything=any(day.entries or day.note for day in days),
        views=[
            {"label": label, "href": _address(view=name), "current": name == view}
            for name, label in (
                (View.WEEK, gettext("Week")),
                (View.MONTH, gettext("Month")),
                (View.LIST, gettext("List")),
            )
        ],
        previous_url=_address(day=shown.previous.isoformat()),
        next_url=_address(day=shown.next.isoformat()),
        today_url=_address(day=None),
        clear_url=url_for("home.schedule", view=view.value, day=shown.anchor.isoformat()) if wanted or kind else None,
        legend=[(_STYLE[ActivityKind(value)], word) for value, word in words.items()],
    )


def _kind_words() -> dict[ActivityKind, str]:
    """Return the kinds' names in the reader's language, looked up once for all rows."""
    return {kind: gettext(name) for kind, name in KIND_NAMES.items()}


def _today() -> date:
    return now().astimezone(reader_zone()).date()


def _view(text: str) -> View:
    return View(text) if text in set(View) else View.WEEK


def _anchor(text: str, today: date) -> date:
    return civil_date(text) or today


def _address(**changes: str | None) -> str:
    """Return this page's address with some of its query changed; None takes a part out."""
    kept = {key: value for key, value in {**request.args.to_dict(), **changes}.items() if value}
    return f"{url_for('home.schedule')}?{urlencode(kept)}"


def _days(shown: Window, entries: list[Entry], today: date) -> list[Day]:
    last = shown.first + timedelta(days=shown.days - 1)
    calendar = work_calendar(database(), shown.first, last)
    marks = {day: (mark.name(language()), mark.kind.value) for day, mark in calendar.marks.items()}
    return days_of(shown, entries, marks, today, reader_zone())


def _entries(rows: list[AgendaRow]) -> list[Entry]:
    words, address, zone_of_reader = _kind_words(), url_for("agenda.show_activity", activity_id=0)[:-1], reader_zone()
    here = ((row, row.starts_at.astimezone(zone_of_reader), row.ends_at.astimezone(zone_of_reader)) for row in rows)
    return [
        Entry(
            title=row.title,
            url=f"{address}{row.id}",
            kind=_STYLE[row.kind],
            kind_label=words[row.kind],
            starts=starts,
            ends=ends,
            starts_text=f"{starts.hour:02}:{starts.minute:02}",  # a third of strftime's time, and there are many
            ends_text=f"{ends.hour:02}:{ends.minute:02}",
            venue=row.venue_name,
            people=row.lecturers,
            state=_state(row),
            note=row.audience_name if row.kind is ActivityKind.SESSION else "",
        )
        for row, starts, ends in here
    ]


def _state(row: AgendaRow) -> str:
    if row.status is ActivityStatus.CANCELLED:
        return "cancelled"
    if row.moved_from:
        return "moved"
    return "tentative" if row.tentative else ""


def _title(shown: Window) -> str:
    if shown.view is View.MONTH:
        anchor = shown.anchor
        if language() == "en":
            return f"{anchor:%B} {anchor.year}"
        return f"{anchor.year}年{anchor.month}月"
    last = shown.first + timedelta(days=shown.days - 1)
    return f"{day_in_words(shown.first)} – {day_in_words(last)}"


def _next_words(shown: Window) -> str:
    """Say what comes first after this week, so that an empty week still answers."""
    mine = Scope(ScopeKind.PERSON, signed_in().person_id)
    following = agenda_rows(database(), signed_in(), mine, day_span(shown.next, zone(), 60))
    for row in following:
        if row.status is ActivityStatus.SCHEDULED:
            when: datetime = row.starts_at
            return gettext(
                "Next: %(title)s, %(day)s %(time)s", title=row.title, day=day_in_words(when), time=clock_time(when)
            )
    return gettext("Nothing is planned for you in the next two months either.")
