"""What a sheet and a column of a workbook are made of."""

from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.office.terms.words import Words


class SheetKey(StrEnum):
    """The sheets, in the order in which they depend on one another."""

    UNITS = "units"
    PEOPLE = "people"
    LECTURERS = "lecturers"
    VENUES = "venues"
    CLASSES = "classes"
    SESSIONS = "sessions"
    EVENINGS = "evenings"
    ROSTER = "roster"
    PAIRINGS = "pairings"
    RECORDS = "records"


class CellKind(StrEnum):
    """How a cell is read."""

    CODE = "code"
    CODES = "codes"
    NAME = "name"
    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    CLOCK = "clock"
    COUNT = "count"
    MONEY = "money"
    WORD = "word"
    WORDS = "words"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `needed` ones must be there and filled; `limit` is the longest text or the largest number."""

    key: str
    kind: CellKind
    headings: tuple[str, ...]
    needed: bool = True
    limit: int = 40
    words: Words = field(default_factory=dict)
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `identity` names the columns that tell its rows apart."""

    key: SheetKey
    titles: tuple[str, ...]
    identity: tuple[str, ...]
    columns: tuple[Column, ...]
