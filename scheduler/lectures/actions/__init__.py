"""What is done with lecture series: planned, generated, changed near and far, subscribed to, and brought in."""

from scheduler.lectures.actions.evenings import cancel_evenings, change_evenings, restore_evenings
from scheduler.lectures.actions.holidays import decide_holiday
from scheduler.lectures.actions.imports import import_evenings
from scheduler.lectures.actions.programmes import create_programme, edit_programme, generate_evenings
from scheduler.lectures.actions.subscribing import enrol_people, enrol_unit, subscribe, unsubscribe

__all__ = [
    "cancel_evenings",
    "change_evenings",
    "create_programme",
    "decide_holiday",
    "edit_programme",
    "enrol_people",
    "enrol_unit",
    "generate_evenings",
    "import_evenings",
    "restore_evenings",
    "subscribe",
    "unsubscribe",
]
