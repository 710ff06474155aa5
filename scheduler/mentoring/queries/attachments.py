"""Files beside records, for those who may read their words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.mentoring.models import AttachmentContent, GuidanceAttachment
from scheduler.mentoring.queries.visibility import get_pairing_of
from scheduler.mentoring.terms.attachments import Attachment, AttachmentRow


def attachments_of(session: Session, record_id: int) -> list[AttachmentRow]:
    """Return the files beside a record, as they were sent; the caller has asked who may read the words."""
    own = GuidanceAttachment.record_id == record_id
    rows = session.scalars(select(GuidanceAttachment).where(own).order_by(GuidanceAttachment.id))
    return [AttachmentRow(row.id, row.stored_as, row.name, row.size) for row in rows]


def get_attachment(session: Session, actor: Actor, record_id: int, key: str) -> Attachment:
    """Return a file with its content; refuses with Missing whoever may not read the words of the record."""
    if not get_pairing_of(session, actor, record_id).reads_words:
        raise Missing
    row = session.execute(
        select(GuidanceAttachment, AttachmentContent.body)
        .join(AttachmentContent, AttachmentContent.attachment_id == GuidanceAttachment.id)
        .where(GuidanceAttachment.record_id == record_id, GuidanceAttachment.stored_as == key)
    ).one_or_none()
    if row is None:
        raise Missing
    return Attachment(row[0].name, row[0].media_type, row.body)
