"""The verbs of the agenda. Each refuses, changes, audits; none commits or reads the clock."""

from scheduler.agenda.actions.activities import (
    cancel_activities,
    cancel_activity,
    discard_drafts,
    edit_activity,
    move_activity,
    publish_activities,
    restore_activity,
)
from scheduler.agenda.actions.audiences import (
    create_audience,
    enrol,
    enrol_pairs,
    enrol_unit,
    leave,
    leave_everything,
    rename_audience,
    sync_memberships,
)
from scheduler.agenda.actions.creation import create_activities
from scheduler.agenda.actions.lecturers import change_lecturer, create_lecturers
from scheduler.agenda.actions.revising import revise_all, settle_moves
from scheduler.agenda.actions.venues import change_venue, create_venues
from scheduler.agenda.actions.workdays import load_known_years, replace_days

__all__ = [
    "cancel_activities",
    "cancel_activity",
    "change_lecturer",
    "change_venue",
    "create_activities",
    "create_audience",
    "create_lecturers",
    "create_venues",
    "discard_drafts",
    "edit_activity",
    "enrol",
    "enrol_pairs",
    "enrol_unit",
    "leave",
    "leave_everything",
    "load_known_years",
    "move_activity",
    "publish_activities",
    "rename_audience",
    "replace_days",
    "restore_activity",
    "revise_all",
    "settle_moves",
    "sync_memberships",
]
