"""Pages of quizzes."""

from scheduler.quizzes.views import results, retraining, words
from scheduler.quizzes.views.blueprint import blueprint

__all__ = ["blueprint", "results", "retraining", "words"]
