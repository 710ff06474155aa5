"""What stands in the system and is no longer in the workbook. It stays as it is; a person decides.

A sheet speaks for what it names, so that what was made by hand elsewhere is no news: the people of the units that it
names, the classes and pairings that begin in its years, the timetables and rosters of its classes, the evenings of its
series between its first and last day. Of a sheet with rows that could not be read nothing is said: they may be those.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scheduler.core.errors import lazy
from scheduler.office.rules.findings import Findings
from scheduler.office.rules.matching import match_slots, owner
from scheduler.office.rules.planning import Plan
from scheduler.office.rules.reading import Read
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Known, KnownSlot
from scheduler.office.terms.report import Problem
from scheduler.office.terms.sheets import SheetKey

MOST = 200
"""Of one sheet, told one by one; all are counted."""


class Left(NamedTuple):
    """A thing by the words that people know it by, and the page where something can be done about it."""

    said: str
    address: str


def say_what_is_left(plan: Plan, findings: Findings, known: Known) -> None:
    """Add to the findings what each sheet no longer names, and count it in the plan."""
    finders = {
        SheetKey.PEOPLE: _people,
        SheetKey.CLASSES: _classes,
        SheetKey.SESSIONS: _sessions,
        SheetKey.EVENINGS: _evenings,
        SheetKey.ROSTER: _rosters,
        SheetKey.PAIRINGS: _pairings,
    }
    for key, find in finders.items():
        read = findings.sheet(key)
        if read is None or read.refused_count or not read.rows:
            continue
        left = list(find(read, known))
        plan.counts[key].left = len(left)
        message = lazy("Stands in the system and is no longer in the workbook. It stays; decide what becomes of it.")
        findings.problems += [
            Problem(read.title, 0, "", message, {}, Severity.LEFT, one.said, one.address) for one in left[:MOST]
        ]


def _people(read: Read, known: Known) -> Iterator[Left]:
    units, present = {row.unit_code for row in read.rows}, {row.staff_no for row in read.rows}
    for number, (person_id, row) in known.people.items():
        if row.unit_code in units and number not in present and number not in known.departed:
            yield Left(f"{number} {row.name}", f"/people/{person_id}")


def _classes(read: Read, known: Known) -> Iterator[Left]:
    years, present = {row.starts_on.year for row in read.rows}, {row.code for row in read.rows}
    for code, (class_id, row) in known.classes.items():
        if row.starts_on.year in years and code not in present and code not in known.cancelled:
            yield Left(f"{code} {row.title}", f"/classes/{class_id}")


def _sessions(read: Read, known: Known) -> Iterator[Left]:
    matched = {slot.activity_id for slot in match_slots(read.rows, known).values()}
    for code in sorted({owner(row) for row in read.rows}):
        yield from _unmatched(code, known.sessions.get(code, ()), matched)


def _evenings(read: Read, known: Known) -> Iterator[Left]:
    matched = {slot.activity_id for slot in match_slots(read.rows, known).values()}
    first, last = min(row.day for row in read.rows), max(row.day for row in read.rows)
    for series in sorted({owner(row) for row in read.rows}):
        inside = (slot for slot in known.evenings.get(series, ()) if first <= slot.row.day <= last)
        yield from _unmatched(series, inside, matched)


def _unmatched(name: str, slots: Iterable[KnownSlot], matched: set[int]) -> Iterator[Left]:
    for slot in slots:
        if slot.activity_id not in matched and not slot.cancelled:
            yield Left(f"{name} {slot.row.day.isoformat()} {slot.row.title}", f"/activities/{slot.activity_id}")


def _rosters(read: Read, known: Known) -> Iterator[Left]:
    present = {(row.class_code, row.staff_no) for row in read.rows}
    for code in sorted({row.class_code for row in read.rows}):
        for number in sorted(known.rosters.get(code, ())):
            if (code, number) not in present:
                class_id = known.classes[code][0]
                yield Left(f"{code} {number}", f"/classes/{class_id}/roster")


def _pairings(read: Read, known: Known) -> Iterator[Left]:
    years = {row.starts_on.year for row in read.rows}
    present = {(row.mentor_no, row.mentee_no, row.starts_on) for row in read.rows}
    for (mentor, mentee, starts_on), (pairing_id, _row) in known.pairings.items():
        is_open = known.open_mentees.get(mentee) == (mentor, starts_on)
        if is_open and starts_on.year in years and (mentor, mentee, starts_on) not in present:
            yield Left(f"{mentor} – {mentee} {starts_on.isoformat()}", f"/mentoring/pairings/{pairing_id}")
