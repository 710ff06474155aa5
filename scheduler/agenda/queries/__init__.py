"""Reading the agenda. Nothing here changes anything, and no statement runs once for each row."""

from scheduler.agenda.queries.audiences import coming_audiences, count_coming_lessons
from scheduler.agenda.queries.clashes import find_clashes, nearest_slots
from scheduler.agenda.queries.rows import agenda_rows, get_activity, plan_of
from scheduler.agenda.queries.scopes import describe_scope, get_scope, scope_choices
from scheduler.agenda.queries.venues import find_venues, get_venue
from scheduler.agenda.queries.visibility import in_scope, unit_ids_within, visible_to
from scheduler.agenda.queries.workdays import WorkCalendar, is_published, work_calendar

__all__ = [
    "WorkCalendar",
    "agenda_rows",
    "coming_audiences",
    "count_coming_lessons",
    "describe_scope",
    "find_clashes",
    "find_venues",
    "get_activity",
    "get_scope",
    "get_venue",
    "in_scope",
    "is_published",
    "nearest_slots",
    "plan_of",
    "scope_choices",
    "unit_ids_within",
    "visible_to",
    "work_calendar",
]
