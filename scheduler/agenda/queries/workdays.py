"""The work calendar: which dates depart from their weekday, and which years are published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from scheduler.agenda.models import CalendarDay
from scheduler.agenda.rules.workdays import holiday_after, holiday_on, is_at_risk, is_workday
from scheduler.agenda.terms import DayMark
from scheduler.core.database import plain_rows


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The marks of some years, and which of those years are published."""

    marks: Mapping[date, DayMark]
    published: frozenset[int]

    def is_workday(self, day: date) -> bool:
        return is_workday(day, self.marks)

    def is_at_risk(self, day: date) -> bool:
        return is_at_risk(day, self.published)

    def holiday_on(self, day: date) -> DayMark | None:
        return holiday_on(day, self.marks)

    def holiday_after(self, day: date) -> DayMark | None:
        return holiday_after(day, self.marks)


_DAYS = (
    select(CalendarDay.day, CalendarDay.kind, CalendarDay.name_zh, CalendarDay.name_en)
    .where(CalendarDay.day >= bindparam("first"), CalendarDay.day < bindparam("end"))
    .order_by(CalendarDay.day)
)


def work_calendar(session: Session, first: date, last: date) -> WorkCalendar:
    """Return the work calendar of all years from that of `first` to that of `last`; one statement."""
    # the first days of January after, too: they say what 31 December is the eve of
    rows = plain_rows(session, _DAYS, first=date(first.year, 1, 1), end=date(last.year + 1, 1, 8))
    marks = {row[0]: DayMark(*row) for row in rows}
    return WorkCalendar(marks, frozenset(day.year for day in marks))


def is_published(session: Session, year: int) -> bool:
    """Tell whether the public holidays of `year` are known; an unknown year is never assumed free."""
    inside = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return bool(session.scalar(select(exists().where(inside))))
