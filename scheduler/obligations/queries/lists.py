"""Obligations: which there are, and which of them stood in a period."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.core.periods import Period
from scheduler.obligations.access import ObligationPermission
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.terms import MEASURES, Subject
from scheduler.people.models import Unit

_OF_PAIRINGS = tuple(metric for metric, measure in MEASURES.items() if measure.subject is Subject.PAIRING)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Obligation (joined with its unit) that holds for what `actor` may see.

    Those of the units within the reader's reach, and those of units above of which somebody within reach owes a part.
    """
    if actor.system:
        return true()

    def owed_below(path: str) -> ColumnElement[bool]:
        each = aliased(Unit)
        levels = exists().where(each.kind == Obligation.level, each.path.startswith(path, autoescape=True))
        return or_(Obligation.metric.in_(_OF_PAIRINGS), levels.correlate(Obligation))

    near = [
        or_(
            Unit.path.startswith(path, autoescape=True),
            and_(literal(path).startswith(Unit.path), owed_below(path)),
        )
        for path in actor.scopes(ObligationPermission.READ)
    ]
    return or_(false(), *near)


def find_obligations(session: Session, actor: Actor) -> Sequence[Obligation]:
    """Return all obligations that the actor may see, with their units, those in force first; one statement."""
    return session.scalars(
        select(Obligation)
        .join(Unit, Unit.id == Obligation.unit_id)
        .where(visible_to(actor))
        .options(joinedload(Obligation.unit, innerjoin=True))
        .order_by(Obligation.ends_on.is_not(None), Unit.path, Obligation.metric, Obligation.starts_on.desc())
    ).all()


def get_obligation(session: Session, actor: Actor, obligation_id: int) -> Obligation:
    """Return an obligation with its unit loaded; refuses with Missing if not visible."""
    found = session.scalars(
        select(Obligation)
        .join(Unit, Unit.id == Obligation.unit_id)
        .where(Obligation.id == obligation_id, visible_to(actor))
        .options(joinedload(Obligation.unit, innerjoin=True))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def standing_in(session: Session, obligation: Obligation, period: Period) -> int | None:
    """Return the id of the row of this obligation's history that is in force in a period; None if there was none."""
    if obligation.ends_on is not None and period.first >= obligation.ends_on:
        return session.scalar(select(Obligation.id).where(Obligation.replaces_id == obligation.id))
    if period.first < obligation.starts_on:
        return obligation.replaces_id
    return obligation.id


def is_replaced(session: Session, obligation: Obligation) -> bool:
    """Tell whether another row of this obligation's history follows it."""
    return bool(session.scalar(select(exists().where(Obligation.replaces_id == obligation.id))))


def in_force(session: Session, since: date, until: date) -> Sequence[Obligation]:
    """Return the obligations in force at some time from `since` to `until`, with their units; one statement."""
    return session.scalars(
        select(Obligation)
        .where(Obligation.starts_on <= until, or_(Obligation.ends_on.is_(None), Obligation.ends_on > since))
        .options(joinedload(Obligation.unit, innerjoin=True))
        .order_by(Obligation.id)
    ).all()


def waivers_of(session: Session, obligation_id: int, subject_id: int, period: Period) -> Sequence[Waiver]:
    """Return the waivers of a subject in a period, also those that were lifted, the newest first."""
    return session.scalars(
        select(Waiver)
        .where(
            Waiver.obligation_id == obligation_id,
            Waiver.subject_id == subject_id,
            Waiver.period_start == period.first,
        )
        .order_by(Waiver.id.desc())
    ).all()


def units_within(session: Session, paths: Sequence[str]) -> list[tuple[int, str]]:
    """Return (id, name) of the units at and below `paths`, from the top down."""
    within = Unit.id.in_(unit_ids_within(paths))
    return [(row.id, row.name) for row in session.execute(select(Unit.id, Unit.name).where(within).order_by(Unit.path))]
