"""Pages of quizzes."""

from scheduler.quizzes.views import marking, papers, results, retraining, sittings, taking, words
from scheduler.quizzes.views.blueprint import blueprint

__all__ = ["blueprint", "marking", "papers", "results", "retraining", "sittings", "taking", "words"]
