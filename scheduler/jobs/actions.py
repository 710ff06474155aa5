"""Slots of jobs: taking up what is due, claiming, finishing, giving back.

The one clock of leases is the database's, for the processes that share it may run on several machines.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from scheduler.core.database import DatabaseClock, insert_into
from scheduler.jobs.models import JobSlot
from scheduler.jobs.terms import CatchUp, Claim, Job, LeaseLost


def take_up_slots(session: Session, slots: Iterable[tuple[Job, datetime]]) -> None:
    """Make the due slots of jobs rows; one that another process has made already stays as it is.

    A new slot of a job that catches up with the latest puts an end to its earlier ones that nobody is at.
    """
    slots = list(slots)
    if not slots:
        return
    session.execute(
        insert_into(session, JobSlot).on_conflict_do_nothing(),
        [{"job": job.name, "due_at": due_at} for job, due_at in slots],
    )
    clock = _database_time(session)
    for job, due_at in slots:
        if job.catch_up is CatchUp.LATEST:
            session.execute(
                update(JobSlot)
                .where(JobSlot.job == job.name, JobSlot.due_at < due_at, JobSlot.done_at.is_(None), _free(clock))
                .values(done_at=clock, outcome="superseded")
            )


def claim_slot(session: Session, jobs: Collection[str], *, owner: str, lease: timedelta, now: datetime) -> Claim | None:
    """Claim the oldest slot of `jobs` that is due and free for `owner` until `lease` has passed; None: there is none.

    To be committed before the work begins, so that others see it.
    """
    clock = _database_time(session)
    candidate = (
        select(JobSlot.id)
        .where(JobSlot.job.in_(jobs), JobSlot.due_at <= now, JobSlot.done_at.is_(None), _free(clock))
        .order_by(JobSlot.due_at, JobSlot.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    slot_id = session.scalar(candidate)
    if slot_id is None:
        return None
    claimed = session.execute(
        update(JobSlot)
        .where(JobSlot.id == slot_id, JobSlot.done_at.is_(None), _free(clock))
        .values(owner=owner, attempt=JobSlot.attempt + 1, leased_until=clock + lease)
        .returning(JobSlot.job, JobSlot.due_at, JobSlot.attempt)
    ).one()
    return Claim(slot_id, claimed.job, claimed.due_at, owner, claimed.attempt)


def finish_slot(session: Session, claim: Claim) -> None:
    """Note that the slot is done, in the transaction of its effect and before it; refuses with LeaseLost.

    First, because it locks the slot: a process that lost its lease waits here and is then refused.
    """
    done = session.execute(_held(claim).values(done_at=_database_time(session), outcome="done"))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise LeaseLost


def give_back_slot(session: Session, claim: Claim, *, outcome: str, retry_after: timedelta) -> None:
    """Note that the work failed, and leave the slot alone for `retry_after`; does nothing where the lease is lost."""
    session.execute(
        _held(claim).values(owner=None, leased_until=_database_time(session) + retry_after, outcome=outcome[:300])
    )


def clear_slots(session: Session, *, before: datetime) -> None:
    """Delete slots that were done and due before then, but never a job's newest: catching up begins there."""
    newer = aliased(JobSlot)
    has_newer = select(newer.id).where(newer.job == JobSlot.job, newer.due_at > JobSlot.due_at).exists()
    session.execute(
        delete(JobSlot)
        .where(JobSlot.done_at.is_not(None), JobSlot.due_at < before, has_newer)
        .execution_options(synchronize_session=False)
    )


def _held(claim: Claim) -> Any:
    return (
        update(JobSlot)
        .where(
            JobSlot.id == claim.slot_id,
            JobSlot.owner == claim.owner,
            JobSlot.attempt == claim.attempt,
            JobSlot.done_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def _free(clock: datetime) -> Any:
    return or_(JobSlot.leased_until.is_(None), JobSlot.leased_until < clock)


def _database_time(session: Session) -> datetime:
    return session.scalars(select(DatabaseClock())).one()
