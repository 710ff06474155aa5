"""The life of an uploaded workbook: every step is one conditional change, so that two workers never both do it."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, undefer

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, Stale, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.core.workbooks import open_workbook
from scheduler.office.models import YearImport
from scheduler.office.queries.uploads import get_upload, require_whole_tree
from scheduler.office.rules.uploads import CLAIMABLE, is_interrupted
from scheduler.office.terms import ImportState

LEASE = timedelta(minutes=2)
"""How long a worker may be silent before its work counts as interrupted."""


def upload_workbook(session: Session, actor: Actor, file_name: str, data: bytes, *, now: datetime) -> YearImport:
    """Keep a workbook for its dry run. Refuses at once, with UnreadableWorkbook, what cannot be opened."""
    require_whole_tree(session, actor)
    if actor.person_id is None:
        raise Missing
    open_workbook(data)
    row = YearImport(
        file_name=clean_line(
            file_name.replace("\\", "/").rpartition("/")[2], limit=200, label=lazy_gettext("File name")
        )
        or "year.xlsx",
        content=data,
        digest=sha256(data).hexdigest(),
        state=ImportState.UPLOADED,
        uploaded_by_id=actor.person_id,
        uploaded_at=now,
        report={},
    )
    session.add(row)
    session.flush()
    record(session, actor, "upload", "year_import", row.id, now=now, file_name=row.file_name, digest=row.digest)
    return row


def start_import(session: Session, actor: Actor, import_id: int, *, good_rows: bool, now: datetime) -> YearImport:
    """Ask for the import of a workbook that has been checked; the task does it. Refuses one in another state."""
    row = get_upload(session, actor, import_id)
    if row.state is not ImportState.CHECKED:
        raise Stale
    row.state, row.good_rows_only, row.progress = ImportState.IMPORTING, good_rows, 0
    row.attempt += 1
    row.leased_until = None
    record(session, actor, "start", "year_import", row.id, now=now, good_rows=good_rows)
    return row


def resume_import(session: Session, actor: Actor, import_id: int, *, now: datetime) -> YearImport:
    """Ask for an interrupted or failed step once more. Refuses one that is under way, done or discarded."""
    row = get_upload(session, actor, import_id)
    if row.state is ImportState.FAILED:
        row.state, row.report = ImportState.UPLOADED, {}
    elif not is_interrupted(row.state, row.leased_until, now):
        raise Refusal(lazy("This import is not waiting for anything."))
    row.attempt += 1
    row.leased_until = None
    record(session, actor, "resume", "year_import", row.id, now=now)
    return row


def discard_import(session: Session, actor: Actor, import_id: int, *, now: datetime) -> YearImport:
    """Drop a workbook that is not imported, also while it is worked on: the worker then writes nothing."""
    row = get_upload(session, actor, import_id)
    if row.state in {ImportState.DONE, ImportState.DISCARDED}:
        raise Stale
    row.state, row.content, row.finished_at, row.leased_until = ImportState.DISCARDED, None, now, None
    row.attempt += 1
    record(session, actor, "discard", "year_import", row.id, now=now)
    return row


def claim(session: Session, import_id: int, *, now: datetime) -> YearImport | None:
    """Take the next step of an upload on; None if there is none or another worker has it. The content is loaded."""
    row = session.scalar(select(YearImport).where(YearImport.id == import_id).options(undefer(YearImport.content)))
    if row is None or not is_interrupted(row.state, row.leased_until, now):
        return None
    state = ImportState.IMPORTING if row.state is ImportState.IMPORTING else ImportState.CHECKING
    taken = _change(session, row.id, row.attempt, now, state=state, attempt=row.attempt + 1, progress=1)
    if not taken:
        return None
    session.refresh(row)
    return row


def note_progress(session: Session, import_id: int, attempt: int, per_cent: int, *, now: datetime) -> bool:
    """Say how far the work is; False if it was taken away meanwhile: then stop."""
    return _change(session, import_id, attempt, now, progress=per_cent)


def finish(
    session: Session, import_id: int, attempt: int, state: ImportState, report: dict[str, Any], *, now: datetime
) -> None:
    """End a step with its report; refuses with Stale, and so undoes the step, if it was taken away meanwhile."""
    values: dict[str, Any] = {"state": state, "report": report, "progress": 100, "leased_until": None}
    if state is ImportState.DONE:
        values |= {"content": None, "finished_at": now}
    if not _change(session, import_id, attempt, None, **values):
        raise Stale


def _change(session: Session, import_id: int, token: int, now: datetime | None, **values: Any) -> bool:
    lease = {"leased_until": now + LEASE} if now else {}
    done = session.execute(
        update(YearImport)
        .where(YearImport.id == import_id, YearImport.attempt == token, YearImport.state.in_(CLAIMABLE))
        .values(**lease, **values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(done, CursorResult) and done.rowcount == 1
