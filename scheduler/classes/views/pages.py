"""The list of classes, and the page of one."""

from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from scheduler.agenda.queries import WorkCalendar, work_calendar
from scheduler.audit.queries import history
from scheduler.classes import queries
from scheduler.classes.access import ClassPermission
from scheduler.classes.forms import ClassFilterForm
from scheduler.classes.queries import ClassFilter
from scheduler.classes.queries.lists import PAGE_SIZE
from scheduler.classes.rules import may_turn, status_on
from scheduler.classes.terms import ClassRow, ClassStatus, PartOfDay, SessionRow
from scheduler.classes.views.blueprint import blueprint, class_status
from scheduler.core.forms import options
from scheduler.core.pages import day_in_words, language
from scheduler.core.sheets import MOST_ROWS, sheet_answer, sheet_asked
from scheduler.core.text import whole_number
from scheduler.core.web import database, now, number_asked, requires, signed_in, zone


@dataclass(frozen=True, slots=True)
class Cell:
    """A session as the timetable's grid shows it."""

    title: str
    url: str
    kind: str
    kind_label: str
    starts: datetime
    ends: datetime
    venue: str
    people: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GridDay:
    """A row of the grid: one cell of sessions for each part of the day."""

    label: str
    note: str
    tone: str
    cells: list[list[Cell]]


@blueprint.get("/classes")
@requires(ClassPermission.READ)
def list_classes() -> str | Response:
    """Show the classes that the reader may see: by status, year and words, a page at a time or all as a sheet."""
    actor = signed_in()
    form = ClassFilterForm(request.args)
    form.year.choices = options(
        [("", _("All")), *((year, str(year)) for year in queries.class_years(database(), actor))]
    )
    status, year = form.state.data or "", whole_number(form.year.data)
    wanted = ClassFilter(
        text=(form.q.data or "").strip()[:80],
        status=ClassStatus(status) if status in set(ClassStatus) else None,
        year=year if year and year <= MAXYEAR else None,
    )
    today = now().astimezone(zone()).date()
    if sheet_asked():
        return _as_sheet(queries.find_classes(database(), actor, wanted, today=today, size=MOST_ROWS)[0])
    page = number_asked("page") or 1
    rows, total = queries.find_classes(database(), actor, wanted, today=today, page=page)
    return render_template(
        "classes/list.html",
        form=form,
        rows=rows,
        total=total,
        page_number=page,
        pages=-(-total // PAGE_SIZE),
        filtered=wanted != ClassFilter(),
    )


def _as_sheet(rows: list[ClassRow]) -> Response:
    headings = [
        _("Code"),
        _("Title"),
        _("Theme"),
        _("Run"),
        _("Status"),
        _("First day"),
        _("Last day"),
        _("Host"),
        _("Sessions"),
        _("Places"),
        _("Places taken"),
    ]
    cells = (
        (
            row.code,
            row.title,
            row.theme,
            row.run_number,
            class_status(row.status),
            row.starts_on,
            row.ends_on,
            row.host,
            row.sessions,
            row.capacity,
            row.taken,
        )
        for row in rows
    )
    return sheet_answer(_("Study classes"), headings, cells)


@blueprint.get("/classes/<int:class_id>")
@requires(ClassPermission.READ)
def show_class(class_id: int) -> str:
    """Show a class: its facts, timetable, places by unit, roster, and what changed."""
    actor, db = signed_in(), database()
    shown = queries.get_class(db, actor, class_id)
    plans = actor.may(ClassPermission.PLAN, shown.host_unit.path)
    today = now().astimezone(zone()).date()
    status = status_on(shown.status, shown.starts_on, shown.ends_on, today)
    sessions = queries.sessions_of(db, class_id, with_drafts=plans)
    rosters = actor.scopes(ClassPermission.ROSTER)
    calendar = work_calendar(db, shown.starts_on, shown.ends_on)
    return render_template(
        "classes/show.html",
        shown=shown,
        status=status,
        plans=plans,
        may_enrol=actor.may(ClassPermission.ENROL) and status not in {ClassStatus.FINISHED, ClassStatus.CANCELLED},
        may_cancel=plans and may_turn(status, ClassStatus.CANCELLED),
        sessions=sessions,
        drafts=[row for row in sessions if row.is_draft],
        days=grid(sessions, calendar, class_id=class_id, plans=plans),
        parts_of_day=list(PartOfDay),
        rosters=rosters,
        roster=queries.roster_of(db, shown.audience_id, rosters) if rosters else [],
        quotas=queries.quotas_of(db, class_id, shown.audience_id) if rosters else [],
        changes=history(db, "class", class_id, limit=12) if plans else [],
    )


def grid(sessions: list[SessionRow], calendar: WorkCalendar, *, class_id: int, plans: bool) -> list[GridDay]:
    """Lay sessions out by day and part of the day; planners' links lead to the session's form."""
    days: dict[date, list[list[Cell]]] = {}
    parts = list(PartOfDay)
    for row in sessions:
        day = row.starts_at.astimezone(zone()).date()
        cells = days.setdefault(day, [[] for _part in parts])
        cells[parts.index(row.part_of_day)].append(_cell(row, class_id, plans=plans))
    return [GridDay(day_in_words(day), *_day_note(day, calendar), cells) for day, cells in sorted(days.items())]


def _cell(row: SessionRow, class_id: int, *, plans: bool) -> Cell:
    state = "moved" if row.moved_from else "tentative" if row.tentative else ""
    kind = "field" if row.teaching_mode == "field" else "class"
    if plans:
        url = url_for("classes.show_session", class_id=class_id, session_id=row.id)
    else:
        url = url_for("agenda.show_activity", activity_id=row.activity_id)
    return Cell(
        title=row.title,
        url=url,
        kind=kind,
        kind_label=_("Draft") if row.is_draft else "",
        starts=row.starts_at,
        ends=row.ends_at,
        venue=row.venue or _("venue open"),
        people=row.lecturers or _("lecturer open"),
        state="cancelled" if row.is_cancelled else state,
    )


def _day_note(day: date, calendar: WorkCalendar) -> tuple[str, str]:
    mark = calendar.marks.get(day)
    return (mark.name(language()), mark.kind.value) if mark else ("", "")
