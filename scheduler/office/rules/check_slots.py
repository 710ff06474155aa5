"""Checks of timetables and evenings: times, dates, places, lecturers, and what is booked twice."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.agenda.rules.workdays import holiday_after, holiday_on, is_workday
from scheduler.agenda.terms import DayMark
from scheduler.classes.terms import PartOfDay
from scheduler.core.errors import lazy
from scheduler.core.periods import at
from scheduler.office.rules.findings import Findings
from scheduler.office.rules.matching import AnySlot, keeps_its_time, match_slots, owner, roster_sizes
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Known, KnownSlot
from scheduler.office.terms.rows import EveningRow, SessionRow
from scheduler.office.terms.sheets import SheetKey

_PART_STARTS = {
    PartOfDay.MORNING: (time(5), time(12, 30)),
    PartOfDay.AFTERNOON: (time(12), time(18)),
    PartOfDay.EVENING: (time(17), time(22)),
}
_SLOT_SHEETS = (SheetKey.SESSIONS, SheetKey.EVENINGS)


def by_slot(row: AnySlot) -> tuple[Any, ...]:
    return (row.class_code, row.day, row.part) if isinstance(row, SessionRow) else (row.series, row.day)


def check_slots(findings: Findings, known: Known, zone: ZoneInfo) -> None:
    """Refuse what cannot be: duplicates, ends before starts, unknown codes, dates outside the class, double bookings."""
    for sheet in _SLOT_SHEETS:
        if findings.sheet(sheet):
            findings.duplicates(sheet, "day", by_slot)
            _check_each(findings, known, sheet)
    _check_bookings(findings, known, zone)
    for sheet in _SLOT_SHEETS:
        for row in findings.rows(sheet):
            _warn(findings, known, sheet, row)


def _check_each(findings: Findings, known: Known, sheet: SheetKey) -> None:
    periods: dict[str, tuple[date, date]] = {
        code: (row.starts_on, row.ends_on) for code, (_, row) in known.classes.items()
    }
    periods |= {row.code: (row.starts_on, row.ends_on) for row in findings.rows(SheetKey.CLASSES)}
    lecturers = {*known.lecturers, *map(attrgetter("code"), findings.rows(SheetKey.LECTURERS))}
    venues = {*known.venues, *map(attrgetter("code"), findings.rows(SheetKey.VENUES))}
    wrong = set()
    for row in findings.rows(sheet):
        before = len(findings.problems)
        if row.ends <= row.starts:
            findings.say(sheet, row, "ends", lazy("The end is before the start."), value=f"{row.ends:%H:%M}")
        if isinstance(row, SessionRow):
            if row.class_code not in periods:
                findings.missing(sheet, row, "class_code", SheetKey.CLASSES, row.class_code)
            elif not periods[row.class_code][0] <= row.day <= periods[row.class_code][1]:
                first, last = periods[row.class_code]
                findings.say(
                    sheet,
                    row,
                    "day",
                    lazy("This day is outside of the class, which lasts from %(first)s to %(last)s."),
                    value=row.day,
                    first=first.isoformat(),
                    last=last.isoformat(),
                )
        for code in row.lecturer_codes:
            if code not in lecturers:
                findings.missing(sheet, row, "lecturer_codes", SheetKey.LECTURERS, code)
        if row.venue_code and row.venue_code not in venues:
            findings.missing(sheet, row, "venue_code", SheetKey.VENUES, row.venue_code)
        if len(findings.problems) > before:
            wrong.add(row.number)
    findings.refuse(sheet, wrong, by_slot)


def _check_bookings(findings: Findings, known: Known, zone: ZoneInfo) -> None:
    """Refuse rows that need a venue or lecturer already taken, by an earlier row or by the database.

    A row that replaces a slot of the database frees its time; if the row is refused, the slot keeps it, which
    may refuse others: hence the rounds.
    """
    wanted = [
        _Wanted(sheet, row, slot, *_times(row, slot, zone))
        for sheet in _SLOT_SHEETS
        for matched in [match_slots(findings.rows(sheet), known)]
        for row in findings.rows(sheet)
        for slot in [matched.get((owner(row), row.number))]
    ]
    refused: dict[int, tuple[str, str, str]] = {}
    while True:
        news = _one_round(findings, known, wanted, refused)
        if not news:
            break
        refused |= news
    for place, (column, code, other) in sorted(refused.items()):
        message = (
            lazy("The venue %(code)s is taken at this time by: %(other)s.")
            if column == "venue_code"
            else lazy("The lecturer %(code)s is engaged at this time by: %(other)s.")
        )
        findings.say(wanted[place].sheet, wanted[place].row, column, message, value=code, code=code, other=other)
    for sheet in _SLOT_SHEETS:
        numbers = {wanted[place].row.number for place in refused if wanted[place].sheet is sheet}
        findings.refuse(sheet, numbers, by_slot)


class _Wanted(NamedTuple):
    """A row with the time that it wants, and the slot of the database that it replaces."""

    sheet: SheetKey
    row: AnySlot
    slot: KnownSlot | None
    starts_at: datetime
    ends_at: datetime


def _times(row: AnySlot, slot: KnownSlot | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if slot and keeps_its_time(row, slot):
        return slot.starts_at, slot.ends_at
    return at(row.day, row.starts, zone), at(row.day, row.ends, zone)


def _one_round(
    findings: Findings, known: Known, wanted: list[_Wanted], refused: Mapping[int, object]
) -> dict[int, tuple[str, str, str]]:
    """Book what is not refused yet, in the order of the rows; return what finds its time taken, and by what."""
    freed = {want.slot.activity_id for place, want in enumerate(wanted) if want.slot and place not in refused}
    taken: dict[tuple[str, str], list[tuple[datetime, datetime, str]]] = defaultdict(list)
    for booking in known.bookings:
        if booking.activity_id not in freed:
            insort(taken[booking.resource], (booking.starts_at, booking.ends_at, booking.title))
    news = {}
    for place, want in enumerate(wanted):
        if place in refused or (want.slot and not want.slot.holds):
            continue
        clash = _clash(want, taken)
        if clash:
            news[place] = clash
            continue
        title = findings.reading.sheets[want.sheet].title
        for resource in _resources(want.row):
            insort(taken[resource], (want.starts_at, want.ends_at, f"{want.row.title}（{title} {want.row.number}）"))
    return news


def _resources(row: AnySlot) -> list[tuple[str, str]]:
    venue = [("venue_code", row.venue_code)] if row.venue_code else []
    return venue + [("lecturer_codes", code) for code in row.lecturer_codes]


def _clash(
    want: _Wanted, taken: Mapping[tuple[str, str], list[tuple[datetime, datetime, str]]]
) -> tuple[str, str, str] | None:
    for resource in _resources(want.row):
        booked = taken.get(resource, [])
        after = bisect_left(booked, want.ends_at, key=lambda slot: slot[0])
        # what holds does not overlap, so only the last one that begins before our end can reach into our time
        for starts_at, ends_at, title in booked[max(0, after - 1) : after]:
            if starts_at < want.ends_at and want.starts_at < ends_at:
                return (*resource, title)
    return None


def _warn(findings: Findings, known: Known, sheet: SheetKey, row: AnySlot) -> None:
    mark = holiday_on(row.day, known.marks)
    warning = Severity.WARNING
    if mark:
        message = lazy("%(day)s is a public holiday: %(name)s.")
        findings.say(sheet, row, "day", message, severity=warning, **_named(row.day, mark))
    elif isinstance(row, EveningRow) and (eve := holiday_after(row.day, known.marks)):
        message = lazy("%(day)s is the eve of a public holiday: %(name)s.")
        findings.say(sheet, row, "day", message, severity=warning, **_named(row.day, eve))
    elif isinstance(row, SessionRow) and not is_workday(row.day, known.marks):
        message = lazy("%(day)s is not a working day.")
        findings.say(sheet, row, "day", message, severity=warning, day=row.day.isoformat())
    if isinstance(row, SessionRow):
        first, last = _PART_STARTS[row.part]
        if not first <= row.starts <= last:
            message = lazy("%(time)s does not look like this part of the day.")
            findings.say(sheet, row, "starts", message, severity=warning, time=f"{row.starts:%H:%M}")


def _named(day: date, mark: DayMark) -> dict[str, str]:
    return {"day": day.isoformat(), "name": mark.name_zh, "name_en": mark.name_en}


def warn_of_rosters(findings: Findings, known: Known) -> None:
    """Warn of venues too small for the class, and of people expected in two classes at the same time."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in findings.rows(SheetKey.ROSTER):
        members[row.class_code].add(row.staff_no)
    sizes = roster_sizes(known, members)
    seats = {code: row.capacity for code, (_, row) in known.venues.items()}
    seats |= {row.code: row.capacity for row in findings.rows(SheetKey.VENUES)}
    hours: dict[str, list[tuple[date, time, time]]] = defaultdict(list)
    for row in findings.rows(SheetKey.SESSIONS):
        hours[row.class_code].append((row.day, row.starts, row.ends))
        if row.venue_code and sizes.get(row.class_code, 0) > seats[row.venue_code]:
            findings.say(
                SheetKey.SESSIONS,
                row,
                "venue_code",
                lazy("The venue %(code)s has %(seats)s seats, the class has %(people)s people."),
                severity=Severity.WARNING,
                value=row.venue_code,
                code=row.venue_code,
                seats=seats[row.venue_code],
                people=sizes[row.class_code],
            )
    for code, slots in known.sessions.items():
        if code not in hours:
            hours[code] = [(slot.row.day, slot.row.starts, slot.row.ends) for slot in slots if not slot.cancelled]
    _warn_of_two_places(findings, known, hours)


def _warn_of_two_places(findings: Findings, known: Known, hours: dict[str, list[tuple[date, time, time]]]) -> None:
    overlapping: dict[str, list[str]] = defaultdict(list)
    classes = sorted(hours)
    for place, one in enumerate(classes):
        for two in classes[place + 1 :]:
            days = {day for day, _, _ in hours[one]} & {day for day, _, _ in hours[two]}
            if any(
                a[0] == b[0] and a[1] < b[2] and b[1] < a[2]
                for a in hours[one]
                if a[0] in days
                for b in hours[two]
                if b[0] in days
            ):
                overlapping[one].append(two)
                overlapping[two].append(one)
    if not overlapping:
        return
    enrolled: dict[str, set[str]] = {code: set(people) for code, people in known.rosters.items()}
    for row in findings.rows(SheetKey.ROSTER):
        for other in overlapping.get(row.class_code, ()):
            if row.staff_no in enrolled.get(other, ()):
                findings.say(
                    SheetKey.ROSTER,
                    row,
                    "staff_no",
                    lazy("%(code)s is also in the class %(other)s, at the same time."),
                    severity=Severity.WARNING,
                    value=row.staff_no,
                    code=row.staff_no,
                    other=other,
                )
        enrolled.setdefault(row.class_code, set()).add(row.staff_no)
