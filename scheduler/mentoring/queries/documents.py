"""Word forms as they stand, and what they are filled with."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from scheduler.mentoring.models import DocumentForm
from scheduler.mentoring.queries.visibility import Shown
from scheduler.mentoring.terms.documents import DocumentKind

FORMS = Path(__file__).resolve().parents[3] / "templates" / "mentoring" / "documents"
"""The forms that the product ships."""


def form_of(session: Session, kind: DocumentKind) -> bytes:
    """Return the form that is filled in: the office's own, else the product's."""
    own = session.scalar(select(DocumentForm.body).where(DocumentForm.kind == kind))
    return own or (FORMS / f"{kind.value}.docx").read_bytes()


def own_forms(session: Session) -> dict[DocumentKind, DocumentForm]:
    """Return which forms are the office's own, without what they hold."""
    rows: Sequence[DocumentForm] = session.scalars(select(DocumentForm).options(defer(DocumentForm.body))).all()
    return {row.kind: row for row in rows}


def agreement_facts(shown: Shown, language: str) -> dict[str, object]:
    """Return what an agreement is filled with."""
    pairing = shown.pairing
    return {
        "mentor": pairing.mentor.name,
        "mentor_unit": pairing.mentor.unit.name,
        "mentee": pairing.mentee.name,
        "mentee_unit": pairing.mentee.unit.name,
        "sponsor": pairing.sponsor.name if pairing.sponsor else "",
        "programme": pairing.programme.name(language),
        "starts_on": written(pairing.starts_on),
        "ends_on": written(pairing.ends_on),
        "duty": pairing.programme.duty,
        "content_areas": pairing.content_areas,
        "goals": pairing.goals,
        "plan": pairing.development_plan,
    }


def written(day: date) -> str:
    """Return a day as the office's forms write it, in whatever language they are read."""
    return f"{day.year}年{day.month}月{day.day}日"
