"""The classes held, as what is owed in a year asks for them."""

from datetime import date

from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.errors import lazy
from scheduler.core.ledger import Ledger, address, barred_when, ledger
from scheduler.core.periods import Period


def class_ledger(period: Period, today: date) -> Ledger:
    """Return the classes that begin in a period, by host unit; one counts from its first day on."""
    barred = barred_when(
        (StudyClass.status == ClassStatus.CANCELLED, lazy("Cancelled")),
        (StudyClass.status == ClassStatus.DRAFT, lazy("Not published")),
        (StudyClass.starts_on > today, lazy("Still to come")),
    )
    return ledger(
        StudyClass.host_unit_id,
        StudyClass.starts_on,
        label=StudyClass.title,
        address=address("/classes/", StudyClass.id),
        barred=barred,
    ).where(StudyClass.starts_on >= period.first, StudyClass.starts_on < period.end)
