"""Files of items: kept for their dry run, then brought in or dropped; the report stays."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.actions.bank import import_items
from scheduler.quizzes.models import ItemFile
from scheduler.quizzes.queries.bank import known_items
from scheduler.quizzes.rules.bank.comparing import compare
from scheduler.quizzes.rules.bank.files import read_file
from scheduler.quizzes.terms.reading import BankReport


def upload_items(session: Session, actor: Actor, file_name: str, data: bytes, *, now: datetime) -> ItemFile:
    """Keep a file of items with the report of its dry run; the bank does not change.

    Refuses with UnreadableFile or UnreadableWorkbook what cannot be read at all.
    """
    actor.require(QuizPermission.BANK)
    report, _new = compare(read_file(data), known_items(session))
    name = clean_line(file_name.replace("\\", "/").rpartition("/")[2], limit=200, label=lazy_gettext("File name"))
    row = ItemFile(
        file_name=name or "items",
        content=data,
        uploaded_by_id=actor.person_id,
        uploaded_at=now,
        report=report.as_json(),
    )
    session.add(row)
    session.flush()
    record(session, actor, "upload", "item_file", row.id, now=now, file_name=row.file_name)
    return row


def import_file(session: Session, actor: Actor, file_id: int, *, now: datetime) -> BankReport:
    """Bring the good items of an uploaded file in, as the bank is now; refuses one that was imported or discarded."""
    row = _open(session, actor, file_id)
    report, new = compare(read_file(row.content or b""), known_items(session))
    added = import_items(session, actor, new, now=now)
    report = replace(report, new=len(added), present=report.present + len(new) - len(added))
    row.content, row.imported_at, row.report = None, now, report.as_json()
    session.flush()
    record(session, actor, "import", "item_file", row.id, now=now, added=report.new, refused=report.refused)
    return report


def discard_file(session: Session, actor: Actor, file_id: int, *, now: datetime) -> ItemFile:
    """Drop an uploaded file; nothing of it comes into the bank. Refuses one that was imported or discarded."""
    row = _open(session, actor, file_id)
    row.content = None
    row.report = {**row.report, "discarded": True}
    session.flush()
    record(session, actor, "discard", "item_file", row.id, now=now)
    return row


def _open(session: Session, actor: Actor, file_id: int) -> ItemFile:
    """Return a file that waits for its import, locked, with its content."""
    actor.require(QuizPermission.BANK)
    found = select(ItemFile).where(ItemFile.id == file_id).options(undefer(ItemFile.content)).with_for_update()
    row = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise Missing
    if row.content is None:
        raise Refusal(lazy("This file was imported or discarded already."))
    return row
