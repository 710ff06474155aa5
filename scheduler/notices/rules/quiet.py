"""Quiet hours: when mail waits."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.core.periods import at

_CLOCK = r"((?:[01]\d|2[0-3]):[0-5]\d)"
_FORM = re.compile(f"{_CLOCK}-{_CLOCK}")
NONE = "none"
"""How the setting says that there are no quiet hours."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `starts` (included) to `ends` (excluded) by the reader's clock; over midnight where `ends` is the earlier."""

    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


def read_quiet(text: str) -> QuietHours | None:
    """Return the hours that a setting such as 21:00-07:30 names; None for "none". ValueError for anything else."""
    if text == NONE:
        return None
    found = _FORM.fullmatch(text)
    if found is None or found[1] == found[2]:
        msg = f"no hours: {text!r}"
        raise ValueError(msg)
    return QuietHours(time.fromisoformat(found[1]), time.fromisoformat(found[2]))


def quiet_until(hours: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the instant at which the quiet hours of `now` end; None if it is not quiet."""
    if hours is None:
        return None
    local = now.astimezone(zone)
    clock, day = local.time(), local.date()
    if hours.starts < hours.ends:
        is_quiet = hours.starts <= clock < hours.ends
    else:
        is_quiet = clock >= hours.starts or clock < hours.ends
        day += timedelta(days=1) if clock >= hours.starts else timedelta()
    end = at(day, hours.ends, zone)
    return end if is_quiet and end > now else None
