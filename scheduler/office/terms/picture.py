"""The parts of the year's picture, in the units of its drawing."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class YearClass:
    """A class as the year shows it; `ends_on` is its last day."""

    id: int
    code: str
    title: str
    starts_on: date
    ends_on: date
    draft: bool = False
    theme: str = ""
    """What the bar says where the title does not fit."""


@dataclass(frozen=True, slots=True)
class YearLecture:
    """An evening of a series."""

    id: int
    title: str
    starts_at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day: its column, and what it is: "work", "rest" (weekend), "off" (public holiday) or "adjusted"."""

    day: date
    x: int
    tone: str
    name: str = ""
    today: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A class, or the part of it that lies in the month."""

    one: YearClass
    x: int
    y: int
    width: int
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """An evening."""

    one: YearLecture
    day: date
    x: int


@dataclass(frozen=True, slots=True)
class Heat:
    """How many venues are in use on a day; `level` goes from 0 (none) to 4 (the busiest day of the year)."""

    day: date
    x: int
    level: int
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """A row of the picture; all measures share one scale."""

    first: date
    width: int
    height: int
    dots_y: int
    heat_y: int
    cells: tuple[DayCell, ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    heat: tuple[Heat, ...]
