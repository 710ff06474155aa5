"""What every step in a pairing's life asks first and does last."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from scheduler.core.access import Actor
from scheduler.core.errors import Missing, Refusal, Stale, lazy, refuse_stale
from scheduler.mentoring.models import GuidanceRecord, Pairing
from scheduler.mentoring.queries import Shown, counts, get_pairing
from scheduler.mentoring.rules.life import may_take
from scheduler.mentoring.terms import Step
from scheduler.notices.actions import post


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """Return the civil day of `now` in the organisation's zone."""
    return now.astimezone(zone).date()


def open_pairing(session: Session, actor: Actor, pairing_id: int, version: int, step: Step) -> Shown:
    """Return a pairing for its officer to take `step`. Refuses Missing, Stale, and a state that does not allow it."""
    shown = get_pairing(session, actor, pairing_id)
    if not shown.manages:
        raise Missing
    refuse_stale(shown.pairing.version, version)
    require_step(step, shown.pairing)
    return shown


def require_step(step: Step, pairing: Pairing) -> None:
    """Refuse a step that the pairing's state does not allow."""
    if not may_take(step, pairing.status):
        raise Refusal(lazy("This pairing does not stand so that this can be done: look at its state."))


def refuse_records(session: Session, pairing: Pairing, *, after: date) -> None:
    """Refuse if a record that counts is dated `after` or later: the pairing was in force then."""
    own = (GuidanceRecord.pairing_id == pairing.id, GuidanceRecord.day >= after, counts())
    latest = session.scalar(select(func.max(GuidanceRecord.day)).where(*own))
    if latest is not None:
        raise Refusal(
            lazy("There is a guidance record of %(day)s: the pairing was in force then."),
            field="day",
            day=latest.isoformat(),
        )


def flush(session: Session) -> None:
    """Write, and say in the domain's words what the database refuses: another's change, a second open pairing."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Stale from error
    except IntegrityError as error:
        raise Refusal(lazy("This mentee has an open pairing already.")) from error


def tell(session: Session, pairing: Pairing, kind: str, message_id: str, *, now: datetime) -> None:
    """Tell both sides what became of their pairing."""
    post(
        session,
        (pairing.mentor_id, pairing.mentee_id),
        kind=kind,
        subject=f"pairing:{pairing.id}",
        slot=now.isoformat(),
        message_id=message_id,
        address=f"/mentoring/pairings/{pairing.id}",
        now=now,
        mentor=pairing.mentor.name,
        mentee=pairing.mentee.name,
    )
