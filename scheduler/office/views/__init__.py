"""Pages of the training office: the year on one page, imports."""

from scheduler.office.views import burden, departures, imports, year
from scheduler.office.views.blueprint import blueprint

__all__ = ["blueprint", "burden", "departures", "imports", "year"]
