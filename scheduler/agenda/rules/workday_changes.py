"""What a new version of a year's days would change, and the plain lines in which it is carried between two pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.agenda.terms import DayKind, DayMark

_FIELDS = 4


@dataclass(frozen=True, slots=True)
class DayChange:
    """One date of the difference: `before` or `after` is None where the date is, or becomes, an ordinary one."""

    day: date
    before: DayMark | None
    after: DayMark | None

    @property
    def kind(self) -> str:
        """Tell what happens to the date: added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def compare(year: int, before: Mapping[date, DayMark], after: Iterable[DayMark]) -> list[DayChange]:
    """Return what changes, by date: days of `year` that are not in `after` go; days of other years only come."""
    wanted = {mark.day: mark for mark in after}
    old = {day: mark for day, mark in before.items() if day.year == year or day in wanted}
    return [
        DayChange(day, old.get(day), wanted.get(day))
        for day in sorted(old.keys() | wanted.keys())
        if old.get(day) != wanted.get(day)
    ]


def to_lines(marks: Iterable[DayMark]) -> str:
    """Return the marks as lines: date, kind, both names, separated by tabs."""
    return "\n".join(f"{mark.day}\t{mark.kind}\t{mark.name_zh}\t{mark.name_en}" for mark in marks)


def from_lines(text: str) -> list[DayMark]:
    """Return the marks that `to_lines` wrote; raises ValueError for anything else."""
    marks = []
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) != _FIELDS:
            msg = "not a line of the work calendar"
            raise ValueError(msg)
        marks.append(DayMark(date.fromisoformat(parts[0]), DayKind(parts[1]), parts[2], parts[3]))
    return marks
