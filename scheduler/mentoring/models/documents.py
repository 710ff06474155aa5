"""Word forms that an office put in the place of those that the product ships."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.mentoring.terms.documents import DocumentKind


class DocumentForm(Base):
    """The office's own form; no row: the product's."""

    __tablename__ = "document_form"

    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80))
