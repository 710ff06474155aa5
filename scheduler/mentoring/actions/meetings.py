"""Planned guidance sessions: activities in both calendars, which become records with one tap."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activity, create_activities, create_audience, enrol
from scheduler.agenda.models import Activity
from scheduler.agenda.queries import find_clashes
from scheduler.agenda.terms import (
    ActivityKind,
    ActivityPlan,
    AudienceKind,
    Consent,
    DoubleBooking,
    MembershipSource,
    NeedsConfirmation,
)
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy
from scheduler.core.periods import Span
from scheduler.mentoring.models import Pairing
from scheduler.mentoring.queries import Shown, find_meeting, get_pairing
from scheduler.mentoring.terms import OPEN


def plan_meeting(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    pairing_id: int,
    *,
    span: Span,
    title: str,
    description: str = "",
    venue_id: int | None = None,
    consent: Consent,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Activity:
    """Put a guidance session into the calendars of both sides. Their mentor may, and who looks after the pairing.

    Refuses a pairing that is not in force, a day outside of it, and clashes as every activity does, a taken venue whatever
    the consent says; of the other activity no more is said than the actor may see.
    """
    shown = _reach(session, actor, pairing_id)
    pairing = shown.pairing
    day = span.start.astimezone(zone).date()
    if pairing.status not in OPEN or not pairing.starts_on <= day <= pairing.last_day:
        raise Refusal(lazy("The pairing is not in force on that day."), field="day")
    acting = _with_agenda(actor)
    # the borrowed rights are for the pair's own time: nobody books a venue twice by them
    agreed_to = Consent(confirmed=consent.confirmed)
    audience_id = pairing.audience_id or _audience(session, acting, pairing, now=now)
    plan = ActivityPlan(
        ActivityKind.GUIDANCE,
        title,
        span,
        audience_id,
        pairing.mentee.unit_id,
        venue_id,
        description=description,
    )
    try:
        made = create_activities(
            session, acting, [plan], consent=agreed_to, installation_id=installation_id, zone=zone, now=now
        )
    except (DoubleBooking, NeedsConfirmation) as refusal:
        raise type(refusal)(find_clashes(session, actor, [plan], zone=zone), refusal.proposals) from refusal
    return made[0]


def cancel_meeting(
    session: Session, actor: Actor, pairing_id: int, activity_id: int, *, version: int, reason: str, now: datetime
) -> Activity:
    """Cancel a planned session of a pairing. Refuses as `plan_meeting`, a blank reason, and another version (Stale)."""
    shown = _reach(session, actor, pairing_id)
    if find_meeting(session, shown.pairing, activity_id) is None:
        raise Missing
    return cancel_activity(session, _with_agenda(actor), activity_id, version=version, reason=reason, now=now)


def _reach(session: Session, actor: Actor, pairing_id: int) -> Shown:
    shown = get_pairing(session, actor, pairing_id)
    if not (shown.guides or shown.manages):
        raise Missing
    return shown


def _with_agenda(actor: Actor) -> Actor:
    """Return the actor with the agenda's rights: the right to meet was asked for here; the audit still names who acts."""
    return replace(actor, system=True)


def _audience(session: Session, acting: Actor, pairing: Pairing, *, now: datetime) -> int:
    name = f"{pairing.mentor.name} · {pairing.mentee.name}"
    audience = create_audience(
        session, acting, AudienceKind.PEOPLE, f"pairing-{pairing.id}", name, pairing.mentee.unit_id, now=now
    )
    pair = (pairing.mentor_id, pairing.mentee_id)
    enrol(session, acting, audience.id, pair, source=MembershipSource.NAMED, now=now)
    pairing.audience_id = audience.id
    session.flush()
    return audience.id
