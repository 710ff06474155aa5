"""The whole check of a workbook against itself and against what the database knows."""

from datetime import date
from zoneinfo import ZoneInfo

from scheduler.office.rules.check_classes import check_classes, check_pairings, check_roster
from scheduler.office.rules.check_people import check_people, check_places, check_units
from scheduler.office.rules.check_records import check_records
from scheduler.office.rules.check_slots import check_slots, warn_of_rosters
from scheduler.office.rules.findings import Findings
from scheduler.office.rules.reading import Read, Reading
from scheduler.office.terms.known import Known
from scheduler.office.terms.sheets import SHEETS, SheetKey


def check(reading: Reading, known: Known, *, zone: ZoneInfo, today: date) -> Findings:
    """Return what is wrong and which rows are good; a row that depends on a refused row is refused too."""
    findings = Findings.begin(reading)
    if findings.sheet(SheetKey.UNITS):
        check_units(findings, known)
    if findings.sheet(SheetKey.PEOPLE):
        check_people(findings, known)
    check_places(findings)
    check_classes(findings, known)
    check_roster(findings, known)
    check_slots(findings, known, zone)
    warn_of_rosters(findings, known)
    check_pairings(findings, known, today)
    check_records(findings, known, today)
    order = {read.title: place for place, read in enumerate(_in_order(reading))}
    findings.problems.sort(key=lambda problem: (order.get(problem.sheet, -1), problem.row))
    return findings


def _in_order(reading: Reading) -> list[Read]:
    return [reading.sheets[sheet.key] for sheet in SHEETS if sheet.key in reading.sheets]
