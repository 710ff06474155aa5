"""Pages of lecture series: what is on, a series, an evening school with its rule and holidays, an evening."""

from scheduler.lectures.views import evenings, planning, programmes, series
from scheduler.lectures.views.blueprint import blueprint

__all__ = ["blueprint", "evenings", "planning", "programmes", "series"]
