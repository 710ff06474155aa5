"""What is done with classes: planned, published, timetabled, filled with people, and brought in from a plan."""

from scheduler.classes.actions.copying import Copied, copy_class
from scheduler.classes.actions.imports import enrol_many, import_classes, import_sessions
from scheduler.classes.actions.life import cancel_class, publish_class
from scheduler.classes.actions.plans import create_class, edit_class
from scheduler.classes.actions.roster import end_enrolments, enrol_people, remove_people
from scheduler.classes.actions.timetable import (
    add_session,
    cancel_session,
    edit_session,
    move_session,
    restore_session,
)

__all__ = [
    "Copied",
    "add_session",
    "cancel_class",
    "cancel_session",
    "copy_class",
    "create_class",
    "edit_class",
    "edit_session",
    "end_enrolments",
    "enrol_many",
    "enrol_people",
    "import_classes",
    "import_sessions",
    "move_session",
    "publish_class",
    "remove_people",
    "restore_session",
]
