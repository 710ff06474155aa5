"""The office's own Word forms."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.documents import check_form
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.models import DocumentForm
from scheduler.mentoring.terms.documents import SAMPLES, DocumentKind


def replace_form(session: Session, actor: Actor, kind: DocumentKind, body: bytes, *, now: datetime) -> None:
    """Put the office's own form in the place of the present one.

    Refuses whoever is no admin of the whole tree (Missing), what is no Word document, too large, or asks for what there
    is not; it was filled with a sample before it is kept.
    """
    actor.require(MentoringPermission.PROGRAMMES)
    check_form(body, SAMPLES[kind])
    session.merge(DocumentForm(kind=kind, body=body, changed_at=now, changed_by=actor.name[:80]))
    session.flush()
    record(session, actor, "replace", "document_form", kind.value, now=now, size=len(body))


def reset_form(session: Session, actor: Actor, kind: DocumentKind, *, now: datetime) -> None:
    """Go back to the form that the product ships. A repeat changes nothing."""
    actor.require(MentoringPermission.PROGRAMMES)
    session.execute(delete(DocumentForm).where(DocumentForm.kind == kind))
    record(session, actor, "reset", "document_form", kind.value, now=now)
