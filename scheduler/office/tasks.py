"""The work on an uploaded workbook, outside of any request."""

import logging
import threading
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.core import clock
from scheduler.core.access import Actor
from scheduler.core.database import Sessions
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.office.actions import claim, finish, import_year
from scheduler.office.actions.uploads import note_progress
from scheduler.office.models import YearImport
from scheduler.office.terms import ImportState
from scheduler.office.terms.report import ImportReport
from scheduler.people.models import Person, Unit
from scheduler.people.queries import actor_for

_log = logging.getLogger(__name__)
_ONE_AT_A_TIME = 0x79656172  # "year": on PostgreSQL two imports wait for each other; SQLite has one writer anyway
MOST_PROBLEMS = 5000
"""So many problems are kept with an upload; more tell nobody more."""


def begin_import(sessions: Sessions, import_id: int, *, installation_id: str, zone: ZoneInfo) -> None:
    """Start the next step of an upload in a thread of this process, and return at once.

    If the process dies, the step has not happened, and the page of the upload offers to start it again.
    """
    thread = threading.Thread(
        target=run_import,
        args=(sessions, import_id),
        kwargs={"installation_id": installation_id, "zone": zone},
        name=f"year-import-{import_id}",
        daemon=True,
    )
    thread.start()


def run_import(sessions: Sessions, import_id: int, *, installation_id: str, zone: ZoneInfo) -> None:
    """Do the next step of an upload: the dry run, or the import itself in one transaction; nothing if none is due."""
    with sessions.write() as session:
        row = claim(session, import_id, now=clock.now())
    if row is None:
        return
    try:
        if row.state is ImportState.IMPORTING:
            _bring_in(sessions, row, installation_id, zone)
        else:
            _check(sessions, row, installation_id, zone)
    except Stale:
        _log.info("import %s was taken away while it was worked on", import_id)
    except Refusal as refusal:
        _fail(sessions, row, refusal.message_id, refusal.facts)
    except Exception:  # noqa: BLE001 - whatever fails, the upload must not look as if it were still worked on
        _log.exception("import %s failed", import_id)
        _fail(sessions, row, "", {})


def _check(sessions: Sessions, row: YearImport, installation_id: str, zone: ZoneInfo) -> None:
    def progress(per_cent: int) -> None:
        with sessions.write() as short:
            if not note_progress(short, row.id, row.attempt, min(99, per_cent * 3), now=clock.now()):
                raise Stale

    with sessions.read() as session:
        report = import_year(
            session,
            _uploader(session, row),
            row.content or b"",
            good_rows=False,
            dry_run=True,
            installation_id=installation_id,
            zone=zone,
            now=clock.now(),
            progress=progress,
        )
    _end(sessions, row, ImportState.CHECKED, report)


def _bring_in(sessions: Sessions, row: YearImport, installation_id: str, zone: ZoneInfo) -> None:
    now = clock.now()
    with sessions.write() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        report = import_year(
            session,
            _uploader(session, row),
            row.content or b"",
            good_rows=row.good_rows_only,
            dry_run=False,
            installation_id=installation_id,
            zone=zone,
            now=now,
        )
        state = ImportState.DONE if report.applied else ImportState.CHECKED
        finish(session, row.id, row.attempt, state, _kept(report), now=now)


def _end(sessions: Sessions, row: YearImport, state: ImportState, report: ImportReport) -> None:
    with sessions.write() as session:
        finish(session, row.id, row.attempt, state, _kept(report), now=clock.now())


def _fail(sessions: Sessions, row: YearImport, message_id: str, facts: dict[str, object]) -> None:
    plain = {name: str(value) for name, value in facts.items()}
    try:
        with sessions.write() as session:
            report = {"failed": {"message_id": message_id, "facts": plain}}
            finish(session, row.id, row.attempt, ImportState.FAILED, report, now=clock.now())
    except Stale:
        _log.info("import %s was taken away while it failed", row.id)


def _kept(report: ImportReport) -> dict[str, object]:
    kept = report.as_json()
    kept["problem_count"] = len(kept["problems"])
    kept["error_count"] = len(report.errors)
    kept["problems"] = kept["problems"][:MOST_PROBLEMS]
    return kept


def _uploader(session: Session, row: YearImport) -> Actor:
    found = session.execute(
        select(Person, Unit.path)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id == row.uploaded_by_id, Person.left_at.is_(None))
    ).first()
    if found is None:
        raise Missing
    return actor_for(session, found[0], found[1])
