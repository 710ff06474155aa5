"""Checks of units, people, lecturers and venues."""

from operator import attrgetter

from scheduler.core.errors import lazy
from scheduler.office.rules.findings import Findings
from scheduler.office.terms import Severity
from scheduler.office.terms.known import Known
from scheduler.office.terms.rows import LecturerRow, PersonRow, UnitRow, VenueRow
from scheduler.office.terms.sheets import SheetKey
from scheduler.people.terms import UnitKind

DEEPEST = 10
"""Levels of the tree of units."""


def by_code(row: UnitRow | LecturerRow | VenueRow) -> tuple[str]:
    return (row.code,)


def by_staff_no(row: PersonRow) -> tuple[str]:
    return (row.staff_no,)


def check_units(findings: Findings, known: Known) -> None:
    """Refuse duplicates, unknown superiors, rings, roots that are no city, and trees too deep."""
    sheet = SheetKey.UNITS
    findings.duplicates(sheet, "code", by_code)
    rows: dict[str, UnitRow] = {row.code: row for row in findings.rows(sheet)}
    depth: dict[str, int | None] = {}

    def depth_of(code: str) -> int | None:
        """Return the level of a unit, None where the way up ends in nothing; a ring counts as nothing."""
        if code in depth:
            return depth[code]
        depth[code] = None
        if code in rows:
            parent = rows[code].parent_code or (known.units[code][1].parent_code if code in known.units else "")
        elif code in known.units:
            parent = known.units[code][1].parent_code
        else:
            return None
        above = depth_of(parent) if parent else 0
        depth[code] = None if above is None or above >= DEEPEST else above + 1
        return depth[code]

    wrong = set()
    for row in rows.values():
        if row.parent_code == row.code:
            findings.say(sheet, row, "parent_code", lazy("A unit cannot be its own superior."), value=row.code)
        elif not row.parent_code and row.kind is not UnitKind.CITY and row.code not in known.units:
            findings.say(sheet, row, "parent_code", lazy("Only a city may be without a superior unit."))
        elif depth_of(row.code) is None:
            if row.parent_code in rows or row.parent_code in known.units:
                message = lazy("The way up from this unit ends nowhere: a ring, an unknown unit, or too many levels.")
                findings.say(sheet, row, "parent_code", message, value=row.parent_code)
            else:
                findings.missing(sheet, row, "parent_code", sheet, row.parent_code)
        else:
            continue
        depth[row.code] = None
        wrong.add(row.number)
    findings.refuse(sheet, wrong, by_code)


def check_people(findings: Findings, known: Known) -> None:
    """Refuse duplicates and people of unknown units."""
    sheet = SheetKey.PEOPLE
    findings.duplicates(sheet, "staff_no", by_staff_no)
    units = {*known.units, *map(attrgetter("code"), findings.rows(SheetKey.UNITS))}
    wrong = set()
    for row in findings.rows(sheet):
        if row.unit_code not in units:
            findings.missing(sheet, row, "unit_code", SheetKey.UNITS, row.unit_code)
            wrong.add(row.number)
        elif row.born_on and row.joined_on and row.joined_on <= row.born_on:
            message = lazy("Began to work before being born.")
            findings.say(sheet, row, "joined_on", message, severity=Severity.WARNING, value=row.joined_on)
    findings.refuse(sheet, wrong, by_staff_no)


def check_places(findings: Findings) -> None:
    """Refuse duplicates of lecturers and venues, and venues that hold nobody."""
    if findings.sheet(SheetKey.LECTURERS):
        findings.duplicates(SheetKey.LECTURERS, "code", by_code)
    if findings.sheet(SheetKey.VENUES):
        findings.duplicates(SheetKey.VENUES, "code", by_code)
        wrong = set()
        for row in findings.rows(SheetKey.VENUES):
            if row.capacity < 1:
                findings.say(SheetKey.VENUES, row, "capacity", lazy("A venue holds at least one person."), value=0)
                wrong.add(row.number)
        findings.refuse(SheetKey.VENUES, wrong, by_code)
