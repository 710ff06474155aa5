"""Pages of quizzes."""

from scheduler.quizzes.views import bank, bank_files
from scheduler.quizzes.views.blueprint import blueprint

__all__ = ["bank", "bank_files", "blueprint"]
