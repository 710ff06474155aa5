"""Sittings planned, changed, moved, cancelled, released."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import (
    cancel_activity,
    create_activities,
    create_audience,
    enrol,
    enrol_unit,
    move_activity,
)
from scheduler.agenda.models import Attendance, Audience
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, Consent, MembershipSource
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, refuse_stale
from scheduler.core.periods import Span
from scheduler.people.models import Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Paper, Sitting
from scheduler.quizzes.queries.papers import drawables, items_of, rules_of
from scheduler.quizzes.queries.sittings import get_held
from scheduler.quizzes.rules.drawing import draws
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules

_BOUNDS = {
    "length_minutes": (1, 1440),
    "attempts": (1, 20),
    "pass_mark": (1, 100),
    "threshold": (1, 100),
    "smallest_unit": (1, 1000),
    "stagger_minutes": (0, 720),
    "regrade_days": (0, 90),
    "confirm_days": (0, 90),
}


def plan_sitting(
    session: Session,
    actor: Actor,
    plan: SittingPlan,
    *,
    consent: Consent = Consent(),  # noqa: B008 - frozen
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Sitting:
    """Hold a paper at a time: an activity in the calendars of all who are due.

    Refuses what every activity refuses (clashes among them), a paper that the bank cannot fill, nobody due, and
    numbers out of bounds; Missing for a host or an audience that the actor does not plan for.
    """
    require_host(session, actor, plan.host_unit_id)
    check_rules(plan.rules)
    paper = session.get(Paper, plan.paper_id)
    if paper is None:
        raise Refusal(lazy("Choose a paper."), field="paper")
    rules = rules_of(session, paper.id)
    if rules:
        draws(rules, drawables(session, rules))
    elif not items_of(session, paper.id):
        raise Refusal(lazy("This paper asks nothing."), field="paper")
    if plan.audience_id is None:
        audience_id = _audience(session, actor, plan, now=now)
    else:
        audience_id = require_audience(session, actor, plan.audience_id)
    held = ActivityPlan(
        ActivityKind.QUIZ, plan.title, plan.span, audience_id, plan.host_unit_id, venue_id=plan.venue_id
    )
    edge: dict[str, Any] = {"installation_id": installation_id, "zone": zone, "now": now}
    sitting = hold(session, actor, held, paper.id, plan.rules, consent=consent, **edge)
    due = select(Attendance.person_id).where(Attendance.activity_id == sitting.activity_id).limit(1)
    if session.scalar(due) is None:
        raise Refusal(lazy("Nobody would be due: choose units, people, or a class with a roster."), field="units")
    return sitting


def hold(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    plan: ActivityPlan,
    paper_id: int,
    rules: SittingRules,
    *,
    consent: Consent = Consent(),  # noqa: B008 - frozen
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Sitting:
    """Hold a paper at the time and for the audience of `plan`, by these rules; refuses what every activity refuses."""
    (activity,) = create_activities(
        session, actor, [plan], consent=consent, installation_id=installation_id, zone=zone, now=now
    )
    sitting = Sitting(activity_id=activity.id, paper_id=paper_id, **asdict(rules))
    session.add(sitting)
    session.flush()
    record(session, actor, "create", "sitting", sitting.id, now=now, activity_id=activity.id, paper_id=paper_id)
    return sitting


_FIELDS = tuple(SittingRules.__dataclass_fields__)


def check_rules(rules: SittingRules) -> None:
    """Refuse numbers out of bounds, beside the field that they stand in."""
    check_bounds(rules, _BOUNDS)


def check_bounds(plan: object, bounds: Mapping[str, tuple[int, int]]) -> None:
    """Refuse what of `plan` is not within its bounds, by name, beside the field of that name."""
    for name, (least, most) in bounds.items():
        if not least <= getattr(plan, name) <= most:
            raise Refusal(lazy("This must be %(least)s to %(most)s."), field=name, least=least, most=most)


def change_rules(
    session: Session, actor: Actor, sitting_id: int, rules: SittingRules, *, version: int, now: datetime
) -> Sitting:
    """Change the rules of a sitting that has not opened yet."""
    sitting = get_held(session, actor, sitting_id)
    refuse_stale(sitting.version, version)
    if now >= sitting.activity.starts_at:
        raise Refusal(lazy("The sitting has opened; its rules stand."))
    check_rules(rules)
    changed = {}
    for name in _FIELDS:
        before, after = getattr(sitting, name), getattr(rules, name)
        if before != after:
            changed[name] = [before, after]
            setattr(sitting, name, after)
    session.flush()
    record(session, actor, "edit", "sitting", sitting.id, now=now, changed=changed)
    return sitting


def cancel_sitting(
    session: Session, actor: Actor, sitting_id: int, *, version: int, reason: str, now: datetime
) -> Sitting:
    """Cancel a sitting that has not opened yet; whoever was due is told. Refuses a blank reason."""
    sitting = get_held(session, actor, sitting_id)
    if now >= sitting.activity.starts_at:
        raise Refusal(lazy("The sitting has opened and cannot be cancelled; single attempts can be called off."))
    cancel_activity(session, actor, sitting.activity_id, version=version, reason=reason, now=now)
    record(session, actor, "cancel", "sitting", sitting.id, now=now, reason=reason)
    return sitting


def move_sitting(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    sitting_id: int,
    span: Span,
    *,
    version: int,
    reason: str,
    consent: Consent,
    zone: ZoneInfo,
    now: datetime,
) -> Sitting:
    """Move a sitting that has not opened yet; whoever is due is told. Refuses as agenda.actions.move_activity."""
    sitting = get_held(session, actor, sitting_id)
    if now >= sitting.activity.starts_at:
        raise Refusal(lazy("The sitting has opened; its time stands. Grant more time instead."))
    move_activity(
        session,
        actor,
        sitting.activity_id,
        version=version,
        span=span,
        reason=reason,
        consent=consent,
        zone=zone,
        now=now,
    )
    return sitting


def release_results(session: Session, actor: Actor, sitting_id: int, *, now: datetime) -> Sitting:
    """Let those who sat see their results. Refuses while the sitting is open."""
    sitting = get_held(session, actor, sitting_id)
    if sitting.closed_at is None:
        raise Refusal(lazy("The sitting is not closed yet."))
    if sitting.released_at is None:
        sitting.released_at = now
        session.flush()
        record(session, actor, "release", "sitting", sitting.id, now=now)
    return sitting


def require_host(session: Session, actor: Actor, unit_id: int) -> None:
    """Refuse with Missing a unit that is none, or for which the actor holds no sittings."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise Missing
    actor.require(QuizPermission.HOLD, path)


def require_audience(session: Session, actor: Actor, audience_id: int) -> int:
    """Return the audience of a class or series whose host is the actor's; refuses with Missing any other."""
    audience = session.get(Audience, audience_id)
    if audience is None:
        raise Missing
    require_host(session, actor, audience.host_unit_id)
    return audience.id


def _audience(session: Session, actor: Actor, plan: SittingPlan, *, now: datetime) -> int:
    if not plan.unit_ids and not plan.person_ids:
        raise Refusal(lazy("Nobody would be due: choose units, people, or a class with a roster."), field="units")
    made = create_audience(
        session, actor, AudienceKind.PEOPLE, f"quiz-{secrets.token_hex(8)}", plan.title, plan.host_unit_id, now=now
    )
    for unit_id in plan.unit_ids:
        enrol_unit(session, actor, made.id, unit_id, now=now)
    if plan.person_ids:
        enrol(session, actor, made.id, plan.person_ids, source=MembershipSource.NAMED, now=now)
    return made.id
