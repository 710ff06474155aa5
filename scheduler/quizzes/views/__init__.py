"""Pages of quizzes."""

from scheduler.quizzes.views import (
    bank,
    bank_files,
    daily,
    marking,
    papers,
    results,
    retraining,
    schedules,
    sittings,
    taking,
    words,
)
from scheduler.quizzes.views.blueprint import blueprint

__all__ = [
    "bank",
    "bank_files",
    "blueprint",
    "daily",
    "marking",
    "papers",
    "results",
    "retraining",
    "schedules",
    "sittings",
    "taking",
    "words",
]
