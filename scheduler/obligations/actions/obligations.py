"""Saying what is owed: begun, changed from a period on, ended. What was owed before stays as it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.periods import Cadence, period_of
from scheduler.core.text import clean_line
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.models import Obligation, Reminder, Waiver
from scheduler.obligations.terms import MEASURES, Base, Metric, ObligationPlan, Subject
from scheduler.people.models import Unit


def usual(unit_id: int, starts_on: date) -> tuple[ObligationPlan, ...]:
    """Return what a training office usually begins with, for the topmost unit."""
    return (
        ObligationPlan(Metric.GUIDANCE, Cadence.MONTH, "每月指导", "Guidance each month", unit_id, None, starts_on),
        ObligationPlan(Metric.CLASSES, Cadence.YEAR, "专题研修班", "Special study classes", unit_id, 20, starts_on),
        ObligationPlan(Metric.LECTURES, Cadence.WEEK, "周四夜校", "Thursday evening school", unit_id, 1, starts_on),
        ObligationPlan(
            Metric.COVERAGE,
            Cadence.YEAR,
            "帮带覆盖",
            "Mentoring coverage",
            unit_id,
            100,
            starts_on,
            base=Base.ELIGIBLE,
            per=100,
        ),
    )


def begin_usual(session: Session, actor: Actor, unit_id: int, today: date, *, now: datetime) -> list[Obligation]:
    """Settle the usual obligations from the beginning of this year on; those that stand already are left alone."""
    starts_on = period_of(Cadence.YEAR, today).first
    return [
        settle(session, actor, plan, now=now)
        for plan in usual(unit_id, starts_on)
        if not session.scalar(select(exists().where(*_same(plan))))
    ]


def settle(session: Session, actor: Actor, plan: ObligationPlan, *, now: datetime) -> Obligation:
    """Let something be owed from the beginning of the period that holds `plan.starts_on` on.

    Refuses (Missing) a unit that the actor does not look after, a cadence or base that the metric does not have, and what
    is owed by the same units already.
    """
    plan = _clean(session, actor, plan)
    if session.scalar(select(exists().where(*_same(plan)))):
        raise Refusal(lazy("These units owe this already. Change what stands instead."), field="metric")
    made = _row(plan)
    session.add(made)
    _flush(session)
    record(session, actor, "settle", "obligation", made.id, now=now, **_facts(made))
    return made


def revise(
    session: Session, actor: Actor, obligation_id: int, plan: ObligationPlan, *, version: int, now: datetime
) -> Obligation:
    """Change what is owed from the period that holds `plan.starts_on` on; earlier periods keep what stood in them.

    Metric, cadence, unit and level stay. From its own first day on the row itself is changed, else it ends and another
    takes its place. Refuses Stale, a row that has ended, and a day before it began.
    """
    present = _open(session, actor, obligation_id, version)
    kept = replace(plan, metric=present.metric, cadence=present.cadence, unit_id=present.unit_id, level=present.level)
    plan = _clean(session, actor, kept)
    if plan.starts_on < present.starts_on:
        raise Refusal(lazy("It was not in force on that day."), field="starts_on")
    before = _facts(present)
    if plan.starts_on == present.starts_on:
        for name in ("name_zh", "name_en", "number", "base", "per", "source", "reminds"):
            setattr(present, name, getattr(plan, name))
        _flush(session)
        record(session, actor, "revise", "obligation", present.id, now=now, before=before, after=_facts(present))
        return present
    present.ends_on = plan.starts_on
    _flush(session)
    made = _row(plan)
    made.replaces_id = present.id
    session.add(made)
    _flush(session)
    for model in (Waiver, Reminder):  # what was waived or told of the periods to come
        later = (model.obligation_id == present.id, model.period_start >= made.starts_on)
        moved = update(model).where(*later).values(obligation_id=made.id)
        session.execute(moved.execution_options(synchronize_session=False))
    record(session, actor, "revise", "obligation", made.id, now=now, before=before, after=_facts(made))
    return made


def end(
    session: Session, actor: Actor, obligation_id: int, *, last_day: date, version: int, now: datetime
) -> Obligation:
    """Let nothing be owed any more after the period that holds `last_day`. Refuses Stale and a day before it began."""
    present = _open(session, actor, obligation_id, version)
    ends_on = period_of(present.cadence, last_day).end
    if ends_on <= present.starts_on:
        raise Refusal(lazy("It was not in force on that day."), field="last_day")
    present.ends_on = ends_on
    _flush(session)
    record(session, actor, "end", "obligation", present.id, now=now, ends_on=ends_on)
    return present


def resume(session: Session, actor: Actor, obligation_id: int, today: date, *, now: datetime) -> Obligation:
    """Take back the end of an obligation that is still to come: it goes on as it stands. A repeat changes nothing.

    Refuses an end that has come, and one behind which the same units owe this by another row.
    """
    present = _locked(session, actor, obligation_id)
    if present.ends_on is None:
        return present
    if present.ends_on <= today:
        raise Refusal(lazy("It has ended; what follows it can be changed."))
    follows = exists().where(*_alike(present), Obligation.starts_on >= present.ends_on)
    if session.scalar(select(follows)):
        raise Refusal(lazy("These units owe this already. Change what stands instead."))
    ended, present.ends_on = present.ends_on, None
    _flush(session)
    record(session, actor, "resume", "obligation", present.id, now=now, ended=ended)
    return present


def _open(session: Session, actor: Actor, obligation_id: int, version: int) -> Obligation:
    found = _locked(session, actor, obligation_id)
    refuse_stale(found.version, version)
    if found.ends_on is not None:
        raise Refusal(lazy("It has ended; what follows it can be changed."))
    return found


def _locked(session: Session, actor: Actor, obligation_id: int) -> Obligation:
    found = session.scalars(
        select(Obligation)
        .where(Obligation.id == obligation_id)
        .options(joinedload(Obligation.unit, innerjoin=True))
        .with_for_update(of=Obligation)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Missing
    actor.require(ObligationPermission.SETTLE, found.unit.path)
    return found


def _same(plan: ObligationPlan) -> Sequence[ColumnElement[bool]]:
    return (*_alike(plan), or_(Obligation.ends_on.is_(None), Obligation.ends_on > plan.starts_on))


def _alike(one: ObligationPlan | Obligation) -> Sequence[ColumnElement[bool]]:
    return (
        Obligation.metric == one.metric,
        Obligation.cadence == one.cadence,
        Obligation.unit_id == one.unit_id,
        Obligation.level.is_(None) if one.level is None else Obligation.level == one.level,
    )


def _clean(session: Session, actor: Actor, plan: ObligationPlan) -> ObligationPlan:
    path = session.scalar(select(Unit.path).where(Unit.id == plan.unit_id))
    if path is None:
        raise Missing
    actor.require(ObligationPermission.SETTLE, path)
    measure = MEASURES[plan.metric]
    checks = (
        (plan.cadence in measure.cadences, "cadence", lazy("This is not counted in that rhythm.")),
        (plan.base in measure.bases, "base", lazy("This is not counted for each of those.")),
        (plan.number is not None or measure.own_number, "number", lazy("Say how many are owed.")),
        (plan.number is None or plan.number >= 1, "number", lazy("At least one is owed, or nothing at all.")),
        (plan.per >= 1, "per", lazy("At least one is owed, or nothing at all.")),
        (measure.subject is Subject.UNIT or plan.level is None, "level", lazy("This is owed by pairings, not units.")),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)
    label = lazy_gettext("Name")
    name_zh = clean_line(plan.name_zh, limit=80, label=label)
    if not name_zh:
        raise Refusal(lazy("An obligation needs a name."), field="name_zh")
    return replace(
        plan,
        name_zh=name_zh,
        name_en=clean_line(plan.name_en, limit=80, label=label) or name_zh,
        source=clean_line(plan.source, limit=200, label=lazy_gettext("Source")),
        per=1 if plan.base is Base.ONE else plan.per,
        starts_on=period_of(plan.cadence, plan.starts_on).first,
    )


def _row(plan: ObligationPlan) -> Obligation:
    return Obligation(
        metric=plan.metric,
        cadence=plan.cadence,
        name_zh=plan.name_zh,
        name_en=plan.name_en,
        unit_id=plan.unit_id,
        level=plan.level,
        number=plan.number,
        base=plan.base,
        per=plan.per,
        starts_on=plan.starts_on,
        source=plan.source,
        reminds=plan.reminds,
    )


def _facts(row: Obligation) -> dict[str, object]:
    return {
        "metric": row.metric,
        "unit_id": row.unit_id,
        "number": row.number,
        "base": row.base,
        "per": row.per,
        "starts_on": row.starts_on,
        "source": row.source,
        "reminds": row.reminds,
    }


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(lazy("These units owe this already. Change what stands instead.")) from error
