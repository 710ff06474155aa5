"""Programmes: found by name or made with the lists that a new one begins with."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.audit.actions import record
from scheduler.core.access import Actor
from scheduler.core.errors import lazy
from scheduler.core.text import clean_line
from scheduler.mentoring.models import ContentArea, EndReason, GuidanceMode, Programme
from scheduler.mentoring.terms.programmes import AREAS, END_REASONS, MODES

_LISTS = ((ContentArea, AREAS), (GuidanceMode, MODES), (EndReason, END_REASONS))


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
    missing = [clean_line(name, limit=80, label=lazy("Programme")) for name in wanted if name not in known]
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
