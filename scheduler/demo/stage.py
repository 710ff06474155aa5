"""When and where the demo plays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.core.periods import week_start


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo's own facts: `now` is the middle of its term, `then` when its office planned it."""

    installation_id: str
    zone: ZoneInfo
    now: datetime
    then: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def monday(self, weeks: int) -> date:
        """Return the Monday `weeks` after that of this week."""
        return week_start(self.today) + timedelta(weeks=weeks)


def days_in_week(monday: date, count: int, works: Callable[[date], bool]) -> list[date]:
    """Return up to `count` working days of a week; of a week without any (a long holiday) its first days.

    So that nobody's week in the demo is ever empty.
    """
    week = [monday + timedelta(days=number) for number in range(7)]
    return ([day for day in week if works(day)] or week)[:count]
