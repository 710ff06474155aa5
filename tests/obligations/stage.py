"""Short ways to settle obligations and to read how they stand."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scheduler.core.access import system_actor
from scheduler.core.periods import Cadence, period_of
from scheduler.obligations import queries
from scheduler.obligations.actions import settle
from scheduler.obligations.terms import Base, Metric, ObligationPlan, Standing
from tests.mentoring.conftest import NOW, TODAY, ZONE, House

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.obligations.models import Obligation

SYSTEM = system_actor("tests")
CADENCES = {
    Metric.GUIDANCE: Cadence.MONTH,
    Metric.CLASSES: Cadence.YEAR,
    Metric.LECTURES: Cadence.WEEK,
    Metric.COVERAGE: Cadence.YEAR,
}


def plan(house: House, metric: Metric, **changes: Any) -> ObligationPlan:
    """Return a plan for the city: one of the thing, since 2025."""
    number = None if metric is Metric.GUIDANCE else 1
    facts: dict[str, Any] = {
        "metric": metric,
        "cadence": CADENCES[metric],
        "name_zh": "指标",
        "name_en": "Duty",
        "unit_id": house.cast.units["CITY"],
        "number": number,
        "starts_on": date(2025, 1, 1),
    }
    if metric is Metric.COVERAGE:
        facts |= {"base": Base.ELIGIBLE, "number": 100, "per": 100}
    return ObligationPlan(**{**facts, **changes})


def owe(session: "Session", house: House, metric: Metric, **changes: Any) -> "Obligation":
    """Settle an obligation and return it with its unit."""
    made = settle(session, SYSTEM, plan(house, metric, **changes), now=NOW)
    return queries.get_obligation(session, SYSTEM, made.id)


def moment(obligation: "Obligation", day: date = TODAY, now: datetime = NOW) -> queries.Moment:
    """Return the period of an obligation that holds `day`, asked about at `now`."""
    return queries.Moment(period_of(obligation.cadence, day), ZONE, now)


def standings(
    session: "Session",
    obligation: "Obligation",
    day: date = TODAY,
    *,
    paths: tuple[str, ...] = ("/",),
    now: datetime = NOW,
    **options: Any,
) -> dict[str, Standing]:
    """Return the standings by name."""
    rows = queries.standings(obligation, moment(obligation, day, now), paths, **options)
    return {one.name: one for one in queries.single_standings(session, obligation, rows)}
