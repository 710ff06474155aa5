"""What is done with lecture series: planned, generated, changed near and far, subscribed to, and brought in."""

from scheduler.lectures.actions.imports import import_evenings

__all__ = ["import_evenings"]
