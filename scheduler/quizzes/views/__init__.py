"""Pages of quizzes."""

from scheduler.quizzes.views import marking, papers, sittings, taking
from scheduler.quizzes.views.blueprint import blueprint

__all__ = ["blueprint", "marking", "papers", "sittings", "taking"]
