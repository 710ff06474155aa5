"""Assessing at the end of a pairing whether the mentee attained what it was for."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, Stale, lazy, lazy_gettext
from scheduler.core.text import clean_line, clean_text
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.turning import today_in
from scheduler.mentoring.models import Attainment
from scheduler.mentoring.queries import get_pairing
from scheduler.mentoring.rules.attainment import may_be_assessed


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the officer found; `replaces_id` is the assessment that was seen to stand, with the `reason` to change it."""

    attained: bool
    day: date
    evidence: str
    replaces_id: int | None = None
    reason: str = ""


def assess(
    session: Session, actor: Actor, pairing_id: int, found: Assessment, *, zone: ZoneInfo, now: datetime
) -> Attainment:
    """Note whether the mentee attained what the pairing was for, or correct what was noted.

    Refuses (Missing) whoever does not look after the mentee's unit, and the two themselves; a pairing that is not near
    its end, a day to come or before it, no evidence, a correction without a reason; Stale, if another assessment stands
    than the one that was seen.
    """
    shown = get_pairing(session, actor, pairing_id)
    pairing = shown.pairing
    actor.require(MentoringPermission.MANAGE, shown.mentee_path)
    if actor.person_id in {pairing.mentor_id, pairing.mentee_id}:
        raise Missing
    today = today_in(zone, now)
    if not may_be_assessed(pairing.status, pairing.last_day, today):
        raise Refusal(lazy("A pairing is assessed in its last thirty days, or when it is over."))
    evidence = clean_text(found.evidence, limit=2000, label=lazy_gettext("Evidence"))
    if not evidence:
        raise Refusal(lazy("Say what shows it: a test, a work done, an appraisal."), field="evidence")
    if not pairing.starts_on <= found.day <= today:
        raise Refusal(lazy("The day of an assessment lies between the pairing's first day and today."), field="day")
    present = session.scalars(
        select(Attainment)
        .where(Attainment.pairing_id == pairing_id, Attainment.replaced_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if (present.id if present else None) != found.replaces_id:
        raise Stale
    reason = clean_line(found.reason, limit=300, label=lazy_gettext("Reason"))
    if present is not None:
        if not reason:
            raise Refusal(lazy("Say why the assessment is changed."), field="reason")
        present.replaced_at = now
        session.flush()
    made = Attainment(
        pairing_id=pairing_id,
        attained=found.attained,
        day=found.day,
        evidence=evidence,
        reason=reason if present is not None else "",
        noted_at=now,
        by_id=actor.person_id,
        by_name=actor.name[:80],
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Stale from error
    record(
        session, actor, "assess", "pairing", pairing_id, now=now, attained=made.attained, day=made.day, reason=reason
    )
    return made
