"""What is done with classes: planned, published, timetabled, filled with people, and brought in from a plan."""

from scheduler.classes.actions.imports import enrol_many, import_classes, import_sessions

__all__ = ["enrol_many", "import_classes", "import_sessions"]
