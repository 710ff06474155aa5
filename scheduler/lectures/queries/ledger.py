"""The evenings held, as what is owed in a week asks for them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_

from scheduler.agenda.models import Activity
from scheduler.agenda.terms import ActivityStatus
from scheduler.core.errors import lazy
from scheduler.core.ledger import Ledger, address, barred_when, ledger
from scheduler.core.periods import Period
from scheduler.lectures.models import Evening, HolidayDecision, Programme, Series
from scheduler.lectures.terms import HolidayChoice


def evening_ledger(period: Period, zone: ZoneInfo, now: datetime) -> Ledger:
    """Return the evenings of all series in a period, by the host unit; one counts once it is over."""
    span = period.span(zone)
    barred = barred_when(
        (Activity.status == ActivityStatus.CANCELLED, lazy("Cancelled")),
        (Activity.status == ActivityStatus.DRAFT, lazy("Not published")),
        (Activity.ends_at > now, lazy("Still to come")),
    )
    rows = ledger(
        Programme.host_unit_id,
        Activity.starts_at,
        label=Activity.title,
        address=address("/activities/", Activity.id),
        barred=barred,
    )
    return (
        rows.join_from(Evening, Activity, Activity.id == Evening.activity_id)
        .join(Series, Series.id == Evening.series_id)
        .join(Programme, Programme.id == Series.programme_id)
        .where(Activity.starts_at >= span.start, Activity.starts_at < span.end)
    )


def lost_to_holidays(period: Period) -> Ledger:
    """Return the slots of a period that a public holiday took: skipped or moved out of it, they are not owed in it."""
    away = or_(HolidayDecision.moved_to < period.first, HolidayDecision.moved_to >= period.end)
    rows = ledger(
        Programme.host_unit_id,
        HolidayDecision.slot_on,
        label=HolidayDecision.reason,
        address=address("/lectures/programmes/", Programme.id),
        barred=barred_when(
            (HolidayDecision.choice == HolidayChoice.SKIP, lazy("Skipped for a public holiday")),
            (HolidayDecision.choice == HolidayChoice.MOVE, lazy("Moved for a public holiday")),
        ),
        excused=1,
    )
    return rows.join_from(HolidayDecision, Programme, Programme.id == HolidayDecision.programme_id).where(
        HolidayDecision.slot_on >= period.first,
        HolidayDecision.slot_on < period.end,
        or_(HolidayDecision.choice == HolidayChoice.SKIP, (HolidayDecision.choice == HolidayChoice.MOVE) & away),
    )
