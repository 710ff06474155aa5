"""Pages of classes: the list, a class, its planning, its timetable, its roster."""

from scheduler.classes.views import life, pages, planning, roster, timetable
from scheduler.classes.views.blueprint import blueprint

__all__ = ["blueprint", "life", "pages", "planning", "roster", "timetable"]
