"""Reading classes. Nothing here changes anything, and no statement runs once for each row."""

from scheduler.classes.queries.ledger import class_ledger
from scheduler.classes.queries.lists import ClassFilter, class_codes, class_years, find_classes
from scheduler.classes.queries.roster import (
    enrolled_ids,
    find_people,
    heads_by_unit,
    overlaps,
    people_of,
    quota_lines,
    quotas_of,
    roster_of,
    times_for_all,
)
from scheduler.classes.queries.telling import find_told
from scheduler.classes.queries.timetable import (
    activity_kind,
    activity_plan,
    get_session_of,
    get_session_row,
    lecturer_ids_of,
    sessions_of,
)
from scheduler.classes.queries.visibility import get_class, get_planned, has_status, visible_to

__all__ = [
    "ClassFilter",
    "activity_kind",
    "activity_plan",
    "class_codes",
    "class_ledger",
    "class_years",
    "enrolled_ids",
    "find_classes",
    "find_people",
    "find_told",
    "get_class",
    "get_planned",
    "get_session_of",
    "get_session_row",
    "has_status",
    "heads_by_unit",
    "lecturer_ids_of",
    "overlaps",
    "people_of",
    "quota_lines",
    "quotas_of",
    "roster_of",
    "sessions_of",
    "times_for_all",
    "visible_to",
]
