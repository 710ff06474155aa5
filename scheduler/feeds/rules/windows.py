"""How far a feed looks, how its state is told apart, and when a fetch is worth a note."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.core.periods import Span, day_span
from scheduler.feeds.terms import Origin

BACK = 60
AHEAD = 400
"""Days of the window (calendar.md, feed contract 5)."""
CANCELLED_KEPT = timedelta(days=14)
NOTED_EVERY = timedelta(minutes=10)
_FORMAT = 1
"""Raise it when the text made from the same facts changes."""


def window(now: datetime, zone: ZoneInfo) -> Span:
    """Return what a feed shows: whole civil days, so that it changes at midnight only."""
    today = now.astimezone(zone).date()
    return day_span(today - timedelta(days=BACK), zone, BACK + AHEAD + 1)


def cancelled_since(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant after which a cancelled activity must end to be still shown."""
    return day_span(now.astimezone(zone).date(), zone).start - CANCELLED_KEPT


def edition(origin: Origin, library: str) -> str:
    """Return the name of all that an event's kept text depends on beside the event."""
    return digest(_FORMAT, library, origin.base_url, origin.zone.key)[:32]


def digest(*parts: object) -> str:
    """Return a digest that differs wherever one of `parts` does."""
    return hashlib.sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()


def changed_at(
    newest: datetime | None, state: str, known: str, known_since: datetime | None, now: datetime
) -> datetime:
    """Return Last-Modified: the newest revision, yet a second later than before whenever the state differs.

    Somebody who is enrolled sees events that are no younger than before; and HTTP counts whole seconds only.
    """
    if state == known and known_since is not None:
        return known_since
    instant = (newest or now).replace(microsecond=0)
    return instant if known_since is None else max(instant, known_since + timedelta(seconds=1))


def is_worth_noting(fetched_at: datetime | None, fetched_by: str, client: str, now: datetime) -> bool:
    """Tell whether a fetch is to be written down: the first in ten minutes, or by another program."""
    return fetched_at is None or client != fetched_by or now - fetched_at >= NOTED_EVERY
