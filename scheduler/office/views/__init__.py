"""Pages of the training office: the year on one page, imports."""

from scheduler.office.views import bots, burden, departures, imports, year
from scheduler.office.views.blueprint import blueprint

__all__ = ["blueprint", "bots", "burden", "departures", "imports", "year"]
