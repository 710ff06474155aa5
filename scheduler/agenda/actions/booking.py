"""What every act that takes a time does: check it, ask for consent, and translate what the database refuses."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.queries import WorkCalendar, find_clashes, nearest_slots
from scheduler.agenda.rules.clashes import judge
from scheduler.agenda.terms import LONGEST, ActivityPlan, Clash, Consent, DoubleBooking, NeedsConfirmation, Severity
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.errors import Missing, Refusal, Stale, lazy, lazy_gettext
from scheduler.core.periods import Span
from scheduler.core.text import clean_line
from scheduler.people.models import Unit

_TAKEN = frozenset({"23P01", "40P01"})
"""PostgreSQL: exclusion_violation, and deadlock_detected, which is two bookings of one slot at once."""


_PATHS = select(Unit.path).where(Unit.id.in_(bindparam("unit_ids", expanding=True)))


def require_unit(session: Session, actor: Actor, unit_ids: Collection[int]) -> None:
    """Refuse with Missing unless the actor plans for all these units; one statement, none for the system."""
    if actor.system:
        return
    paths = [row.path for row in plain_rows(session, _PATHS, unit_ids=list(set(unit_ids)))]
    if len(paths) != len(set(unit_ids)):
        raise Missing
    for path in paths:
        actor.require(AgendaPermission.MANAGE, path)


def check_length(span: Span) -> None:
    """Refuse what lasts longer than a day."""
    if span.length > LONGEST:
        raise Refusal(lazy("An activity lasts at most 24 hours. Plan longer things as several activities."))


def agreed(
    session: Session,
    actor: Actor,
    plans: Sequence[ActivityPlan],
    consent: Consent,
    *,
    zone: ZoneInfo,
    now: datetime,
    ignoring: Collection[int] = (),
    calendar: WorkCalendar | None = None,
) -> list[Clash]:
    """Return the clashes of `plans` that `consent` covers.

    Refuses with DoubleBooking or NeedsConfirmation, each with all clashes and the nearest free slots of the
    first plan that clashes. Only who may override for all host units is allowed to give an override's reason.
    """
    if consent.override_reason is not None and consent.override_reason.strip():
        if not _may_override(session, actor, plans):
            raise Refusal(lazy("Only the training office may book a venue or lecturer twice."))
        clean_line(consent.override_reason, limit=300, label=lazy_gettext("Reason"))
    clashes = find_clashes(session, actor, plans, zone=zone, ignoring=ignoring, calendar=calendar)
    verdict = judge(clashes, consent)
    if verdict.blocking or verdict.asking:
        first = plans[(verdict.blocking or verdict.asking)[0].plan]
        slots = nearest_slots(session, first, zone=zone, now=now, ignoring=ignoring)
        raise DoubleBooking(clashes, slots) if verdict.blocking else NeedsConfirmation(clashes, slots)
    return clashes


def _may_override(session: Session, actor: Actor, plans: Sequence[ActivityPlan]) -> bool:
    """Tell whether the actor may override for every host unit; one statement, none for the system."""
    if actor.system:
        return True
    paths = plain_rows(session, _PATHS, unit_ids=list({plan.host_unit_id for plan in plans}))
    return all(actor.may(AgendaPermission.OVERRIDE, row.path) for row in paths)


def override_of(consent: Consent, clashes: Sequence[Clash], plan: int = 0) -> str | None:
    """Return the reason to keep with plan number `plan`: only where it really books something twice."""
    blocked = any(clash.plan == plan and clash.severity is Severity.BLOCK for clash in clashes)
    reason = (consent.override_reason or "").strip()
    return reason if blocked and reason else None


@contextmanager
def lost_updates_translated(session: Session) -> Iterator[None]:
    """Turn the loss of an update to somebody who was faster into Stale."""
    try:
        yield
    except StaleDataError as error:
        session.rollback()
        raise Stale from error


@contextmanager
def refusals_translated(
    session: Session,
    actor: Actor,
    plans: Sequence[ActivityPlan],
    *,
    zone: ZoneInfo,
    now: datetime,
    ignoring: Collection[int] = (),
) -> Iterator[None]:
    """Turn the database's own refusal of a double booking into DoubleBooking, and a lost update into Stale.

    The transaction is lost by then (PostgreSQL aborts it): it is rolled back, and what won is looked for in another.
    """
    try:
        with lost_updates_translated(session):
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _TAKEN and "double booking" not in str(error.orig):
            raise
        bind = session.get_bind()
        session.rollback()
        with Session(bind) as fresh:
            clashes = find_clashes(fresh, actor, plans, zone=zone, ignoring=ignoring)
            first = next((clash.plan for clash in clashes if clash.severity is Severity.BLOCK), None)
            if first is None:  # what won has gone again
                raise Stale from error
            slots = nearest_slots(fresh, plans[first], zone=zone, now=now, ignoring=ignoring)
        raise DoubleBooking(clashes, slots) from error
