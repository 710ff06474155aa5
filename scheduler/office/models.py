"""Imports: what was uploaded, what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base
from scheduler.office.terms import ImportState


class YearImport(Base):
    """A workbook that somebody uploaded: its dry run, then its import; the report stays."""

    __tablename__ = "year_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The workbook; dropped once it is imported or discarded."""
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[ImportState]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    """The fencing token of whoever works on it: a worker whose token is old writes nothing."""
    leased_until: Mapped[datetime | None]
    """Until when a worker that says nothing is believed to be at work."""
    good_rows_only: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[int] = mapped_column(default=0)
    """Per cent."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
