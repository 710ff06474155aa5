"""Where each metric is read: the one place that knows all ledgers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from scheduler.classes.queries import class_ledger
from scheduler.core.ledger import Ledger
from scheduler.core.periods import Period, day_span
from scheduler.lectures.queries import evening_ledger, lost_to_holidays
from scheduler.mentoring.queries import coverage_ledger, guidance_ledger
from scheduler.obligations.terms import Base, Metric
from scheduler.people.queries.staff import staff_at, trainees_at


@dataclass(frozen=True, slots=True)
class Moment:
    """The period that is asked about, and when it is asked."""

    period: Period
    zone: ZoneInfo
    now: datetime

    @property
    def ended(self) -> datetime | None:
        """The instant at which the period ended; None while it has not."""
        end = day_span(self.period.end, self.zone).start
        return end if end <= self.now else None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def ledgers_of(metric: Metric, at: Moment) -> tuple[Ledger, ...]:
    """Return the selects that hold every row of a metric in a period."""
    if metric is Metric.GUIDANCE:
        return (guidance_ledger(at.period),)
    if metric is Metric.CLASSES:
        return (class_ledger(at.period, at.today),)
    if metric is Metric.LECTURES:
        return (evening_ledger(at.period, at.zone, at.now), lost_to_holidays(at.period))
    return (coverage_ledger(at.period, at.ended),)


def people_of(base: Base, at: Moment) -> Select[*tuple[Any, ...]] | None:
    """Return how many of the base each unit has of its own, as (unit_id, people); None where the base is one.

    Of a period that is over: those of its end.
    """
    if base is Base.ONE:
        return None
    people = trainees_at(at.ended) if base is Base.ELIGIBLE else staff_at(at.ended)
    return select(people.c.unit_id, func.count().label("people")).group_by(people.c.unit_id)
