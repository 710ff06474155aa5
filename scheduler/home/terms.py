"""The vocabulary of schedule pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from scheduler.core.periods import Span


class View(StrEnum):
    """How a schedule is laid out."""

    WEEK = "week"
    MONTH = "month"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Window:
    """The civil days that a view shows around its anchor, and where its neighbours are."""

    view: View
    anchor: date
    first: date
    days: int
    previous: date
    next: date
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity as a schedule shows it; all words are already in the reader's language."""

    title: str
    url: str
    kind: str
    kind_label: str
    starts: datetime
    ends: datetime
    starts_text: str
    ends_text: str
    venue: str = ""
    people: str = ""
    state: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day of a schedule: its entries, and what the work calendar says of it."""

    date: date
    entries: list[Entry] = field(default_factory=list)
    today: bool = False
    note: str = ""
    tone: str = ""
    inside: bool = True
