"""When the work on an upload counts as interrupted."""

from datetime import datetime

from scheduler.office.terms import ImportState

CLAIMABLE = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.IMPORTING)
"""The states in which somebody is, or should be, at work."""


def is_interrupted(state: ImportState, leased_until: datetime | None, now: datetime) -> bool:
    """Tell whether nobody is at work on a step that was asked for."""
    return state in CLAIMABLE and (leased_until is None or leased_until < now)
