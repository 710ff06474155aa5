"""How often a door may be knocked at, and how long what is opened stays open."""

from datetime import UTC, datetime, timedelta

from scheduler.people.terms import LinkState

WINDOW = timedelta(minutes=15)
ACCOUNT_TRIES = 10
"""Failed tries for one account in a window."""
ADDRESS_TRIES = 100
"""Failed tries from one address in a window; a whole office often shares one address."""
SEEN_EVERY = timedelta(minutes=5)
"""How exact `seen_at` is: a page view writes it only when it is older than this."""
LINK_LIFE = timedelta(days=7)
"""How long a single-use link works."""
WORN_OUT_LIFE = timedelta(minutes=15)
"""How long one may take to replace a password that is too old."""
KEPT = timedelta(days=30)
"""How long tries, sign-ins and links are kept after they ran out."""


def window_start(now: datetime) -> datetime:
    """Return the beginning of the window of fixed length that holds `now`."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def retry_at(tries: int, limit: int, now: datetime) -> datetime | None:
    """Return from when on another try is allowed; None: it is allowed now. `tries` counts this one."""
    return window_start(now) + WINDOW if tries > limit else None


def link_state(used_at: datetime | None, expires_at: datetime, now: datetime) -> LinkState:
    """Return what a link that is known can still do."""
    if used_at is not None:
        return LinkState.USED
    return LinkState.OPEN if now < expires_at else LinkState.EXPIRED
