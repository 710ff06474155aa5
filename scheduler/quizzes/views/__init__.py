"""Pages of quizzes."""

from scheduler.quizzes.views.blueprint import blueprint

__all__ = ["blueprint"]
