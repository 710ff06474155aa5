"""Lists of activities, and one activity with all that its page shows."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity, Audience, Teaching, Venue
from scheduler.agenda.queries.visibility import (
    OF,
    READER,
    WITHIN,
    Sight,
    held_by,
    seen_with,
    sight_of,
    values_of,
    visible_to,
)
from scheduler.agenda.terms import OWNED, ActivityKind, ActivityPlan, ActivityStatus, AgendaRow, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.errors import Missing
from scheduler.core.periods import Span
from scheduler.people.models import Lecturer


def agenda_rows(
    session: Session,
    actor: Actor,
    scope: Scope,
    span: Span,
    *,
    with_cancelled: bool = True,
    limit: int | None = None,
) -> list[AgendaRow]:
    """Return the activities of `scope` that overlap `span` and that `actor` may see, by start; one statement."""
    if scope.id is None and scope.kind is not ScopeKind.ORGANISATION:
        return []
    own = scope == Scope(ScopeKind.PERSON, actor.person_id) and actor.may(AgendaPermission.READ)
    statement = _agenda(scope.kind, None if own else sight_of(actor), limit, with_cancelled=with_cancelled)
    return [AgendaRow(*row) for row in plain_rows(session, statement, **values_of(actor, scope, span))]


@lru_cache(maxsize=128)
def _agenda(
    kind: ScopeKind, sight: Sight | None, limit: int | None, *, with_cancelled: bool
) -> Select[*tuple[Any, ...]]:
    # what one attends or teaches one may see, unless it is a draft: the plain case (no sight) needs no more than that
    seen = Activity.status != ActivityStatus.DRAFT if sight is None else seen_with(sight, READER)
    conditions = [held_by(kind, OF, WITHIN), seen]
    if not with_cancelled:
        conditions.append(Activity.status != ActivityStatus.CANCELLED)
    return rows_where(*conditions).limit(limit)


def rows_where(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the select of AgendaRow's columns, in its order, by start."""
    return (
        select(
            Activity.id,
            Activity.uid,
            Activity.kind,
            Activity.title,
            Activity.starts_at,
            Activity.ends_at,
            Activity.status,
            Activity.tentative,
            Activity.moved_from,
            Activity.change_reason,
            Activity.sequence,
            Activity.revised_at,
            Activity.venue_id,
            func.coalesce(Venue.name, ""),
            Activity.audience_id,
            Audience.kind,
            Audience.name,
            Activity.host_unit_id,
            lecturer_names(),
        )
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .join(Audience, Audience.id == Activity.audience_id)
        .where(*conditions)
        .order_by(Activity.starts_at, Activity.id)
    )


def lecturer_names() -> ScalarSelect[str]:
    """Return the subquery of an activity's lecturers' names, joined by 、 in a fixed order."""
    names = (
        select(Lecturer.name)
        .join(Teaching, Teaching.lecturer_id == Lecturer.id)
        .where(Teaching.activity_id == Activity.id)
        .order_by(Lecturer.id)
        .correlate(Activity)
        .subquery()
    )
    return select(func.coalesce(func.aggregate_strings(names.c.name, "、"), "")).scalar_subquery()


def get_activity(session: Session, actor: Actor, activity_id: int) -> Activity:
    """Return an activity with venue, audience, host unit and lecturers loaded; refuses with Missing if not visible."""
    statement = (
        select(Activity)
        .where(Activity.id == activity_id, visible_to(actor))
        .options(
            joinedload(Activity.venue),
            joinedload(Activity.audience),
            joinedload(Activity.host_unit),
            selectinload(Activity.teachings).joinedload(Teaching.lecturer),
        )
    )
    activity = session.scalars(statement).one_or_none()
    if activity is None:
        raise Missing
    return activity


def plan_of(activity: Activity) -> ActivityPlan:
    """Return the plan that an activity, its lecturers loaded, stands for."""
    return ActivityPlan(
        activity.kind,
        activity.title,
        Span(activity.starts_at, activity.ends_at),
        activity.audience_id,
        activity.host_unit_id,
        activity.venue_id,
        tuple(teaching.lecturer_id for teaching in activity.teachings),
        activity.description,
        activity.status,
    )


def is_owned(activity: Activity) -> bool:
    """Tell whether another slice plans the activity and changes it on pages of its own; its audience is loaded."""
    return activity.audience.kind in OWNED or activity.kind is ActivityKind.QUIZ
