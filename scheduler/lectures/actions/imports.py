"""Bringing in a year's evenings: few statements, however many rows."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from scheduler.agenda.terms import ActivityKind, ActivityPlan, Consent
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy
from scheduler.core.periods import local_span
from scheduler.lectures.actions.programmes import add_evenings, add_strand, create_programme
from scheduler.lectures.models import Evening, Programme, Series
from scheduler.lectures.terms import EveningPlan, Imported, ProgrammePlan

_NO_CONSENT = Consent()
_Value = TypeVar("_Value", bound=Hashable)


def import_evenings(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    programme_name: str,
    plans: Sequence[EveningPlan],
    *,
    host_unit_id: int,
    consent: Consent = _NO_CONSENT,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Imported:
    """Add the evenings of `plans` to their series, all strands of the evening school `programme_name`.

    A programme or series that does not exist is made: weekday, time and venue are the commonest of the plans, it
    reaches from the first to the last evening, strands take turns in the order of their first evenings, and anybody
    may subscribe. An evening whose series has that slot already stays as it is, also if it was moved or cancelled.
    Refuses like agenda.actions.create_activities: DoubleBooking, NeedsConfirmation (their clashes name plans by
    their place among the new evenings); and a series that is a strand of another evening school.
    """
    if not plans:
        return Imported((), 0)
    programme = session.scalars(select(Programme).where(Programme.name == programme_name)).one_or_none()
    _refuse_foreign(session, programme, plans)
    if programme is None:
        programme = create_programme(session, actor, _rule(programme_name, plans, host_unit_id), now=now)
    strands = _strands(session, actor, programme, plans, now=now)
    # An evening later than the rule's end makes the rule longer; earlier ones do not: slots count from its beginning.
    programme.ends_on = max(programme.ends_on, *(plan.day for plan in plans))
    known = _known(session, strands)
    keys = [(strands[plan.series].id, plan.day) for plan in plans]
    new = {key: plan for key, plan in zip(keys, plans, strict=True) if key not in known}
    wanted = [
        ActivityPlan(
            ActivityKind.LECTURE,
            plan.topic,
            local_span(plan.day, plan.starts, plan.ends, zone),
            strands[plan.series].audience_id,
            programme.host_unit_id,
            plan.venue_id,
            plan.lecturer_ids,
        )
        for plan in new.values()
    ]
    add_evenings(
        session,
        actor,
        list(new),
        wanted,
        consent=consent,
        installation_id=installation_id,
        zone=zone,
        now=now,
    )
    known = _known(session, strands)
    return Imported(tuple(known[key] for key in keys), len(new))


def _known(session: Session, strands: dict[str, Series]) -> dict[tuple[int, date], int]:
    ids = [one.id for one in strands.values()]
    rows = session.execute(
        select(Evening.series_id, Evening.slot_on, Evening.id).where(Evening.series_id.in_(ids))
    ).all()
    return {(row.series_id, row.slot_on): row.id for row in rows}


def _refuse_foreign(session: Session, programme: Programme | None, plans: Sequence[EveningPlan]) -> None:
    elsewhere = Series.programme_id != programme.id if programme else true()
    names = {plan.series for plan in plans}
    foreign = session.scalars(select(Series.name).where(Series.name.in_(names), elsewhere).limit(1)).one_or_none()
    if foreign:
        raise Refusal(lazy("The series %(name)s belongs to another evening school."), name=foreign)


def _strands(
    session: Session, actor: Actor, programme: Programme, plans: Sequence[EveningPlan], *, now: datetime
) -> dict[str, Series]:
    names = list(dict.fromkeys(plan.series for plan in plans))
    found = {one.name: one for one in session.scalars(select(Series).where(Series.name.in_(names)))}
    turns = list(session.scalars(select(Series.turn).where(Series.programme_id == programme.id)))
    for turn, name in enumerate((name for name in names if name not in found), start=max(turns, default=-1) + 1):
        found[name] = add_strand(session, actor, programme, name, turn, now=now)
    return found


def _rule(name: str, plans: Sequence[EveningPlan], host_unit_id: int) -> ProgrammePlan:
    starts, ends = _commonest((plan.starts, plan.ends) for plan in plans)
    ordered = sorted(plans, key=lambda plan: (plan.day, plan.starts))
    return ProgrammePlan(
        name=name,
        weekday=_commonest(plan.day.weekday() for plan in plans),
        starts=starts,
        ends=ends,
        begins_on=ordered[0].day,
        ends_on=ordered[-1].day,
        host_unit_id=host_unit_id,
        venue_id=_commonest(plan.venue_id for plan in plans),
        strands=tuple(dict.fromkeys(plan.series for plan in ordered)),
    )


def _commonest(values: Iterable[_Value]) -> _Value:
    return Counter(values).most_common(1)[0][0]
