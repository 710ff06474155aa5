"""The verbs of the training office."""

from scheduler.office.actions.importing import import_year

__all__ = ["import_year"]
