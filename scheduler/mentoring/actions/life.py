"""What becomes of a pairing once it is agreed: it begins, is suspended and resumed, completed or ended early."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from scheduler.core.access import Actor
from scheduler.core.errors import Refusal, lazy, lazy_gettext
from scheduler.core.text import clean_line
from scheduler.mentoring.actions.history import append
from scheduler.mentoring.actions.turning import flush, open_pairing, refuse_records, tell, today_in
from scheduler.mentoring.models import EndReason, Pairing, PairingPause, Programme
from scheduler.mentoring.terms import OPEN, PairingEventKind, PairingStatus, Step
from scheduler.mentoring.terms.programmes import LEFT_CODE
from scheduler.people.models import Person


def activate(
    session: Session, actor: Actor, pairing_id: int, *, version: int, reason: str, zone: ZoneInfo, now: datetime
) -> Pairing:
    """Let an agreed pairing begin on its first day; one that is only proposed needs a reason (signed on paper).

    Refuses a mentee who has an open pairing, and a mentor with as many mentees as the programme allows. Whose last
    day is over is completed on the way.
    """
    shown = open_pairing(session, actor, pairing_id, version, Step.ACTIVATE)
    pairing = shown.pairing
    reason = _reason(reason)
    if pairing.status is PairingStatus.PROPOSED and not reason:
        raise Refusal(lazy("Not both have agreed yet. If they signed on paper, say so as the reason."), field="reason")
    _complete_what_is_over(session, actor, pairing, zone=zone, now=now)
    _check_capacity(session, pairing)
    pairing.status = PairingStatus.ACTIVE
    append(session, actor, pairing, PairingEventKind.ACTIVATED, day=pairing.starts_on, now=now, reason=reason)
    flush(session)
    tell(session, pairing, "pairing_began", lazy("The pairing of %(mentor)s and %(mentee)s is in force."), now=now)
    return pairing


def suspend(
    session: Session,
    actor: Actor,
    pairing_id: int,
    *,
    version: int,
    day: date,
    reason: str,
    zone: ZoneInfo,
    now: datetime,
) -> Pairing:
    """Suspend a pairing from `day` on. Refuses no reason, a day to come or out of its time, one before a counted record."""
    shown = open_pairing(session, actor, pairing_id, version, Step.SUSPEND)
    pairing = shown.pairing
    reason = _reason(reason, needed=True)
    if not pairing.starts_on <= day <= pairing.ends_on:
        raise Refusal(lazy("The pairing is not in force on that day."), field="day")
    _refuse_future(day, zone, now)
    refuse_records(session, pairing, after=day)
    if session.scalar(select(func.count()).where(PairingPause.pairing_id == pairing.id, PairingPause.ends_on > day)):
        raise Refusal(lazy("It was suspended on that day already."), field="day")
    session.add(PairingPause(pairing_id=pairing.id, starts_on=day, reason=reason))
    pairing.status = PairingStatus.SUSPENDED
    append(session, actor, pairing, PairingEventKind.SUSPENDED, day=day, now=now, reason=reason)
    flush(session)
    tell(session, pairing, "pairing_paused", lazy("The pairing of %(mentor)s and %(mentee)s is suspended."), now=now)
    return pairing


def resume(
    session: Session, actor: Actor, pairing_id: int, *, version: int, day: date, zone: ZoneInfo, now: datetime
) -> Pairing:
    """Let a suspended pairing go on; `day` is the first day back. Refuses one before the suspension."""
    shown = open_pairing(session, actor, pairing_id, version, Step.RESUME)
    pairing = shown.pairing
    paused = (PairingPause.pairing_id == pairing.id, PairingPause.ends_on.is_(None))
    pause = session.scalars(select(PairingPause).where(*paused)).one()
    if day < pause.starts_on:
        raise Refusal(lazy("That is before the suspension."), field="day")
    _refuse_future(day, zone, now)
    pause.ends_on = day
    pairing.status = PairingStatus.ACTIVE
    append(session, actor, pairing, PairingEventKind.RESUMED, day=day, now=now)
    flush(session)
    tell(session, pairing, "pairing_resumed", lazy("The pairing of %(mentor)s and %(mentee)s goes on."), now=now)
    return pairing


def complete(
    session: Session, actor: Actor, pairing_id: int, *, version: int, zone: ZoneInfo, now: datetime
) -> Pairing:
    """Note that a pairing reached its last day. Refuses one whose last day is still to come."""
    shown = open_pairing(session, actor, pairing_id, version, Step.COMPLETE)
    pairing = shown.pairing
    if pairing.ends_on > today_in(zone, now):
        raise Refusal(lazy("Its last day is still to come: end it early, with a reason."))
    _close(session, actor, pairing, PairingEventKind.COMPLETED, pairing.ends_on, now=now)
    return pairing


def end_early(  # noqa: PLR0913 - the facts of the act are named where it is called
    session: Session,
    actor: Actor,
    pairing_id: int,
    *,
    version: int,
    day: date,
    reason_id: int,
    reason: str,
    zone: ZoneInfo,
    now: datetime,
) -> Pairing:
    """End a pairing, or take back a proposal; `day` is the last day in force.

    Refuses a reason that is not of the programme's list, a day after the agreed last one or in the future, and one
    before a counted record.
    """
    shown = open_pairing(session, actor, pairing_id, version, Step.END)
    pairing = shown.pairing
    chosen = session.get(EndReason, reason_id)
    if chosen is None or chosen.programme_id != pairing.programme_id:
        raise Refusal(lazy("Choose one of the reasons."), field="end_reason")
    if pairing.status in OPEN:
        if day > min(pairing.ends_on, today_in(zone, now)):
            raise Refusal(lazy("The last day is not in the future, nor after the agreed one."), field="day")
        refuse_records(session, pairing, after=day + day.resolution)
    else:
        day = today_in(zone, now)  # nothing has begun: it is a proposal that is taken back
    _close(
        session,
        actor,
        pairing,
        PairingEventKind.ENDED_EARLY,
        day,
        now=now,
        reason=_reason(reason),
        end_reason_id=chosen.id,
    )
    tell(session, pairing, "pairing_ended", lazy("The pairing of %(mentor)s and %(mentee)s has ended."), now=now)
    return pairing


def complete_over(session: Session, actor: Actor, *, zone: ZoneInfo, now: datetime) -> int:
    """Complete every open pairing whose last day is over; for the job that does so each night. Returns how many."""
    over = session.scalars(
        select(Pairing).where(Pairing.status.in_(OPEN), Pairing.ends_on < today_in(zone, now)).order_by(Pairing.id)
    ).all()
    for pairing in over:
        _close(session, actor, pairing, PairingEventKind.COMPLETED, pairing.ends_on, now=now)
    return len(over)


def end_pairings(session: Session, actor: Actor, person_id: int, *, zone: ZoneInfo, now: datetime) -> int:
    """End today all pairings, proposed ones too, of somebody who leaves the staff. Returns how many.

    The caller has asked whether the actor may note the departure.
    """
    reasons = select(EndReason.programme_id, EndReason.id).where(EndReason.code == LEFT_CODE)
    leaving = {row.programme_id: row.id for row in session.execute(reasons)}
    found = session.scalars(
        select(Pairing).where(
            or_(Pairing.mentor_id == person_id, Pairing.mentee_id == person_id),
            Pairing.status.not_in((PairingStatus.COMPLETED, PairingStatus.ENDED_EARLY)),
        )
    ).all()
    for pairing in found:
        why = leaving.get(pairing.programme_id)
        day = today_in(zone, now)
        _close(session, actor, pairing, PairingEventKind.ENDED_EARLY, day, now=now, end_reason_id=why)
    return len(found)


def _complete_what_is_over(session: Session, actor: Actor, pairing: Pairing, *, zone: ZoneInfo, now: datetime) -> None:
    over = session.scalars(
        select(Pairing).where(
            or_(Pairing.mentee_id == pairing.mentee_id, Pairing.mentor_id == pairing.mentor_id),
            Pairing.status.in_(OPEN),
            Pairing.ends_on < today_in(zone, now),
        )
    )
    for one in over.all():
        _close(session, actor, one, PairingEventKind.COMPLETED, one.ends_on, now=now)


def _check_capacity(session: Session, pairing: Pairing) -> None:
    # Two people who begin pairings of one mentor at a time wait for each other here.
    session.execute(select(Person.id).where(Person.id == pairing.mentor_id).with_for_update())
    open_now = (Pairing.status.in_(OPEN), Pairing.id != pairing.id)
    if session.scalar(select(func.count()).where(Pairing.mentee_id == pairing.mentee_id, *open_now)):
        raise Refusal(lazy("%(name)s has an open pairing already."), name=pairing.mentee.name)
    capacity = session.scalar(select(Programme.capacity).where(Programme.id == pairing.programme_id)) or 1
    guided = session.scalar(select(func.count()).where(Pairing.mentor_id == pairing.mentor_id, *open_now)) or 0
    if guided >= capacity:
        raise Refusal(
            lazy("%(name)s guides %(count)s already; the programme allows %(capacity)s."),
            name=pairing.mentor.name,
            count=guided,
            capacity=capacity,
        )


def _close(
    session: Session,
    actor: Actor,
    pairing: Pairing,
    what: PairingEventKind,
    day: date,
    *,
    now: datetime,
    reason: str = "",
    end_reason_id: int | None = None,
) -> None:
    pause = session.scalars(
        select(PairingPause).where(PairingPause.pairing_id == pairing.id, PairingPause.ends_on.is_(None))
    ).one_or_none()
    if pause is not None:
        pause.ends_on = max(pause.starts_on, day + day.resolution)
    pairing.closed_on, pairing.end_reason_id = day, end_reason_id
    completed = what is PairingEventKind.COMPLETED
    pairing.status = PairingStatus.COMPLETED if completed else PairingStatus.ENDED_EARLY
    append(session, actor, pairing, what, day=day, now=now, reason=reason)
    flush(session)


def _refuse_future(day: date, zone: ZoneInfo, now: datetime) -> None:
    if day > today_in(zone, now):
        raise Refusal(lazy("That day is still to come: note it when it is there."), field="day")


def _reason(reason: str, *, needed: bool = False) -> str:
    clean = clean_line(reason, limit=300, label=lazy_gettext("Reason"))
    if needed and not clean:
        raise Refusal(lazy("Say why: it stands in the pairing's history."), field="reason")
    return clean
