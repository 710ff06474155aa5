"""Loads every slice's models, so that the metadata is whole before it is used."""

from importlib import import_module

SLICES = (
    "audit",
    "notices",
    "people",
    "agenda",
    "classes",
    "lectures",
    "mentoring",
    "quizzes",
    "feeds",
    "obligations",
    "office",
    "jobs",
)


def load_models() -> None:
    """Import the models of all slices."""
    for name in SLICES:
        import_module(f"scheduler.{name}.models")
