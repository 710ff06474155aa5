"""Planning evening schools: the rule, its strands, and the evenings that the rule gives."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import create_activities, create_audience
from scheduler.agenda.queries import find_clashes
from scheduler.agenda.terms import ActivityKind, ActivityPlan, AudienceKind, ClashKind, Consent, Severity
from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.periods import local_span
from scheduler.core.text import clean_line
from scheduler.lectures.access import LecturePermission
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.lectures.queries import SlotState, get_planned, slot_states
from scheduler.lectures.rules import title_of
from scheduler.lectures.terms import Generated, HolidayChoice, ProgrammePlan, Trouble
from scheduler.people.models import Unit


def create_programme(session: Session, actor: Actor, plan: ProgrammePlan, *, now: datetime) -> Programme:
    """Create an evening school with its strands, each open to anybody who wants to subscribe.

    Refuses a host unit that the actor does not plan for (Missing), names that are taken, no strand, an end before
    the beginning.
    """
    plan = _clean(plan)
    path = session.scalar(select(Unit.path).where(Unit.id == plan.host_unit_id))
    if path is None:
        raise Missing
    actor.require(LecturePermission.PLAN, path)
    if session.scalar(select(exists().where(Programme.name == plan.name))):
        raise Refusal(lazy("There is an evening school %(name)s already."), field="name", name=plan.name)
    programme = Programme(
        name=plan.name,
        weekday=plan.weekday,
        starts_at=plan.starts,
        ends_at=plan.ends,
        begins_on=plan.begins_on,
        ends_on=plan.ends_on,
        venue_id=plan.venue_id,
        host_unit_id=plan.host_unit_id,
    )
    session.add(programme)
    session.flush()
    for turn, name in enumerate(plan.strands):
        add_strand(session, actor, programme, name, turn, now=now)
    record(session, actor, "create", "programme", programme.id, now=now, name=plan.name, strands=list(plan.strands))
    return programme


def add_strand(session: Session, actor: Actor, programme: Programme, name: str, turn: int, *, now: datetime) -> Series:
    """Add a series to a programme, with an audience open to everybody. Refuses a name that is taken."""
    if session.scalar(select(exists().where(Series.name == name))):
        raise Refusal(lazy("There is a series %(name)s already."), field="strands", name=name)
    audience = create_audience(
        session, actor, AudienceKind.SERIES, name, name, programme.host_unit_id, open=True, now=now
    )
    series = Series(programme_id=programme.id, name=name, turn=turn, audience_id=audience.id)
    session.add(series)
    session.flush()
    record(session, actor, "create", "series", series.id, now=now, name=name, turn=turn)
    return series


def edit_programme(
    session: Session, actor: Actor, programme_id: int, plan: ProgrammePlan, *, version: int, now: datetime
) -> Programme:
    """Change the rule of a programme for evenings still to be made; those made keep their times.

    Weekday, first day, host and strands stay: evenings count from them. Refuses a name that is taken, and with Stale
    another `version`.
    """
    programme = get_planned(session, actor, programme_id)
    refuse_stale(programme.version, version)
    plan = _clean(replace(plan, strands=("-",), weekday=programme.weekday, begins_on=programme.begins_on))
    other = exists().where(Programme.name == plan.name, Programme.id != programme.id)
    if session.scalar(select(other)):
        raise Refusal(lazy("There is an evening school %(name)s already."), field="name", name=plan.name)
    wanted: dict[str, str | time | date | int | None] = {
        "name": plan.name,
        "starts_at": plan.starts,
        "ends_at": plan.ends,
        "ends_on": plan.ends_on,
        "venue_id": plan.venue_id,
    }
    changed = {name: [getattr(programme, name), value] for name, value in wanted.items()}
    changed = {name: [before, after] for name, (before, after) in changed.items() if before != after}
    for name, (_before, after) in changed.items():
        setattr(programme, name, after)
    session.flush()
    if changed:
        record(session, actor, "edit", "programme", programme.id, now=now, changed=changed)
    return programme


def generate_evenings(
    session: Session,
    actor: Actor,
    programme_id: int,
    *,
    pattern: str,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Generated:
    """Make the evenings that the rule gives and that are not there yet, as far as no decision is missing.

    Titles follow `pattern` ({series}, {number}). A slot on a public holiday waits for a person's decision; one that
    was skipped stays away. Where the venue is taken the evening is made without one. In a year whose
    holidays are not published, evenings in risk windows are tentative. A constant number of statements.
    """
    programme = get_planned(session, actor, programme_id)
    pattern = clean_line(pattern, limit=120, label=lazy_gettext("Title"))
    states = slot_states(session, programme)
    wanted = [(state, day) for state in states if (day := _day_of(state)) is not None]
    plans = [evening_plan(programme, state, day, pattern, zone) for state, day in wanted]
    taken = {
        clash.plan
        for clash in find_clashes(session, actor, plans, zone=zone)
        if clash.severity is Severity.BLOCK and clash.kind is ClashKind.VENUE
    }
    plans = [replace(plan, venue_id=None) if number in taken else plan for number, plan in enumerate(plans)]
    add_evenings(
        session,
        actor,
        [(state.series.id, state.slot.day) for state, _day in wanted],
        plans,
        # participants' clashes are theirs to solve, holidays have been decided one by one
        consent=Consent(confirmed=True),
        installation_id=installation_id,
        zone=zone,
        now=now,
    )
    record(session, actor, "generate", "programme", programme.id, now=now, evenings=len(plans))
    return Generated(
        len(plans),
        tuple(state.slot.day for state in states if state.waits and state.evening is None),
        tuple(wanted[number][1] for number in sorted(taken)),
    )


def evening_plan(programme: Programme, state: SlotState, day: date, pattern: str, zone: ZoneInfo) -> ActivityPlan:
    """Return what the agenda must know of the evening that the rule gives for a slot, held on `day`."""
    title = title_of(pattern, series=state.series.name, number=state.slot.number) or state.series.name
    return ActivityPlan(
        ActivityKind.LECTURE,
        title,
        local_span(day, programme.starts_at, programme.ends_at, zone),
        state.series.audience_id,
        programme.host_unit_id,
        programme.venue_id,
    )


def add_evenings(
    session: Session,
    actor: Actor,
    places: Sequence[tuple[int, date]],
    plans: Sequence[ActivityPlan],
    *,
    consent: Consent,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Put evenings into the agenda and into their series; `places` are (series id, slot), one for each plan."""
    activities = create_activities(
        session, actor, plans, consent=consent, installation_id=installation_id, zone=zone, now=now
    )
    rows = [
        {"series_id": series_id, "slot_on": slot_on, "activity_id": activity.id}
        for (series_id, slot_on), activity in zip(places, activities, strict=True)
    ]
    if rows:
        session.execute(insert(Evening), rows)


def _day_of(state: SlotState) -> date | None:
    if state.evening is not None:
        return None
    if state.decision is not None:
        if state.decision.choice is HolidayChoice.SKIP:
            return None
        return state.decision.moved_to or state.slot.day
    return None if state.trouble is Trouble.OFF else state.slot.day


def _clean(plan: ProgrammePlan) -> ProgrammePlan:
    plan = replace(
        plan,
        name=clean_line(plan.name, limit=120, label=lazy_gettext("Name")),
        strands=tuple(
            name for raw in plan.strands if (name := clean_line(raw, limit=80, label=lazy_gettext("Series")))
        ),
    )
    checks = (
        (bool(plan.name), "name", lazy("An evening school needs a name.")),
        (bool(plan.strands), "strands", lazy("Name at least one series.")),
        (len(set(plan.strands)) == len(plan.strands), "strands", lazy("Each series needs a name of its own.")),
        (plan.ends > plan.starts, "ends", lazy("The evening ends before it begins.")),
        (plan.ends_on >= plan.begins_on, "ends_on", lazy("The last day is before the first.")),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)
    return plan
