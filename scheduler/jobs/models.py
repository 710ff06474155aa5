"""Slots of jobs: each due moment of each job is one row, claimed by one process."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.core.database import Base


class JobSlot(Base):
    """A due moment of a job. `attempt` is the fencing token of whoever holds the lease."""

    __tablename__ = "job_slot"
    __table_args__ = (
        UniqueConstraint("job", "due_at"),
        CheckConstraint("attempt >= 0", name="attempt"),
        Index(None, "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[datetime]
    owner: Mapped[str | None] = mapped_column(String(80))
    attempt: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(300), default="")
