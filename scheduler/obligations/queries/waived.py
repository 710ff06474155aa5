"""What mentoring shows of waivers: it stands below this package, so it is told how to ask."""

from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from scheduler.mentoring.models import Pairing
from scheduler.obligations.models import Obligation, Waiver
from scheduler.obligations.terms import Metric


def guidance_waived(pairing: SQLColumnExpression[int], month: date | ColumnElement[date]) -> ColumnElement[str]:
    """Return why the guidance of a pairing is waived in a month, null where it is owed; beside Pairing."""
    return (
        select(Waiver.reason)
        .join(Obligation, Obligation.id == Waiver.obligation_id)
        .where(
            Obligation.metric == Metric.GUIDANCE,
            Waiver.subject_id == pairing,
            Waiver.period_start == month,
            Waiver.lifted_at.is_(None),
        )
        .limit(1)
        .correlate(Pairing)
        .scalar_subquery()
    )
