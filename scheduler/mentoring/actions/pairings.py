"""Proposing pairings, agreeing to them, and changing what they aim at."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line, clean_text
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.history import append
from scheduler.mentoring.actions.turning import flush, open_pairing, refuse_records, require_step, today_in
from scheduler.mentoring.models import Pairing, Programme
from scheduler.mentoring.queries import get_pairing
from scheduler.mentoring.terms import PairingEventKind, PairingPlan, PairingStatus, Step
from scheduler.notices.actions import post
from scheduler.people.models import Person, Unit

LONGEST_TEXT = 4000


def propose(session: Session, actor: Actor, plan: PairingPlan, *, zone: ZoneInfo, now: datetime) -> Pairing:
    """Propose a pairing; both sides are asked to agree. `term` counts on from earlier ones of the same two.

    Refuses one person for both sides, people who left or do not exist, an end before the beginning, a time outside
    of the programme's, and (with Missing) whoever looks after neither side's unit.
    """
    plan = _clean(plan)
    people = {
        row.id: row
        for row in session.execute(
            select(Person.id, Person.name, Unit.path)
            .join(Unit, Unit.id == Person.unit_id)
            .where(
                Person.id.in_({plan.mentor_id, plan.mentee_id, plan.sponsor_id or 0}),
                Person.left_at.is_(None),
            )
        )
    }
    _check_people(plan, people.keys())
    if not any(actor.may(MentoringPermission.MANAGE, people[key].path) for key in (plan.mentor_id, plan.mentee_id)):
        raise Missing
    programme = session.get(Programme, plan.programme_id)
    if programme is None:
        raise Missing
    _check_period(plan, programme)
    term = _terms(session, plan.mentor_id, plan.mentee_id) + 1
    pairing = Pairing(
        mentor_id=plan.mentor_id,
        mentee_id=plan.mentee_id,
        sponsor_id=plan.sponsor_id,
        programme_id=plan.programme_id,
        term=term,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        content_areas=plan.content_areas,
        goals=plan.goals,
        development_plan=plan.development_plan,
        status=PairingStatus.PROPOSED,
    )
    session.add(pairing)
    session.flush()
    append(session, actor, pairing, PairingEventKind.PROPOSED, day=today_in(zone, now), now=now)
    post(
        session,
        (plan.mentor_id, plan.mentee_id),
        kind="pairing_proposed",
        subject=f"pairing:{pairing.id}",
        slot="",
        message_id=lazy("%(mentor)s shall guide %(mentee)s from %(starts)s. Please agree."),
        address=f"/mentoring/pairings/{pairing.id}",
        now=now,
        mentor=people[plan.mentor_id].name,
        mentee=people[plan.mentee_id].name,
        starts=plan.starts_on.isoformat(),
    )
    return pairing


def agree(session: Session, actor: Actor, pairing_id: int, *, zone: ZoneInfo, now: datetime) -> Pairing:
    """Let the actor, who is mentor or mentee, agree; when both have, the pairing is agreed. A repeat changes nothing."""
    shown = get_pairing(session, actor, pairing_id)
    pairing = shown.pairing
    if not (shown.guides or shown.is_guided):
        raise Missing
    if (pairing.mentor_agreed_at if shown.guides else pairing.mentee_agreed_at) is not None:
        return pairing
    require_step(Step.AGREE, pairing)
    if shown.guides:
        pairing.mentor_agreed_at = now
    else:
        pairing.mentee_agreed_at = now
    if pairing.mentor_agreed_at and pairing.mentee_agreed_at:
        pairing.status = PairingStatus.AGREED
    what = PairingEventKind.MENTOR_AGREED if shown.guides else PairingEventKind.MENTEE_AGREED
    append(session, actor, pairing, what, day=today_in(zone, now), now=now)
    flush(session)
    return pairing


def next_term(
    session: Session, actor: Actor, pairing_id: int, *, starts_on: date, ends_on: date, zone: ZoneInfo, now: datetime
) -> Pairing:
    """Propose another term of the same two, with the goals and plan of this one. Refuses as `propose`."""
    shown = get_pairing(session, actor, pairing_id)
    if not shown.manages:
        raise Missing
    before = shown.pairing
    require_step(Step.NEXT_TERM, before)
    if starts_on <= before.last_day:
        raise Refusal(lazy("The next term begins after the last day of this one."), field="starts_on")
    plan = PairingPlan(
        before.mentor_id,
        before.mentee_id,
        before.programme_id,
        starts_on,
        ends_on,
        before.sponsor_id,
        before.goals,
        before.development_plan,
        before.content_areas,
    )
    return propose(session, actor, plan, zone=zone, now=now)


def revise(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    pairing_id: int,
    *,
    version: int,
    sponsor_id: int | None,
    goals: str,
    development_plan: str,
    ends_on: date,
    zone: ZoneInfo,
    now: datetime,
) -> Pairing:
    """Change sponsor, goals, development plan and last day; each change goes into the history with what stood before."""
    shown = open_pairing(session, actor, pairing_id, version, Step.EDIT)
    pairing = shown.pairing
    plan = _clean(
        PairingPlan(
            pairing.mentor_id,
            pairing.mentee_id,
            pairing.programme_id,
            pairing.starts_on,
            ends_on,
            sponsor_id,
            goals,
            development_plan,
        )
    )
    known = session.scalars(
        select(Person.id).where(Person.id.in_({pairing.mentor_id, pairing.mentee_id, sponsor_id or 0}))
    )
    _check_people(plan, set(known))
    _check_period(plan, pairing.programme)
    if plan.ends_on != pairing.ends_on:
        refuse_records(session, pairing, after=plan.ends_on + plan.ends_on.resolution)
    before = pairing.sponsor.name if pairing.sponsor else ""
    for what, old, new, said in (
        (PairingEventKind.SPONSOR_CHANGED, pairing.sponsor_id, plan.sponsor_id, before),
        (PairingEventKind.GOALS_CHANGED, pairing.goals, plan.goals, pairing.goals),
        (PairingEventKind.PLAN_CHANGED, pairing.development_plan, plan.development_plan, pairing.development_plan),
        (PairingEventKind.PERIOD_CHANGED, pairing.ends_on, plan.ends_on, pairing.ends_on.isoformat()),
    ):
        if old != new:
            append(session, actor, pairing, what, day=today_in(zone, now), now=now, before=said)
    pairing.sponsor_id, pairing.goals, pairing.ends_on = plan.sponsor_id, plan.goals, plan.ends_on
    pairing.development_plan = plan.development_plan
    flush(session)
    return pairing


def _terms(session: Session, mentor_id: int, mentee_id: int) -> int:
    same = (Pairing.mentor_id == mentor_id, Pairing.mentee_id == mentee_id)
    return session.scalar(select(func.max(Pairing.term)).where(*same)) or 0


def _clean(plan: PairingPlan) -> PairingPlan:
    return replace(
        plan,
        goals=clean_text(plan.goals, limit=LONGEST_TEXT, label=lazy_gettext("Goals")),
        development_plan=clean_text(plan.development_plan, limit=LONGEST_TEXT, label=lazy_gettext("Development plan")),
        content_areas=clean_line(plan.content_areas, limit=400, label=lazy_gettext("Content areas")),
    )


def _check_people(plan: PairingPlan, known: Collection[int]) -> None:
    checks = (
        (plan.mentor_id in known, "mentor", lazy("Nobody who works here has this staff number.")),
        (plan.mentee_id in known, "mentee", lazy("Nobody who works here has this staff number.")),
        (
            plan.sponsor_id is None or plan.sponsor_id in known,
            "sponsor",
            lazy("Nobody who works here has this staff number."),
        ),
        (plan.mentor_id != plan.mentee_id, "mentee", lazy("Nobody can be paired with themselves.")),
        (plan.sponsor_id != plan.mentee_id, "sponsor", lazy("The mentee cannot be the own sponsor.")),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)


def _check_period(plan: PairingPlan, programme: Programme) -> None:
    if plan.ends_on <= plan.starts_on:
        raise Refusal(lazy("The end is before the start."), field="ends_on")
    if programme.starts_on and plan.starts_on < programme.starts_on:
        raise Refusal(lazy("The programme begins on %(day)s."), field="starts_on", day=programme.starts_on.isoformat())
    if programme.ends_on and plan.ends_on > programme.ends_on:
        raise Refusal(lazy("The programme ends on %(day)s."), field="ends_on", day=programme.ends_on.isoformat())
