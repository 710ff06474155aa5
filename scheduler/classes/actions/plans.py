"""Planning classes: create, edit, copy from an earlier run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from scheduler.agenda.actions import create_audience, rename_audience
from scheduler.agenda.terms import AudienceKind
from scheduler.audit.actions import record
from scheduler.classes.access import ClassPermission
from scheduler.classes.models import Quota, StudyClass
from scheduler.classes.queries import get_planned
from scheduler.classes.terms import ClassPlan, ClassStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, Stale, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.people.models import Unit

_PLAIN = ("title", "theme", "organiser_unit_id", "run_number", "starts_on", "ends_on", "capacity", "hours", "mode")


def create_class(
    session: Session, actor: Actor, plan: ClassPlan, *, copied_from_id: int | None = None, now: datetime
) -> StudyClass:
    """Create a draft of a class, with its audience and quotas.

    Refuses a host unit that the actor does not plan for (Missing), a code that is taken, an end before the start,
    and figures that cannot be.
    """
    plan = clean_plan(plan)
    _require_host(session, actor, plan.host_unit_id)
    if session.scalar(select(exists().where(StudyClass.code == plan.code))):
        raise Refusal(lazy("There is a class %(code)s already."), field="code", code=plan.code)
    audience = create_audience(
        session, actor, AudienceKind.STUDY_CLASS, plan.code, plan.title, plan.host_unit_id, now=now
    )
    created = StudyClass(
        code=plan.code,
        host_unit_id=plan.host_unit_id,
        budget=plan.budget,
        status=ClassStatus.DRAFT,
        copied_from_id=copied_from_id,
        audience_id=audience.id,
        taken=0,
        **{name: getattr(plan, name) for name in _PLAIN},
    )
    session.add(created)
    session.flush()
    _write_quotas(session, created.id, plan.quotas)
    record(
        session,
        actor,
        "create",
        "class",
        created.id,
        now=now,
        code=plan.code,
        title=plan.title,
        starts_on=plan.starts_on,
    )
    return created


def edit_class(
    session: Session, actor: Actor, class_id: int, plan: ClassPlan, *, version: int, now: datetime
) -> StudyClass:
    """Change what a class is; its code stays, whatever `plan` says. Sessions keep their times.

    Refuses Stale (another `version`), what create_class refuses, a cancelled class, and a capacity below the
    number of people enrolled.
    """
    edited = get_planned(session, actor, class_id, locked=True)
    if edited.version != version:
        raise Stale
    if edited.status is ClassStatus.CANCELLED:
        raise Refusal(lazy("This class is cancelled."))
    plan = clean_plan(replace(plan, code=edited.code))
    if plan.host_unit_id != edited.host_unit_id:
        raise Refusal(lazy("The host of a class cannot be changed: its sessions are in the host's calendar."))
    if plan.capacity < edited.taken:
        raise Refusal(
            lazy("%(taken)s people are enrolled already: there cannot be fewer places."),
            field="capacity",
            taken=edited.taken,
        )
    changed = {}
    for name in (*_PLAIN, "budget"):
        before, after = getattr(edited, name), getattr(plan, name)
        if before != after:
            changed[name] = [before, after]
            setattr(edited, name, after)
    rename_audience(session, actor, edited.audience_id, name=edited.title, now=now)
    quotas = dict(session.execute(select(Quota.unit_id, Quota.places).where(Quota.class_id == edited.id)).all())
    if quotas != dict(plan.quotas):
        changed["quotas"] = [quotas, dict(plan.quotas)]
        session.execute(delete(Quota).where(Quota.class_id == edited.id))
        _write_quotas(session, edited.id, plan.quotas)
    session.flush()
    if changed:
        record(session, actor, "edit", "class", edited.id, now=now, changed=changed)
    return edited


def clean_plan(plan: ClassPlan, *, strict: bool = True) -> ClassPlan:
    """Return `plan` with clean texts; refuses what cannot be a class, beside the field that it is about.

    `strict` also refuses quotas that add up to more than the places.
    """
    plan = replace(
        plan,
        code=clean_line(plan.code, limit=40, label=lazy_gettext("Code")),
        title=clean_line(plan.title, limit=120, label=lazy_gettext("Title")),
        theme=clean_line(plan.theme, limit=120, label=lazy_gettext("Theme")),
    )
    checks = (
        (bool(plan.code), "code", lazy("A class needs a code.")),
        (bool(plan.title), "title", lazy("A class needs a title.")),
        (plan.ends_on >= plan.starts_on, "ends_on", lazy("The last day is before the first.")),
        (plan.capacity > 0, "capacity", lazy("A class has at least one place.")),
        (plan.hours >= 0, "hours", lazy("Hours cannot be negative.")),
        (plan.run_number > 0, "run_number", lazy("The first run is number 1.")),
        (plan.budget is None or plan.budget >= 0, "budget", lazy("A budget cannot be negative.")),
        (all(places >= 0 for _unit, places in plan.quotas), "quotas", lazy("Places cannot be negative.")),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)
    given = sum(places for _unit, places in plan.quotas)
    if strict and given > plan.capacity:
        raise Refusal(
            lazy("The quotas add up to %(given)s, more than the %(capacity)s places of the class."),
            field="quotas",
            given=given,
            capacity=plan.capacity,
        )
    return plan


def _require_host(session: Session, actor: Actor, unit_id: int) -> None:
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        raise Missing
    actor.require(ClassPermission.PLAN, path)


def _write_quotas(session: Session, class_id: int, quotas: Sequence[tuple[int, int]]) -> None:
    rows = [{"class_id": class_id, "unit_id": unit_id, "places": places} for unit_id, places in quotas]
    if rows:
        session.execute(insert(Quota), rows)
