"""Attempts: their states, and what is said of each saved answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.core.errors import lazy


class AttemptState(StrEnum):
    """The life of an attempt. One that was not started has no row."""

    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    """Its deadline has passed and nothing was handed in; the sweeper takes it from here."""
    SUBMITTED = "submitted"
    """Handed in, and stored before grading is tried; waits for marks where people give them."""
    GRADED = "graded"
    ABANDONED = "abandoned"
    """Called off by the office, with a reason; counts as not sat."""


STATE_NAMES = {
    AttemptState.IN_PROGRESS: lazy("In progress"),
    AttemptState.OVERDUE: lazy("Overdue"),
    AttemptState.SUBMITTED: lazy("Handed in"),
    AttemptState.GRADED: lazy("Graded"),
    AttemptState.ABANDONED: lazy("Called off"),
}

OPEN = (AttemptState.IN_PROGRESS, AttemptState.OVERDUE)
"""Answers may still come."""
HANDED_IN = (AttemptState.SUBMITTED, AttemptState.GRADED)
"""Counts as sat."""

TRANSITIONS: Mapping[AttemptState, frozenset[AttemptState]] = {
    AttemptState.IN_PROGRESS: frozenset({AttemptState.SUBMITTED, AttemptState.OVERDUE, AttemptState.ABANDONED}),
    AttemptState.OVERDUE: frozenset({AttemptState.SUBMITTED, AttemptState.ABANDONED}),
    AttemptState.SUBMITTED: frozenset({AttemptState.GRADED, AttemptState.ABANDONED}),
    AttemptState.GRADED: frozenset({AttemptState.SUBMITTED, AttemptState.ABANDONED}),
    AttemptState.ABANDONED: frozenset(),
}
"""Where an attempt may go from each state; a graded one goes back where a regrade needs marks again."""

TRUSTED = timedelta(seconds=2)
"""How much before the deadline the browser's "time is up" is believed."""
GRACE = timedelta(seconds=60)
"""How late a post may arrive that carries a save made in time; the sweeper waits as long."""


class Saved(StrEnum):
    """What became of one answer that was sent."""

    SAVED = "saved"
    STALE = "stale"
    """Another tab or device saved since: the server's copy is told, nothing was overwritten."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as the browser sent it: to the question at `position`, based on the version `seq` of it.

    `made_at` is when it was given, as the browser says; None where it says nothing.
    """

    position: int
    answer: str
    seq: int
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one sent answer; `seq` and `answer` are the server's copy now."""

    position: int
    saved: Saved
    seq: int
    answer: str


class Doing(StrEnum):
    """What a person who is due is doing while the sitting is open."""

    NOT_STARTED = "not_started"
    ACTIVE = "active"
    SILENT = "silent"
    """Nothing was heard for some minutes."""
    HANDED_IN = "handed_in"


DOING_NAMES = {
    Doing.NOT_STARTED: lazy("Not started"),
    Doing.ACTIVE: lazy("At work"),
    Doing.SILENT: lazy("Silent"),
    Doing.HANDED_IN: lazy("Handed in"),
}
