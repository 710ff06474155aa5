"""Programmes: found by name or made with the lists that a new one begins with, and changed."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext, refuse_stale
from scheduler.core.text import clean_line
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.actions.turning import flush
from scheduler.mentoring.models import (
    ContentArea,
    EndReason,
    GuidanceArea,
    GuidanceMode,
    GuidanceRecord,
    Programme,
)
from scheduler.mentoring.queries.programmes import get_programme
from scheduler.mentoring.terms.programmes import AREAS, END_REASONS, MODES, ProgrammePlan

_LISTS = ((ContentArea, AREAS), (GuidanceMode, MODES), (EndReason, END_REASONS))
_SETTLED = ("name_zh", "name_en", "duty", "capacity", "grace_days", "words_for", "starts_on", "ends_on")


def ensure_programmes(session: Session, actor: Actor, names: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return the id of the programme of each name, Chinese or English; makes those that are not there.

    A new one has the usual numbers, content areas, ways of guidance and reasons for an end. The caller has asked
    whether the actor may. A constant number of statements.
    """
    wanted = dict.fromkeys(names)
    known: dict[str, int] = {}
    for key, name_zh, name_en in session.execute(select(Programme.id, Programme.name_zh, Programme.name_en)):
        known.setdefault(name_en, key)
        known[name_zh] = key
    missing = [
        clean_line(name, limit=80, label=lazy_gettext("Mentoring programme")) for name in wanted if name not in known
    ]
    if not missing:
        return {name: known[name] for name in wanted}
    made = [
        Programme(code=f"programme-{number}", name_zh=name, name_en=name)
        for number, name in enumerate(missing, start=len(set(known.values())) + 1)
    ]
    session.add_all(made)
    session.flush()
    for model, items in _LISTS:
        rows = [
            {"programme_id": one.id, "position": position, **item._asdict()}
            for one in made
            for position, item in enumerate(items)
        ]
        session.execute(insert(model), rows)
    for one in made:
        record(session, actor, "create", "programme_of_mentoring", one.id, now=now, name=one.name_zh)
    known |= {one.name_zh: one.id for one in made}
    return {name: known[name] for name in wanted}


def add_programme(session: Session, actor: Actor, plan: ProgrammePlan, *, now: datetime) -> Programme:
    """Make a programme as `plan` says; refuses as `edit_programme`, and a name that another has in either language."""
    actor.require(MentoringPermission.PROGRAMMES)
    plan = _clean(plan)
    if session.scalar(
        select(exists().where((Programme.name_zh == plan.name_zh) | (Programme.name_en == plan.name_zh)))
    ):
        raise Refusal(lazy("There is a programme %(name)s already."), field="name_zh", name=plan.name_zh)
    made = ensure_programmes(session, actor, [plan.name_zh], now=now)[plan.name_zh]
    version = get_programme(session, actor, made).version
    return edit_programme(session, actor, made, plan, version=version, now=now)


def edit_programme(
    session: Session, actor: Actor, programme_id: int, plan: ProgrammePlan, *, version: int, now: datetime
) -> Programme:
    """Change what a programme settles, its content areas and ways of guidance; lines are matched by their Chinese name.

    A line whose name changed in place is renamed where it is used. Refuses Stale (another `version`), whoever is no
    admin of the whole tree (Missing), names that are taken, an end before the beginning, and taking away what
    records are about.
    """
    programme = get_programme(session, actor, programme_id)
    refuse_stale(programme.version, version)
    plan = _clean(plan)
    other = (Programme.id != programme.id, Programme.name_zh == plan.name_zh)
    if session.scalar(select(exists().where(*other))):
        raise Refusal(lazy("There is a programme %(name)s already."), field="name_zh", name=plan.name_zh)
    changed = {
        name: [getattr(programme, name), getattr(plan, name)]
        for name in _SETTLED
        if getattr(programme, name) != getattr(plan, name)
    }
    for name, (_before, after) in changed.items():
        setattr(programme, name, after)
    _rewrite(session, ContentArea, programme_id, plan.areas, _areas_in_use(session, programme_id), "areas")
    _rewrite(session, GuidanceMode, programme_id, plan.modes, _modes_in_use(session, programme_id), "modes")
    flag_modified(programme, "duty")  # a change of the lists alone is a change of the programme too
    flush(session)
    record(session, actor, "edit", "programme_of_mentoring", programme.id, now=now, changed=changed)
    return programme


def _clean(plan: ProgrammePlan) -> ProgrammePlan:
    def lines(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        label = lazy_gettext("Name")
        return tuple(
            (clean_line(name_zh, limit=40, label=label), clean_line(name_en, limit=60, label=label))
            for name_zh, name_en in pairs
        )

    plan = replace(
        plan,
        name_zh=clean_line(plan.name_zh, limit=80, label=lazy_gettext("Name")),
        name_en=clean_line(plan.name_en, limit=80, label=lazy_gettext("Name")),
        areas=lines(plan.areas),
        modes=lines(plan.modes),
    )
    apart = lazy("Each line needs a name of its own.")
    checks = (
        (bool(plan.name_zh and plan.name_en), "name_zh", lazy("A programme needs a name.")),
        (bool(plan.areas), "areas", lazy("Choose at least one content area.")),
        (bool(plan.modes), "modes", lazy("Name at least one way of guidance.")),
        (len({name for name, _ in plan.areas}) == len(plan.areas), "areas", apart),
        (len({name for name, _ in plan.modes}) == len(plan.modes), "modes", apart),
        (
            not (plan.starts_on and plan.ends_on) or plan.starts_on <= plan.ends_on,
            "ends_on",
            lazy("The last day is before the first."),
        ),
    )
    for holds, field, said in checks:
        if not holds:
            raise Refusal(said, field=field)
    return plan


def _areas_in_use(session: Session, programme_id: int) -> set[int]:
    used = select(GuidanceArea.area_id).join(ContentArea, ContentArea.id == GuidanceArea.area_id)
    return set(session.scalars(used.where(ContentArea.programme_id == programme_id).distinct()))


def _modes_in_use(session: Session, programme_id: int) -> set[int]:
    used = select(GuidanceRecord.mode_id).join(GuidanceMode, GuidanceMode.id == GuidanceRecord.mode_id)
    return set(session.scalars(used.where(GuidanceMode.programme_id == programme_id).distinct()))


def _rewrite(
    session: Session,
    model: type[ContentArea | GuidanceMode],
    programme_id: int,
    lines: Sequence[tuple[str, str]],
    in_use: Collection[int],
    field: str,
) -> None:
    """Bring a list into line with what was typed: same name, same row; else the row of the same place is renamed."""
    chosen = select(model).where(model.programme_id == programme_id).order_by(model.position)
    rows: list[ContentArea | GuidanceMode] = list(session.scalars(chosen))
    by_name = {row.name_zh: row for row in rows}
    typed = {name for name, _ in lines}
    free = {row.position: row for row in rows if row.name_zh not in typed}
    for position, (name_zh, name_en) in enumerate(lines):
        row = by_name.get(name_zh) or free.pop(position, None)
        if row is None:
            row = model(programme_id=programme_id, code=secrets.token_hex(8))
            session.add(row)
        row.name_zh, row.name_en, row.position = name_zh, name_en or name_zh, position
    for row in free.values():
        if row.id in in_use:
            raise Refusal(
                lazy("Records are about %(name)s: it can be renamed, not taken away."), field=field, name=row.name_zh
            )
        session.delete(row)
