"""How pairings stand in a month: one statement for any number of them, flat in months of history."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, Subquery, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from scheduler.agenda.queries import unit_ids_within
from scheduler.core.access import Actor
from scheduler.core.database import plain_rows
from scheduler.core.periods import day_span, next_month
from scheduler.mentoring.models import GuidanceRecord, Pairing, PairingPause, Programme
from scheduler.mentoring.queries.visibility import belongs_to
from scheduler.mentoring.queries.waived import Asking, how_to_ask
from scheduler.mentoring.rules.duty import days_in_force, is_late, owed
from scheduler.mentoring.terms import OPEN, Confirmation, PairingStatus, RecordState, Standing
from scheduler.people.models import Person, Unit

_Day = date | ColumnElement[date]
ASKED_FOR = timedelta(days=30)
"""How long a mentee is asked to answer a record; nothing confirms by itself."""


def counts() -> ColumnElement[bool]:
    """Return the condition on GuidanceRecord that holds for what counts: filed, and not disputed."""
    return (GuidanceRecord.state == RecordState.FILED) & (GuidanceRecord.confirmation != Confirmation.DISPUTED)


def in_month(month: date) -> ColumnElement[bool]:
    """Return the condition on GuidanceRecord: guidance on a day of the month that begins with `month`."""
    return (GuidanceRecord.day >= month) & (GuidanceRecord.day < next_month(month))


def unit_standings(session: Session, paths: tuple[str, ...], month: date) -> list[Standing]:
    """Return how the pairings whose mentees belong to the units at and below `paths` stand, by unit and names.

    Each pairing belongs to one unit, that of its mentee, so that units add up. One statement.
    """
    return _standings(session, month, _many(month, Person.unit_id.in_(unit_ids_within(paths))))


def own_standings(session: Session, actor: Actor, today: date) -> list[Standing]:
    """Return how the actor's own open pairings stand this month, as mentor, mentee or sponsor; one statement.

    `unconfirmed` are those of the last thirty days: what is older has lapsed, and is asked for no more.
    """
    month = today.replace(day=1)
    values = {"reader_id": actor.person_id, "month": month, "end": next_month(month), "since": today - ASKED_FOR}
    return _by_pairing(plain_rows(session, _of_reader(how_to_ask()), **values), month)


@cache
def _of_reader(waived: Asking) -> Select[*tuple[Any, ...]]:
    """Build the statement of everybody's first page once: that takes longer than to answer it."""
    month, end, since = (bindparam(name, type_=Date()) for name in ("month", "end", "since"))
    reader = bindparam("reader_id", type_=Integer())
    return _few(month, end, belongs_to(reader) & Pairing.status.in_(OPEN), since, waived)


def standing_of(session: Session, pairing_id: int, month: date) -> Standing | None:
    """Return how one pairing stands in a month; None where it is not in force in it at all."""
    values = {"pairing_id": pairing_id, "month": month, "end": next_month(month)}
    return next(iter(_by_pairing(plain_rows(session, _of_one_pairing(how_to_ask()), **values), month)), None)


@cache
def _of_one_pairing(waived: Asking) -> Select[*tuple[Any, ...]]:
    """Build the statement of the form that a mentor files by once."""
    month, end = (bindparam(name, type_=Date()) for name in ("month", "end"))
    return _few(month, end, Pairing.id == bindparam("pairing_id", type_=Integer()), month, waived)


def late_records(session: Session, paths: tuple[str, ...], month: date, zone: ZoneInfo) -> dict[int, int]:
    """Return how many of a month's counted records came late, by pairing; only late ones are read."""
    after = day_span(next_month(month), zone).start
    rows = session.execute(
        select(GuidanceRecord.pairing_id, GuidanceRecord.day, GuidanceRecord.first_filed_at, Programme.grace_days)
        .join(Pairing, Pairing.id == GuidanceRecord.pairing_id)
        .join(Programme, Programme.id == Pairing.programme_id)
        .join(Person, Person.id == Pairing.mentee_id)
        .where(
            in_month(month),
            counts(),
            GuidanceRecord.first_filed_at >= after,
            Person.unit_id.in_(unit_ids_within(paths)),
        )
    )
    late: dict[int, int] = {}
    for pairing_id, day, filed_at, grace_days in rows:
        if is_late(day, filed_at.astimezone(zone).date(), grace_days):
            late[pairing_id] = late.get(pairing_id, 0) + 1
    return late


def _standings(session: Session, month: date, statement: Select[*tuple[Any, ...]]) -> list[Standing]:
    return _by_pairing(session.execute(statement).all(), month)


def _by_pairing(rows: Sequence[Row[*tuple[Any, ...]]], month: date) -> list[Standing]:
    by_pairing: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:  # one for each pause that touches the month
        by_pairing.setdefault(row.id, []).append(row)
    return [_standing(same, month) for same in by_pairing.values()]


def _standing(rows: Sequence[Row[*tuple[Any, ...]]], month: date) -> Standing:
    row = rows[0]
    pauses = [(one.paused_on, one.resumed_on) for one in rows if one.paused_on]
    last_day = min(row.closed_on or row.ends_on, row.ends_on)
    days = days_in_force(row.starts_on, last_day, pauses, month)
    return Standing(
        pairing_id=row.id,
        mentor_id=row.mentor_id,
        mentor=row.mentor,
        mentee_id=row.mentee_id,
        mentee=row.mentee,
        unit=row.unit,
        unit_path=row.path,
        programme_id=row.programme_id,
        status=row.status,
        duty=row.duty,
        days_in_force=days,
        owed=owed(row.duty, days),
        counted=row.counted or 0,
        unconfirmed=row.unconfirmed or 0,
        waived_for=row.waived_for or "",
    )


def _grouped(month: date) -> Subquery:
    """Count the month's records of all pairings in one pass: for many pairings."""
    return (
        select(
            GuidanceRecord.pairing_id,
            func.sum(case((counts(), 1), else_=0)).label("counted"),
            func.sum(case((_unanswered(), 1), else_=0)).label("unconfirmed"),
        )
        .where(in_month(month), GuidanceRecord.state == RecordState.FILED)
        .group_by(GuidanceRecord.pairing_id)
        .subquery()
    )


def _unanswered() -> ColumnElement[bool]:
    return (GuidanceRecord.state == RecordState.FILED) & (GuidanceRecord.confirmation == Confirmation.UNCONFIRMED)


def _of_one(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the records of one pairing: for few pairings, whatever the others have."""
    own = GuidanceRecord.pairing_id == Pairing.id
    return select(func.count()).where(own, *conditions).correlate(Pairing).scalar_subquery()


def _many(month: date, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    filed = _grouped(month)
    chosen = _pairings(month, next_month(month), condition, how_to_ask()).outerjoin(
        filed, filed.c.pairing_id == Pairing.id
    )
    return chosen.add_columns(filed.c.counted, filed.c.unconfirmed)


def _few(
    month: _Day, end: _Day, condition: ColumnElement[bool], asked_since: _Day, waived: Asking
) -> Select[*tuple[Any, ...]]:
    in_it = (GuidanceRecord.day >= month) & (GuidanceRecord.day < end)
    return _pairings(month, end, condition, waived).add_columns(
        _of_one(in_it, counts()).label("counted"),
        _of_one(GuidanceRecord.day >= asked_since, _unanswered()).label("unconfirmed"),
    )


def _pairings(month: _Day, end: _Day, condition: ColumnElement[bool], waived: Asking) -> Select[*tuple[Any, ...]]:
    mentor = aliased(Person)
    paused = and_(
        PairingPause.pairing_id == Pairing.id,
        PairingPause.starts_on < end,
        or_(PairingPause.ends_on.is_(None), PairingPause.ends_on > month),
    )
    return (
        select(
            Pairing.id,
            Pairing.mentor_id,
            mentor.name.label("mentor"),
            Pairing.mentee_id,
            Person.name.label("mentee"),
            Unit.name.label("unit"),
            Unit.path,
            Pairing.programme_id,
            Pairing.status,
            Pairing.starts_on,
            Pairing.ends_on,
            Pairing.closed_on,
            Programme.duty,
            PairingPause.starts_on.label("paused_on"),
            PairingPause.ends_on.label("resumed_on"),
            waived(Pairing.id, month).label("waived_for"),
        )
        .join(Programme, Programme.id == Pairing.programme_id)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(Person, Person.id == Pairing.mentee_id)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(PairingPause, paused)
        .where(
            condition,
            Pairing.status.not_in((PairingStatus.PROPOSED, PairingStatus.AGREED)),
            Pairing.starts_on < end,
            Pairing.ends_on >= month,
            or_(Pairing.closed_on.is_(None), Pairing.closed_on >= month),
        )
        .order_by(Unit.code, Person.name, Pairing.id)
    )
