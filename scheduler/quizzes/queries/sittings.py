"""Sittings: whose they are, what was granted, how they go."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from scheduler.agenda.models import Activity, Attendance, Audience, Teaching
from scheduler.agenda.queries import unit_ids_within, visible_to
from scheduler.agenda.terms import OWNED, ActivityStatus
from scheduler.core.access import Actor
from scheduler.core.errors import Missing
from scheduler.people.models import Lecturer, Person, Unit
from scheduler.quizzes.access import QuizPermission
from scheduler.quizzes.models import Attempt, Grant, Paper, Question, Sitting
from scheduler.quizzes.rules.timing import extra_time
from scheduler.quizzes.terms.attempts import AttemptState, Doing
from scheduler.quizzes.terms.sittings import Concession, Release

SIZE = 50


def held_by(actor: Actor, permission: QuizPermission = QuizPermission.HOLD) -> ColumnElement[bool]:
    """Return the condition on Activity that holds for sittings hosted where `actor` holds the permission."""
    if actor.system:
        return true()
    scopes = actor.scopes(permission)
    return Activity.host_unit_id.in_(unit_ids_within(scopes)) if scopes else false()


def marked_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Activity: `actor` holds the sitting, or may mark and is its lecturer."""
    if not actor.may(QuizPermission.MARK):
        return false()
    teaches = (
        exists()
        .where(
            Teaching.activity_id == Activity.id,
            Lecturer.id == Teaching.lecturer_id,
            Lecturer.person_id == actor.person_id,
        )
        .correlate(Activity)
    )
    return or_(held_by(actor), teaches)


def get_held(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting that `actor` holds, with activity, audience, host and paper loaded; refuses with Missing."""
    return _get(session, sitting_id, held_by(actor))


def get_marked(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting whose short answers `actor` may mark, as `get_held`."""
    return _get(session, sitting_id, marked_by(actor))


def get_due(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    """Return a sitting that takes place and that `actor` is due at, as `get_held`."""
    expected = exists().where(Attendance.activity_id == Activity.id, Attendance.person_id == actor.person_id)
    return _get(session, sitting_id, expected & (Activity.status == ActivityStatus.SCHEDULED))


def find_of_activity(session: Session, actor: Actor, activity_id: int) -> int | None:
    """Return the sitting of an activity that `actor` may see."""
    return session.scalar(
        select(Sitting.id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Activity.id == activity_id, visible_to(actor))
    )


def _get(session: Session, sitting_id: int, condition: ColumnElement[bool]) -> Sitting:
    found = session.scalars(
        select(Sitting)
        .join(Activity, Activity.id == Sitting.activity_id)
        .where(Sitting.id == sitting_id, condition)
        .options(
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.audience, innerjoin=True),
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.host_unit, innerjoin=True),
            joinedload(Sitting.activity, innerjoin=True).joinedload(Activity.venue),
            joinedload(Sitting.paper, innerjoin=True),
        )
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def extra_of(session: Session, sitting_id: int, person_id: int, unit_path: str) -> timedelta:
    """Return the time that was added for a person of the unit at `unit_path`: the most lenient grant."""
    rows = session.execute(
        select(Grant.person_id, Unit.path, Grant.minutes)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(
            Grant.sitting_id == sitting_id,
            Grant.concession == Concession.MORE_TIME,
            Grant.withdrawn_at.is_(None),
        )
    )
    return extra_time(
        row.minutes for row in rows if row.person_id == person_id or (row.path and unit_path.startswith(row.path))
    )


def longest_grants(session: Session, sitting_ids: Collection[int]) -> dict[int, timedelta]:
    """Return the most time that was added for anybody, by sitting."""
    rows = session.execute(
        select(Grant.sitting_id, func.max(Grant.minutes))
        .where(Grant.sitting_id.in_(sitting_ids), Grant.withdrawn_at.is_(None), Grant.minutes.is_not(None))
        .group_by(Grant.sitting_id)
    )
    return {sitting_id: timedelta(minutes=minutes or 0) for sitting_id, minutes in rows}


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A sitting as lists show it."""

    id: int
    activity_id: int
    title: str
    paper: str
    starts_at: datetime
    ends_at: datetime
    status: ActivityStatus
    due: int
    handed_in: int
    waiting: int
    """Attempts that wait for marks."""
    closed: bool
    settled: bool


def list_sittings(session: Session, actor: Actor, *, page: int = 1) -> tuple[list[SittingRow], int]:
    """Return a page of the sittings that `actor` holds, marks, or sees results of, newest first; and how many there are."""
    condition = or_(held_by(actor), marked_by(actor), held_by(actor, QuizPermission.RESULTS))
    due = select(func.count()).where(Attendance.activity_id == Activity.id).correlate(Activity).scalar_subquery()
    of_it = select(func.count()).where(Attempt.sitting_id == Sitting.id).correlate(Sitting)
    ended = of_it.where(Attempt.ended_at.is_not(None)).scalar_subquery()
    waits = of_it.where(Attempt.state == AttemptState.SUBMITTED).scalar_subquery()
    total = session.scalar(
        select(func.count()).select_from(Sitting).join(Activity, Activity.id == Sitting.activity_id).where(condition)
    )
    rows = session.execute(
        select(
            Sitting.id,
            Activity.id.label("activity_id"),
            Activity.title,
            Paper.name,
            Activity.starts_at,
            Activity.ends_at,
            Activity.status,
            due.label("due"),
            ended.label("ended"),
            waits.label("waits"),
            Sitting.closed_at.is_not(None).label("closed"),
            Sitting.settled_at.is_not(None).label("settled"),
        )
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(condition)
        .order_by(Activity.starts_at.desc(), Sitting.id.desc())
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    return [SittingRow(*row) for row in rows], total or 0


@dataclass(frozen=True, slots=True)
class OwnSitting:
    """A sitting for one who is due at it, with what came of it so far; the result only once it is released."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    length_minutes: int
    attempts: int
    made: int
    """Without those that were called off."""
    open_attempt: int | None
    last_attempt: int | None
    released: bool
    score: int | None
    out_of: int | None
    passed: bool | None


def own_sittings(session: Session, actor: Actor, *, now: datetime) -> list[OwnSitting]:
    """Return the sittings that `actor` is due at or was, newest first; two statements."""
    rows = session.execute(
        select(Sitting, Activity.title, Activity.starts_at, Activity.ends_at)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Attendance, Attendance.activity_id == Activity.id)
        .where(Attendance.person_id == actor.person_id, Activity.status == ActivityStatus.SCHEDULED)
        .order_by(Activity.starts_at.desc())
        .limit(200)
    ).all()
    made: dict[int, list[Attempt]] = {}
    for attempt in session.scalars(
        select(Attempt)
        .where(Attempt.person_id == actor.person_id, Attempt.sitting_id.in_([row[0].id for row in rows]))
        .order_by(Attempt.number)
    ):
        made.setdefault(attempt.sitting_id, []).append(attempt)
    return [_own(sitting, title, starts, ends, made.get(sitting.id, []), now) for sitting, title, starts, ends in rows]


def _own(
    sitting: Sitting, title: str, starts: datetime, ends: datetime, made: list[Attempt], now: datetime
) -> OwnSitting:
    shown = is_released(sitting, now)
    graded = [attempt for attempt in made if attempt.state is AttemptState.GRADED]
    best = max(graded, key=lambda attempt: attempt.score or 0, default=None) if shown else None
    running = next((attempt for attempt in made if attempt.ended_at is None), None)
    return OwnSitting(
        sitting.id,
        title,
        starts,
        ends,
        sitting.length_minutes,
        sitting.attempts,
        sum(attempt.state is not AttemptState.ABANDONED for attempt in made),
        running.id if running else None,
        made[-1].id if made else None,
        shown,
        best.score if best else None,
        best.out_of if best else None,
        best.passed if best else None,
    )


def is_released(sitting: Sitting, now: datetime) -> bool:
    """Tell whether those who sat may see their scores."""
    if sitting.release is Release.SUBMITTED:
        return True
    if sitting.release is Release.CLOSED:
        return sitting.closed_at is not None and sitting.closed_at <= now
    return sitting.released_at is not None and sitting.released_at <= now


def shows_keys(sitting: Sitting, now: datetime) -> bool:
    """Tell whether keys and explanations may be shown: with the results, and never while somebody may still sit."""
    return sitting.explanations and sitting.closed_at is not None and is_released(sitting, now)


_SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One who is due, on the live board: answered questions of all, last sign of life, deadline."""

    person_id: int
    name: str
    unit: str
    state: Doing
    answered: int
    asked: int
    heard_at: datetime | None
    deadline: datetime | None
    attempt_id: int | None


def live_board(session: Session, sitting: Sitting, *, now: datetime) -> tuple[list[LiveRow], Counter[Doing]]:
    """Return everybody who is due, by unit and name, with what they are doing, and the count of each; two statements."""
    answers = (
        select(
            Question.attempt_id,
            func.count().label("asked"),
            func.sum(case((Question.answer != "", 1), else_=0)).label("answered"),
        )
        .join(Attempt, Attempt.id == Question.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
        .group_by(Question.attempt_id)
        .subquery()
    )
    newest = (
        select(Attempt.person_id, func.max(Attempt.number).label("number"))
        .where(Attempt.sitting_id == sitting.id, Attempt.state != AttemptState.ABANDONED)
        .group_by(Attempt.person_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            Unit.name.label("unit"),
            Attempt.id.label("attempt_id"),
            Attempt.ended_at,
            Attempt.heard_at,
            Attempt.deadline,
            answers.c.asked,
            answers.c.answered,
        )
        .select_from(Attendance)
        .join(Person, Person.id == Attendance.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(newest, newest.c.person_id == Person.id)
        .outerjoin(
            Attempt,
            (Attempt.sitting_id == sitting.id) & (Attempt.person_id == Person.id) & (Attempt.number == newest.c.number),
        )
        .outerjoin(answers, answers.c.attempt_id == Attempt.id)
        .where(Attendance.activity_id == sitting.activity_id)
        .order_by(Unit.code, Person.name, Person.id)
    )
    board = [
        LiveRow(
            row.id,
            row.name,
            row.unit,
            _doing(row.attempt_id, row.ended_at, row.heard_at, now),
            row.answered or 0,
            row.asked or 0,
            row.heard_at,
            row.deadline,
            row.attempt_id,
        )
        for row in rows
    ]
    return board, Counter(row.state for row in board)


def _doing(attempt_id: int | None, ended: datetime | None, heard: datetime | None, now: datetime) -> Doing:
    if attempt_id is None:
        return Doing.NOT_STARTED
    if ended is not None:
        return Doing.HANDED_IN
    return Doing.SILENT if heard is None or now - heard > _SILENT_AFTER else Doing.ACTIVE


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant with the name of whom it is for."""

    id: int
    name: str
    concession: Concession
    minutes: int | None
    reason: str
    made_at: datetime


def grants_of(session: Session, sitting_id: int) -> list[Granted]:
    """Return the grants of a sitting that hold, in the order in which they were made."""
    rows = session.execute(
        select(
            Grant.id,
            func.coalesce(Person.name, Unit.name),
            Grant.concession,
            Grant.minutes,
            Grant.reason,
            Grant.made_at,
        )
        .outerjoin(Person, Person.id == Grant.person_id)
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(Grant.sitting_id == sitting_id, Grant.withdrawn_at.is_(None))
        .order_by(Grant.id)
    )
    return [Granted(*row) for row in rows]


def due_choices(session: Session, sitting: Sitting) -> list[tuple[int, str]]:
    """Return everybody who is due as (id, name with unit)."""
    rows = session.execute(
        select(Person.id, Person.name, Unit.name.label("unit"))
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Attendance.activity_id == sitting.activity_id)
        .order_by(Person.name, Person.id)
    )
    return [(row.id, f"{row.name} ({row.unit})") for row in rows]


def audience_choices(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return the classes and series that `actor` may hold a sitting for, as (audience id, name)."""
    hosts = unit_ids_within(actor.scopes(QuizPermission.HOLD))
    rows = session.execute(
        select(Audience.id, Audience.name)
        .where(Audience.kind.in_(OWNED), Audience.host_unit_id.in_(hosts))
        .order_by(Audience.kind, Audience.name)
    )
    return [(row.id, row.name) for row in rows]
