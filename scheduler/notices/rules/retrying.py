"""When to try again what could not be delivered."""

from datetime import datetime, timedelta

KEPT_TRYING = timedelta(days=3)
"""What is older is not sent any more: nobody wants to read it."""
_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_AFTERWARDS = timedelta(days=1)


def next_try(failures: int, posted_at: datetime, now: datetime) -> datetime | None:
    """Return when to try again after the `failures`-th failure (from 1): in 1, 5, 30 minutes, 2 hours, then daily.

    None: give up, for by then it would be too old.
    """
    again = now + (_WAITS[failures - 1] if failures <= len(_WAITS) else _AFTERWARDS)
    return again if again <= posted_at + KEPT_TRYING else None
