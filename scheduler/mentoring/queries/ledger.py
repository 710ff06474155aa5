"""What mentoring shows of what is owed: guidance for each pairing, and who of the staff has a mentor."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from scheduler.core.errors import lazy
from scheduler.core.ledger import DaysBetween, Ledger, address, at_least, barred_when, day_value, earlier, later, ledger
from scheduler.core.periods import Period
from scheduler.mentoring.models import GuidanceRecord, Pairing, PairingPause, Programme
from scheduler.mentoring.rules.duty import HALF_BELOW, NOTHING_BELOW
from scheduler.mentoring.terms import Confirmation, PairingStatus, RecordState
from scheduler.people.models import Person
from scheduler.people.queries.staff import trainees_at


def guidance_ledger(period: Period) -> Ledger:
    """Return the records of guidance given in a period, by pairing; each stands once."""
    barred = barred_when(
        (GuidanceRecord.state == RecordState.WITHDRAWN, lazy("Withdrawn")),
        (GuidanceRecord.state == RecordState.REPLACED, lazy("Replaced by a correction")),
        (GuidanceRecord.confirmation == Confirmation.DISPUTED, lazy("Disputed by the mentee")),
    )
    rows = ledger(
        GuidanceRecord.pairing_id,
        GuidanceRecord.day,
        address=address("/mentoring/records/", GuidanceRecord.id),
        barred=barred,
    )
    return rows.where(GuidanceRecord.day >= period.first, GuidanceRecord.day < period.end)


def pairings_owing(period: Period) -> Select[*tuple[Any, ...]]:
    """Return the pairings that are in force in a period, as subjects: id, unit id, duty, and days in force.

    A pairing belongs to the unit of its mentee (Person, which the caller may ask about further). What it owes follows from its duty and its days (`rules.duty.owed`).
    """
    paused = _paused(period)
    return (
        select(
            Pairing.id.label("subject_id"),
            Person.unit_id,
            Programme.duty.label("number"),
            _days_in_force(period, paused).label("days"),
        )
        .join(Programme, Programme.id == Pairing.programme_id)
        .join(Person, Person.id == Pairing.mentee_id)
        .outerjoin(paused, paused.c.pairing_id == Pairing.id)
        .where(*_in_force(period))
    )


def pairing_names() -> Select[int, str]:
    """Return the name under which each pairing is listed as a subject: (subject_id, name)."""
    mentor = aliased(Person)
    return (
        select(Pairing.id.label("subject_id"), (Person.name + literal(" ← ") + mentor.name).label("name"))
        .join(mentor, mentor.id == Pairing.mentor_id)
        .join(Person, Person.id == Pairing.mentee_id)
    )


def coverage_ledger(period: Period, ended: datetime | None) -> Ledger:
    """Return the pairings of a period by the mentee's unit: each eligible person counts once who has a mentor in it.

    Who is eligible is asked for the instant at which the period `ended`; None: now.
    """
    before = aliased(Pairing)
    earlier_one = exists().where(
        before.mentee_id == Pairing.mentee_id, before.id < Pairing.id, *_in_force(period, before)
    )
    mentor = aliased(Person)
    barred = barred_when(
        (Pairing.status.in_((PairingStatus.PROPOSED, PairingStatus.AGREED)), lazy("Not in force yet")),
        (earlier_one.correlate(Pairing), lazy("This person is counted already")),
        (Person.id.not_in(select(trainees_at(ended).c.person_id)), lazy("Not among those who are to have a mentor")),
    )
    return (
        ledger(
            Person.unit_id,
            later(Pairing.starts_on, day_value(period.first)),
            label=Person.name + literal(" ← ") + mentor.name,
            address=address("/mentoring/pairings/", Pairing.id),
            barred=barred,
        )
        .join_from(Pairing, Person, Person.id == Pairing.mentee_id)
        .join(mentor, mentor.id == Pairing.mentor_id)
        .where(*_touches(period, Pairing))
    )


def _touches(period: Period, pairing: type[Pairing]) -> tuple[ColumnElement[bool], ...]:
    return (
        pairing.starts_on < period.end,
        pairing.ends_on >= period.first,
        or_(pairing.closed_on.is_(None), pairing.closed_on >= period.first),
    )


def _in_force(period: Period, pairing: type[Pairing] = Pairing) -> tuple[ColumnElement[bool], ...]:
    return (
        pairing.status.not_in((PairingStatus.PROPOSED, PairingStatus.AGREED)),
        *_touches(period, pairing),
    )


def _days_in_force(period: Period, paused: Subquery) -> ColumnElement[int]:
    """Return on how many days of a period a pairing is in force, as `rules.duty.days_in_force` counts them."""
    whole = (Pairing.starts_on <= period.first) & (_last_day() >= period.last_day)  # nearly all; the rest is dear
    spanned = case((whole, period.days), else_=DaysBetween(_begin(period), _end(period)) + 1)
    days = spanned - func.coalesce(paused.c.days, 0)
    return at_least(0, days)  # one that was closed before it began was never in force


def _paused(period: Period) -> Subquery:
    """Return on how many days of a period pairings are suspended, those few that are: (pairing_id, days)."""
    begin = later(PairingPause.starts_on, _begin(period))
    # a pause ends on the day before `ends_on`; suspensions of a pairing never overlap (actions.life)
    stop = earlier(func.coalesce(PairingPause.ends_on, day_value(period.end)), day_value(period.end))
    days = DaysBetween(begin, stop) - at_least(0, DaysBetween(_end(period), stop) - 1)
    return (
        select(PairingPause.pairing_id, func.sum(at_least(0, days)).label("days"))
        .join(Pairing, Pairing.id == PairingPause.pairing_id)
        .where(
            PairingPause.starts_on < period.end,
            or_(PairingPause.ends_on.is_(None), PairingPause.ends_on > period.first),
        )
        .group_by(PairingPause.pairing_id)
        .subquery()
    )


def _begin(period: Period) -> ColumnElement[date]:
    return later(Pairing.starts_on, day_value(period.first))


def _end(period: Period) -> ColumnElement[date]:
    return earlier(_last_day(), day_value(period.last_day))


def _last_day() -> ColumnElement[date]:
    return earlier(func.coalesce(Pairing.closed_on, Pairing.ends_on), Pairing.ends_on)


def owed_of(number: ColumnElement[int], days: ColumnElement[int]) -> ColumnElement[int]:
    """Return what `rules.duty.owed` says, for the database to compute."""
    return case((days < NOTHING_BELOW, 0), (days < HALF_BELOW, (number + 1) // 2), else_=number)
