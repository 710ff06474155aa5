"""When a pairing may be assessed."""

from datetime import date, timedelta

from scheduler.mentoring.terms import OPEN, PairingStatus

LAST_DAYS = timedelta(days=30)
"""How long before its last day a pairing may be assessed already."""


def may_be_assessed(status: PairingStatus, last_day: date, today: date) -> bool:
    """Tell whether a pairing is over, or near enough its end."""
    if status in {PairingStatus.COMPLETED, PairingStatus.ENDED_EARLY}:
        return True
    return status in OPEN and last_day - today <= LAST_DAYS
