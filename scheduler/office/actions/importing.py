"""Bringing in the year: read, check, compare, and write all in the caller's one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.workbooks import open_workbook
from scheduler.office.actions.writing_people import write_people, write_units
from scheduler.office.actions.writing_places import write_lecturers, write_venues
from scheduler.office.actions.writing_year import (
    write_classes,
    write_evenings,
    write_pairings,
    write_records,
    write_roster,
    write_sessions,
)
from scheduler.office.queries.known import known
from scheduler.office.queries.uploads import require_whole_tree
from scheduler.office.rules.checking import check
from scheduler.office.rules.leftovers import say_what_is_left
from scheduler.office.rules.planning import Plan, make_plan
from scheduler.office.rules.reading import Reading, read_sheets
from scheduler.office.terms.report import ImportReport
from scheduler.office.terms.sheets import SheetKey
from scheduler.office.terms.writing import Writing
from scheduler.people.actions import lock_tree

Progress = Callable[[int], None]
"""Is told the per cent that are done; may raise to stop the work, and then nothing is written."""


@dataclass(frozen=True, slots=True)
class _Step:
    per_cent: int
    write: Callable[[Session, Writing, Plan], None]


# The roster comes before the sessions: who is enrolled when a session is made is expected at it, whenever it is.
_STEPS = (
    _Step(40, write_units),
    _Step(55, write_people),
    _Step(60, write_lecturers),
    _Step(62, write_venues),
    _Step(66, write_classes),
    _Step(74, write_roster),
    _Step(86, write_sessions),
    _Step(92, write_evenings),
    _Step(96, write_pairings),
    _Step(98, write_records),
)


def import_year(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    data: bytes,
    *,
    good_rows: bool,
    dry_run: bool,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
    progress: Progress = lambda _per_cent: None,
) -> ImportReport:
    """Import the workbook `data` (xlsx or xls) and return the report, row by row.

    With any error nothing is written, unless `good_rows`: then rows with errors, and those that depend on them,
    are left out and said. `dry_run` only reports. A second import of the same workbook changes nothing. Refuses
    with Missing who is no admin of the whole tree, and with UnreadableWorkbook a file that cannot be opened.
    """
    require_whole_tree(session, actor)
    progress(2)
    reading = read_sheets(open_workbook(data))
    progress(15)
    if SheetKey.UNITS in reading.sheets and not dry_run:
        lock_tree(session)  # before the tree is read: what is compared with the workbook is what is written over
    state = known(session, reading.sheets.keys(), _days(reading), zone)
    findings = check(reading, state, zone=zone, today=now.astimezone(zone).date())
    progress(30)
    plan = make_plan(findings, state)
    say_what_is_left(plan, findings, state)
    report = ImportReport(plan.counts, findings.problems)
    if dry_run or (report.errors and not good_rows):
        return report
    report.applied = True
    if not report.good_rows:
        return report
    writing = Writing.begin(state, actor, installation_id, zone, now)
    for step in _STEPS:
        step.write(session, writing, plan)
        progress(step.per_cent)
    record(
        session,
        actor,
        "import",
        "year",
        sha256(data).hexdigest()[:16],
        now=now,
        good_rows=good_rows,
        sheets=report.as_json()["sheets"],
    )
    return report


def _days(reading: Reading) -> set[date]:
    keys = (SheetKey.SESSIONS, SheetKey.EVENINGS)
    return {row.day for key in keys if key in reading.sheets for row in reading.sheets[key].rows}
