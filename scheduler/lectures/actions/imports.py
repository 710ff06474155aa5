"""Bringing in a year's evenings: few statements, however many rows."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.terms import Consent
from scheduler.core.access import Actor
from scheduler.lectures.terms import EveningPlan, Imported


def import_evenings(
    session: Session,
    actor: Actor,
    programme_name: str,
    plans: Sequence[EveningPlan],
    *,
    host_unit_id: int,
    consent: Consent | None = None,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Imported:
    """Add the evenings of `plans` to their series, all strands of the evening school `programme_name`.

    A programme or series that does not exist is made: weekday, time and venue are the commonest of the plans, it
    reaches from the first to the last evening, strands take turns in the order of their first evenings, and anybody
    may subscribe. An evening whose series has that slot already stays as it is, also if it was moved or cancelled.
    Refuses like agenda.actions.create_activities: DoubleBooking, NeedsConfirmation.
    """
    raise NotImplementedError
