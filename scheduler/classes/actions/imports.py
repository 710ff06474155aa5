"""Bringing in a year's classes, timetables and rosters: few statements, however many rows."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.agenda.terms import Consent
from scheduler.classes.terms import ClassPlan, ClassStatus, Imported, SessionPlan
from scheduler.core.access import Actor


def import_classes(
    session: Session,
    actor: Actor,
    plans: Sequence[ClassPlan],
    *,
    status: ClassStatus = ClassStatus.PUBLISHED,
    now: datetime,
) -> Imported:
    """Make the classes of `plans` (with audience and quotas) whose codes are new; those that exist stay as they are.

    `status` is DRAFT or PUBLISHED. The plans must have been checked: codes differ, no end before its start.
    """
    raise NotImplementedError


def import_sessions(
    session: Session,
    actor: Actor,
    plans: Sequence[tuple[int, SessionPlan]],
    *,
    consent: Consent | None = None,
    installation_id: str,
    zone: ZoneInfo,
    now: datetime,
) -> Imported:
    """Add the sessions of `plans`, pairs (class id, session), to their timetables.

    A session that starts in its class at the same instant (or was moved away from it) exists and stays as it is.
    Sessions of a draft are drafts. Refuses like agenda.actions.create_activities: DoubleBooking, NeedsConfirmation.
    """
    raise NotImplementedError


def enrol_many(session: Session, actor: Actor, pairs: Sequence[tuple[int, int]], *, now: datetime) -> int:
    """Enrol people in classes, `pairs` of (class id, person id), and return how many enrolments are new.

    Nobody is told, quotas and the people's other engagements are not asked about: an imported roster has been
    decided. Refuses with ClassFull, naming the class, where the new people do not all fit: then nobody is enrolled.
    """
    raise NotImplementedError
