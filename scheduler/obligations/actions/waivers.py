"""Waiving a duty for one period, and taking that back."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.queries import Moment, one_standing, standings


def waive(
    session: Session, actor: Actor, obligation: Obligation, subject_id: int, reason: str, *, at: Moment
) -> Waiver:
    """Let a subject owe nothing in the period of `at`. The obligation's unit is loaded.

    Refuses (Missing) a subject that the actor does not look after or that owes nothing of this, no reason, and a second one.
    """
    scopes = actor.scopes(ObligationPermission.WAIVE)
    standing = one_standing(session, obligation, standings(obligation, at, scopes), subject_id)
    if standing is None or not obligation.stood_in(at.period):
        raise Missing
    reason = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why it is waived."), field="reason")
    if standing.waiver_id is not None:
        raise Refusal(lazy("It is waived already."))
    made = Waiver(
        obligation_id=obligation.id,
        subject_id=subject_id,
        period_start=at.period.first,
        reason=reason,
        granted_at=at.now,
        granted_by=actor.name[:80],
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(lazy("It is waived already.")) from error
    record(
        session, actor, "waive", "obligation", obligation.id, now=at.now, subject_id=subject_id,
        period=at.period.first, reason=reason,
    )  # fmt: skip
    return made


def lift(session: Session, actor: Actor, obligation: Obligation, subject_id: int, *, at: Moment) -> Waiver:
    """Take a waiver back. Refuses (Missing) where there is none that the actor may lift."""
    scopes = actor.scopes(ObligationPermission.WAIVE)
    standing = one_standing(session, obligation, standings(obligation, at, scopes), subject_id)
    if standing is None or standing.waiver_id is None:
        raise Missing
    open_one = select(Waiver).where(Waiver.id == standing.waiver_id, Waiver.lifted_at.is_(None))
    waiver = session.scalars(open_one.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if waiver is None:
        raise Missing
    waiver.lifted_at, waiver.lifted_by = at.now, actor.name[:80]
    session.flush()
    record(
        session, actor, "lift", "obligation", obligation.id, now=at.now, subject_id=subject_id, period=at.period.first
    )
    return waiver
