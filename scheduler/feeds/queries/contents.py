"""What a feed shows: which activities, their state in one statement that reads no text, and the classes above them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from scheduler.agenda.access import AgendaPermission
from scheduler.agenda.models import Activity, Attendance, Audience, Teaching, Venue
from scheduler.agenda.queries import in_scope, visible_to
from scheduler.agenda.queries.rows import lecturer_names
from scheduler.agenda.queries.visibility import Bounds, held_by
from scheduler.agenda.terms import ActivityStatus, AudienceKind, Scope, ScopeKind
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.periods import Span
from scheduler.feeds.queries.prepared import prepared
from scheduler.feeds.terms import BannerFacts, EventFacts, EventState, Origin, Part
from scheduler.people.models import Lecturer

_SQUARES = 1_000_000_007
"""Keeps a sum of squared ids within 64 bits, for it tells apart sets whose ids have the same sum."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which activities a calendar holds: those of `scope` within `span` that `actor` may see.

    `cancelled_since`: cancelled ones only if they end after it; None: not at all.
    """

    actor: Actor
    scope: Scope
    span: Span
    part: Part = Part.ALL
    cancelled_since: datetime | None = None

    def condition(self, bounds: Bounds | None = None) -> ColumnElement[bool]:
        """Return the condition on Activity, with other bounds than those of the span if wanted.

        Drafts never leave the house.
        """
        shown = Activity.status == ActivityStatus.SCHEDULED
        if self.cancelled_since is not None:
            shown = or_(
                shown,
                and_(Activity.status == ActivityStatus.CANCELLED, Activity.ends_at > self.cancelled_since),
            )
        own = self.scope == Scope(ScopeKind.PERSON, self.actor.person_id) and self.actor.may(AgendaPermission.READ)
        # what one attends or teaches one may see, and drafts are shown to nobody here
        seen = () if own else (visible_to(self.actor),)
        held = in_scope(self.scope, self.span) if bounds is None else held_by(self.scope.kind, self.scope.id, bounds)
        return and_(held, *seen, shown, *self._part())

    def _part(self) -> Iterator[ColumnElement[bool]]:
        if self.part is Part.LEARNING:
            yield Activity.id.in_(select(Attendance.activity_id).where(Attendance.person_id == self.scope.id))
        elif self.part is Part.TEACHING:
            yield Activity.id.in_(
                select(Teaching.activity_id)
                .join(Lecturer, Lecturer.id == Teaching.lecturer_id)
                .where(Lecturer.person_id == self.scope.id)
            )

    @property
    def has_banners(self) -> bool:
        """Whether classes stand above their sessions: not where one looks at a venue's or lecturer's load."""
        return self.part is not Part.TEACHING and self.scope.kind not in {
            ScopeKind.VENUE,
            ScopeKind.LECTURER,
            ScopeKind.SERIES,
        }


@dataclass(frozen=True, slots=True)
class State:
    """What tells one content of a feed from another: figures over its events, and over its classes."""

    count: int
    newest: datetime | None
    figures: tuple[object, ...]


def state_of(session: Session, choice: Choice) -> State:
    """Return the state of a feed's content; one statement, which reads no text."""
    row = plain_rows(session, prepared(session, _state, choice))[0]
    newest = [instant for instant in (row[1], *row[6:7]) if instant is not None]
    return State(row[0], max(newest, default=None), tuple(map(str, row)))


def _state(choice: Choice) -> Select[*tuple[Any, ...]]:
    shown = select(*_FIGURES).where(choice.condition())
    if not choice.has_banners:
        return shown
    classes = (
        select(*(figure.label(f"class_{figure.key}") for figure in _FIGURES))
        .where(Activity.audience_id.in_(_class_ids(choice)), Activity.status != ActivityStatus.DRAFT)
        .subquery()
    )
    events = shown.subquery()
    return select(events, classes).select_from(events.join(classes, true()))


_FIGURES: tuple[ColumnElement[Any], ...] = (
    func.count(Activity.id).label("count"),
    func.max(Activity.revised_at).label("newest"),
    func.sum(Activity.id).label("ids"),
    func.sum(cast(Activity.id, BigInteger) * Activity.id % _SQUARES).label("squares"),
    func.sum(Activity.version).label("versions"),
)


def _class_ids(choice: Choice) -> Select[int]:
    # its activities are those of the calendar, not the one that the statement around it looks at
    classes = select(Audience.id).where(Audience.kind == AudienceKind.STUDY_CLASS)
    if choice.scope.kind is not ScopeKind.PERSON:
        # one activity of a class tells, so a year of a whole organisation is not read for it
        shown = select(Activity.id).where(Activity.audience_id == Audience.id, choice.condition())
        return classes.where(shown.correlate(Audience).exists()).correlate(None)
    # a lecturer has the one session, not the class
    attended = select(Attendance.activity_id).where(Attendance.person_id == choice.scope.id)
    ids = select(Activity.audience_id).where(choice.condition(), Activity.id.in_(attended)).correlate(None)
    # not joined: SQLite would begin with the classes, and read all activities of them all
    return classes.where(Audience.id.in_(ids)).correlate(None)


def facts_by_id(session: Session, ids: Iterable[int], origin: Origin) -> dict[int, EventFacts]:
    """Return the facts of activities, in the order of a calendar; one statement."""
    return {row.id: _facts(row, origin) for row in session.execute(_facts_where(Activity.id.in_(list(ids))))}


def facts_of(session: Session, choice: Choice, origin: Origin) -> list[tuple[int, EventFacts]]:
    """Return (audience id, facts) of all that `choice` holds, in the order of a calendar; one statement."""
    return [(row.audience_id, _facts(row, origin)) for row in session.execute(_facts_where(choice.condition()))]


def _facts_where(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Activity.id,
            Activity.audience_id,
            Activity.uid,
            Activity.kind,
            Activity.title,
            Activity.description,
            Activity.starts_at,
            Activity.ends_at,
            Activity.status,
            Activity.tentative,
            func.coalesce(Venue.name, "").label("venue_name"),
            func.coalesce(Venue.address, "").label("venue_address"),
            lecturer_names().label("lecturers"),
            Audience.kind.label("audience_kind"),
            Audience.name.label("audience_name"),
            Activity.sequence,
            Activity.revised_at,
            Activity.moved_from,
            Activity.change_reason,
        )
        .join(Audience, Audience.id == Activity.audience_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(condition)
        .order_by(Activity.starts_at, Activity.id)
    )


def _facts(row: Row[*tuple[Any, ...]], origin: Origin) -> EventFacts:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name of a row's mapping
    number, _audience = values.pop("id"), values.pop("audience_id")
    status, tentative = values.pop("status"), values.pop("tentative")
    state = EventState.TENTATIVE if tentative else EventState.CONFIRMED
    if status is ActivityStatus.CANCELLED:
        state = EventState.CANCELLED
    return EventFacts(**values, state=state, url=origin.link(f"/activities/{number}"))


def banners_of(session: Session, choice: Choice, origin: Origin) -> list[BannerFacts]:
    """Return the classes of several days whose sessions the calendar holds; one statement.

    Their revision is derived, and rises with any of their sessions': sequences only grow, sessions that were
    announced are never deleted.
    """
    if not choice.has_banners:
        return []
    rows = plain_rows(session, prepared(session, _banners, choice))
    found = []
    for row in rows:
        cancelled = row.first is None
        first, last = (row.first_ever, row.last_ever) if cancelled else (row.first, row.last)
        banner = BannerFacts(
            uid=f"audience-{row.id}@{origin.installation_id}",
            title=row.name,
            first=first.astimezone(origin.zone).date(),
            last=last.astimezone(origin.zone).date(),
            cancelled=cancelled,
            sequence=row.sequence,
            revised_at=row.revised_at,
        )
        if banner.last > banner.first:
            found.append(banner)
    return found


def _banners(choice: Choice) -> Select[*tuple[Any, ...]]:
    scheduled = Activity.status == ActivityStatus.SCHEDULED
    return (
        select(
            Audience.id,
            Audience.name,
            func.min(case((scheduled, Activity.starts_at))).label("first"),
            func.max(case((scheduled, Activity.ends_at))).label("last"),
            func.min(Activity.starts_at).label("first_ever"),
            func.max(Activity.ends_at).label("last_ever"),
            (func.sum(Activity.sequence) + func.count(Activity.id) - 1).label("sequence"),
            func.max(Activity.revised_at).label("revised_at"),
        )
        .join(Audience, Audience.id == Activity.audience_id)
        .where(Audience.id.in_(_class_ids(choice)), Activity.status != ActivityStatus.DRAFT)
        .group_by(Audience.id, Audience.name)
        .order_by(func.min(Activity.starts_at), Audience.id)
    )
