"""Programmes with their lists."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.models import ContentArea, GuidanceMode, Pairing, Programme
from scheduler.mentoring.terms import OPEN


def find_programmes(session: Session) -> list[tuple[Programme, int]]:
    """Return all programmes with the number of their pairings in force; one statement."""
    open_now = (
        select(func.count())
        .where(Pairing.programme_id == Programme.id, Pairing.status.in_(OPEN))
        .correlate(Programme)
        .scalar_subquery()
    )
    rows = session.execute(select(Programme, open_now).order_by(Programme.id))
    return [(programme, count) for programme, count in rows]


def get_programme(session: Session, actor: Actor, programme_id: int) -> Programme:
    """Return a programme for who may change it: an admin at the top of the tree; refuses with Missing."""
    actor.require(MentoringPermission.PROGRAMMES)
    found = session.get(Programme, programme_id)
    if found is None:
        raise Missing
    return found


def lists_of(session: Session, programme_id: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the content areas and the ways of guidance of a programme as (Chinese, English), in their order."""
    found = []
    for model in (ContentArea, GuidanceMode):
        rows = session.execute(
            select(model.name_zh, model.name_en)
            .where(model.programme_id == programme_id)
            .order_by(model.position, model.id)
        )
        found.append([(row.name_zh, row.name_en) for row in rows])
    return found[0], found[1]
