"""Laying files beside records: once with each record, and taken along by a correction."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from scheduler.core.errors import Refusal, lazy
from scheduler.mentoring.models import AttachmentContent, GuidanceAttachment
from scheduler.mentoring.rules.attachments import MOST_FILES
from scheduler.mentoring.terms.attachments import Attachment, Beside


def attach(session: Session, record_ids: Iterable[int], files: Collection[Attachment], *, now: datetime) -> None:
    """Lay files beside records that were just filed; no statement where there are none."""
    for record_id in record_ids if files else ():
        for file in files:
            made = GuidanceAttachment(
                record_id=record_id,
                stored_as=secrets.token_urlsafe(24),
                name=file.name,
                media_type=file.media_type,
                size=len(file.body),
                added_at=now,
            )
            session.add(made)
            session.flush()
            session.execute(insert(AttachmentContent).values(attachment_id=made.id, body=file.body))


def take_along(session: Session, old_id: int, new_id: int, beside: Beside) -> None:
    """Copy those of a record's files that are kept to the record that corrects it; no statement where none is.

    Refuses more than a record may have, the new ones counted. The old record keeps its own: what was filed stays.
    """
    if not beside.kept:
        return
    old = (GuidanceAttachment.record_id == old_id, GuidanceAttachment.id.in_(beside.kept))
    rows = session.scalars(select(GuidanceAttachment).where(*old).order_by(GuidanceAttachment.id)).all()
    if len(rows) + len(beside.files) > MOST_FILES:
        raise Refusal(lazy("At most %(most)s files beside a record."), field="files", most=MOST_FILES)
    for row in rows:
        made = GuidanceAttachment(
            record_id=new_id,
            stored_as=secrets.token_urlsafe(24),
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            added_at=row.added_at,
        )
        session.add(made)
        session.flush()
        body = select(literal(made.id), AttachmentContent.body).where(AttachmentContent.attachment_id == row.id)
        session.execute(insert(AttachmentContent).from_select(["attachment_id", "body"], body))
