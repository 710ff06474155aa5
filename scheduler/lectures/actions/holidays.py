"""Deciding about an evening that a public holiday takes: skip it, move it, or keep it."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.actions import cancel_activity, move_activity, restore_activity
from scheduler.agenda.terms import Consent
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.periods import local_span
from scheduler.core.text import clean_line
from scheduler.lectures.actions.programmes import add_evenings, evening_plan
from scheduler.lectures.models import HolidayDecision, Programme
from scheduler.lectures.queries import SlotState, get_planned, slot_states
from scheduler.lectures.terms import EveningRow, HolidayChoice, Trouble


def decide_holiday(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    programme_id: int,
    slot_on: date,
    choice: HolidayChoice,
    *,
    moved_to: date | None,
    reason: str,
    pattern: str,
    consent: Consent,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> HolidayDecision:
    """Keep a person's decision about a slot on a public holiday, with the reason, and carry it out at once.

    An evening that is there already is cancelled, moved or left; one that is missing is made (title by `pattern`),
    unless it is skipped. A later decision replaces the earlier one. Refuses a slot that is no holiday of
    the rule (Missing), a blank reason, a move without a date, and as agenda.actions.move_activity.
    """
    programme = get_planned(session, actor, programme_id)
    state = next((one for one in slot_states(session, programme) if one.slot.day == slot_on), None)
    if state is None or state.trouble is not Trouble.OFF:
        raise Missing
    reason = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if not reason:
        raise Refusal(lazy("Say why: the decision is kept with its reason."), field="reason")
    if choice is HolidayChoice.MOVE and moved_to is None:
        raise Refusal(lazy("Choose the new date."), field="moved_to")
    target = moved_to if choice is HolidayChoice.MOVE else None
    decision = _write(session, actor, programme, state, choice, target, reason, now=now)
    # that it is a holiday has just been decided; only a venue or lecturer that is taken still stops it
    consent = replace(consent, confirmed=True)
    if state.evening is None:
        if choice is not HolidayChoice.SKIP:
            plan = evening_plan(programme, state, target or slot_on, pattern, zone)
            add_evenings(
                session,
                actor,
                [(state.series.id, slot_on)],
                [plan],
                consent=consent,
                installation_id=installation_id,
                zone=zone,
                now=now,
            )
    elif choice is HolidayChoice.SKIP:
        if not state.evening.is_cancelled:
            cancel_activity(
                session, actor, state.evening.activity_id, version=state.evening.version, reason=reason, now=now
            )
    else:
        _hold_on(session, actor, state.evening, target or slot_on, reason, consent, zone=zone, now=now)
    record(
        session,
        actor,
        "decide_holiday",
        "programme",
        programme.id,
        now=now,
        slot_on=slot_on,
        choice=choice,
        moved_to=target,
        reason=reason,
    )
    return decision


def _hold_on(
    session: Session,
    actor: Actor,
    evening: EveningRow,
    day: date,
    reason: str,
    consent: Consent,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    version = evening.version
    if evening.is_cancelled:
        back = restore_activity(
            session, actor, evening.activity_id, version=version, reason=reason, consent=consent, zone=zone, now=now
        )
        version = back.version
    start, end = evening.starts_at.astimezone(zone), evening.ends_at.astimezone(zone)
    if start.date() != day:
        move_activity(
            session,
            actor,
            evening.activity_id,
            version=version,
            span=local_span(day, start.time(), end.time(), zone),
            reason=reason,
            consent=consent,
            zone=zone,
            now=now,
        )


def _write(
    session: Session,
    actor: Actor,
    programme: Programme,
    state: SlotState,
    choice: HolidayChoice,
    moved_to: date | None,
    reason: str,
    *,
    now: datetime,
) -> HolidayDecision:
    decision = state.decision or HolidayDecision(programme_id=programme.id, slot_on=state.slot.day)
    decision.choice, decision.moved_to, decision.reason = choice, moved_to, reason
    decision.decided_at, decision.decided_by_id = now, actor.person_id
    session.add(decision)
    session.flush()
    return decision
