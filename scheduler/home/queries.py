"""What the first page shows of a person's own week: one statement, for everybody opens it."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, union_all
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity
from scheduler.agenda.queries.rows import rows_where
from scheduler.agenda.queries.visibility import OF, WITHIN, ids_of_person, values_of
from scheduler.agenda.terms import ActivityStatus, AgendaRow, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.periods import Span
from scheduler.quizzes.queries.owed import Owed, beyond_their_time, owed, values_for, with_quizzes

_COLUMNS = len(AgendaRow.__dataclass_fields__)


def own_week(session: Session, actor: Actor, span: Span, *, now: datetime) -> tuple[list[AgendaRow], list[Owed]]:
    """Return the actor's own activities that overlap `span`, by start, and the quizzes to be sat now, by their end.

    Among the activities may be some outside the span, whose quizzes may still be sat.
    """
    if actor.person_id is None or not actor.may(AgendaPermission.READ):
        return [], []
    mine = Scope(ScopeKind.PERSON, actor.person_id)
    values = {**values_of(actor, mine, span), **values_for(actor.unit_path, now)}
    rows = plain_rows(session, _own(), **values)
    found = (owed(row, actor.person_id, now) for row in rows)
    quizzes = sorted((one for one in found if one), key=lambda one: one.closes)
    return [AgendaRow(*row[:_COLUMNS]) for row in rows], quizzes


@cache
def _own() -> Select[*tuple[Any, ...]]:
    activities = union_all(ids_of_person(OF, WITHIN), beyond_their_time())
    return with_quizzes(rows_where(Activity.id.in_(activities), Activity.status != ActivityStatus.DRAFT))
