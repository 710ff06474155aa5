"""The verbs of the agenda. Each refuses, changes, audits; none commits or reads the clock."""

from scheduler.agenda.actions.activities import (
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
    rename_audience,
    sync_memberships,
)
from scheduler.agenda.actions.creation import create_activities
from scheduler.agenda.actions.revising import settle_moves
from scheduler.agenda.actions.venues import change_venue, rename_lecturer, rename_venue
from scheduler.agenda.actions.workdays import load_known_years, replace_days

__all__ = [
    "cancel_activity",
    "change_venue",
    "create_activities",
    "create_audience",
    "discard_drafts",
    "edit_activity",
    "enrol",
    "enrol_pairs",
    "enrol_unit",
    "leave",
    "load_known_years",
    "move_activity",
    "publish_activities",
    "rename_audience",
    "rename_lecturer",
    "rename_venue",
    "replace_days",
    "restore_activity",
    "settle_moves",
    "sync_memberships",
]
