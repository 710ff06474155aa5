"""Schedules: sittings that come again in a rhythm."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from scheduler.core.errors import lazy
from scheduler.quizzes.terms.sittings import SittingRules

LAST = 5
"""As the number of a weekday in its month: the last one, be it the fourth or the fifth."""


class Rhythm(StrEnum):
    """When the sittings of a schedule come."""

    MONTH_DAY = "month_day"
    """On a day of each month; where the month is shorter, on its last."""
    MONTH_WEEKDAY = "month_weekday"
    """On the first, second ... or last of a weekday in each month."""
    WEEK = "week"
    LESSON = "lesson"
    """After each lesson of a class or a series."""


RHYTHM_NAMES = {
    Rhythm.MONTH_DAY: lazy("Every month, on a day of the month"),
    Rhythm.MONTH_WEEKDAY: lazy("Every month, on a weekday"),
    Rhythm.WEEK: lazy("Every week"),
    Rhythm.LESSON: lazy("After each lesson of the class or series"),
}


NTH_NAMES = {
    1: lazy("the first"),
    2: lazy("the second"),
    3: lazy("the third"),
    4: lazy("the fourth"),
    LAST: lazy("the last"),
}


@dataclass(frozen=True, slots=True)
class Beat:
    """When a schedule strikes; `day` (1 to 31), `nth` (1 to 4, or LAST) and `weekday` (0: Monday) as the rhythm asks."""

    rhythm: Rhythm
    day: int = 1
    nth: int = 1
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Fall:
    """A day on which the rhythm falls, and the working day on which the sitting is held for it."""

    day: date
    held_on: date


@dataclass(frozen=True, slots=True)
class Coming:
    """A sitting that is to come: its day in the rhythm, when it opens, and the lesson that it follows."""

    day: date
    opens_at: datetime
    lesson_id: int | None = None
    lesson: str = ""
    lesson_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """What a schedule is to be; due are the audience `audience_id` (a class, a series) or the units.

    After a lesson the sitting opens `delay_minutes` after its end, else at `opens` of the organisation's day; it is open
    for `open_minutes`, and stands in the calendars from `lead_days` before.
    """

    name: str
    paper_id: int
    host_unit_id: int
    beat: Beat
    first_day: date
    last_day: date | None = None
    opens: time = time(9)
    delay_minutes: int = 0
    open_minutes: int = 120
    lead_days: int = 14
    audience_id: int | None = None
    unit_ids: tuple[int, ...] = ()
    rules: SittingRules = field(default_factory=SittingRules)
