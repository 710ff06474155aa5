"""Reading a year's holidays from a calendar file or a sheet."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar
from python_calamine import CalamineError, CalamineWorkbook

from scheduler.agenda.rules.holiday_notice import Problem, ReadYear
from scheduler.agenda.rules.workday_names import named, public_holiday
from scheduler.agenda.terms import DayKind, DayMark
from scheduler.core.errors import Refusal, lazy

_LARGEST, _LARGEST_UNPACKED, _MOST_ENTRIES = 2 << 20, 30 << 20, 200
_MOST_ROWS = 2000
_LONGEST_EVENT = 40
_WORK = re.compile(r"班|补课|workday", re.IGNORECASE)
_OFF = re.compile(r"休|假|off|holiday", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")


class UnreadableFile(Refusal):
    """The file is not of a kind that we read, or is too large."""


def read_file(data: bytes, year: int | None) -> ReadYear:
    """Return the days in a file: a sheet if it is a zip archive, else a calendar.

    Without `year` the year of most of its days is taken; days of other years are passed over, but for the
    neighbouring days that a year's notice also names.
    """
    if len(data) > _LARGEST:
        raise UnreadableFile(lazy("The file is too large: at most %(limit)s MiB."), limit=_LARGEST >> 20)
    marks, problems = _read_sheet(data) if data.startswith(b"PK") else _read_calendar(data)
    if year is None:
        years = [mark.day.year for mark in marks]
        year = max(set(years), key=years.count, default=0)
    near = {mark.day: mark for mark in marks if mark.day.year == year}
    if not near:
        problems.append(Problem(lazy("The file names no day off and no adjusted working day of the year."), {}))
    return ReadYear(year, tuple(near[day] for day in sorted(near)), tuple(problems))


def kind_of(text: str) -> DayKind | None:
    """Tell what a word or title says of a day: 班 is work, 休 or 假 is off, else nothing."""
    return DayKind.WORK if _WORK.search(text) else DayKind.OFF if _OFF.search(text) else None


def _read_calendar(data: bytes) -> tuple[list[DayMark], list[Problem]]:
    try:
        calendar = Calendar.from_ical(data)
        events = [
            (component, component.decoded("dtstart"), component.get("dtend"))
            for component in calendar.walk("VEVENT")
            if component.get("dtstart") is not None
        ]
    except (ValueError, KeyError, IndexError) as error:
        raise UnreadableFile(lazy("This is not a calendar file that can be read.")) from error
    marks, problems = [], []
    for component, start, end in events:
        title = str(component.get("summary", ""))
        kind = kind_of(f"{title} {component.get('x-apple-special-day', '')}")
        first = start.date() if isinstance(start, datetime) else start
        if kind is None and not isinstance(start, datetime) and (name := public_holiday(title)):
            kind, title = DayKind.OFF, name
            problems.append(
                Problem(lazy("“%(text)s” names a public holiday and was read as days off."), {"text": title[:60]})
            )
        if kind is None:
            problems.append(
                Problem(
                    lazy("“%(text)s” says neither 休 nor 班, names no public holiday, and was passed over."),
                    {"text": title[:60]},
                )
            )
            continue
        last = end.dt if end is not None else first + timedelta(days=1)
        last = last.date() if isinstance(last, datetime) else last
        days = min(max((last - first).days, 1), _LONGEST_EVENT)
        marks += [_mark(first + timedelta(days=offset), kind, title) for offset in range(days)]
    return marks, problems


def _read_sheet(data: bytes) -> tuple[list[DayMark], list[Problem]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
            raise UnreadableFile(lazy("The file is too large: at most %(limit)s MiB."), limit=_LARGEST >> 20)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            rows = book.get_sheet_by_index(0).to_python(nrows=_MOST_ROWS)
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableFile(lazy("This is not a sheet that can be read.")) from error
    return _marks_of_rows(rows)


def _marks_of_rows(rows: Iterable[Iterable[object]]) -> tuple[list[DayMark], list[Problem]]:
    marks, problems = [], []
    for number, row in enumerate(rows, start=1):
        cells = list(row)
        day = next((found for cell in cells if (found := _day_of(cell))), None)
        words = [str(cell).strip() for cell in cells if isinstance(cell, str) and not _day_of(cell) and cell.strip()]
        kind = next((said for word in words if (said := kind_of(word))), None)
        if day is None and number == 1:
            continue  # headings
        if day is None or kind is None:
            problems.append(Problem(lazy("Row %(row)s has no date, or neither 休 nor 班."), {"row": number}))
            continue
        name = next((word for word in words if kind_of(word) is None), "") or words[0]
        marks.append(_mark(day, kind, name))
    return marks, problems


def _day_of(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.search(unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _mark(day: date, kind: DayKind, title: str) -> DayMark:
    # 春节（休）, 春节 假期 第1天/共8天, 国庆节调休上班: the name is what stands before all that
    plain = unicodedata.normalize("NFKC", title)
    name = re.split(r"[\s(\[【]|假期|放假|补班|调休|上班", plain.strip(), maxsplit=1)[0]
    return named(DayMark(day, kind, name[:20] or plain.strip()[:20], ""))
