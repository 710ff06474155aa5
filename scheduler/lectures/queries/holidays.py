"""The slots of a programme that a public holiday takes, what was decided about them, and where they could go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.agenda.queries import WorkCalendar, find_clashes, work_calendar
from scheduler.agenda.terms import ActivityKind, ActivityPlan, DayMark, Severity
from scheduler.core.access import Actor
from scheduler.core.periods import local_span
from scheduler.lectures.models import HolidayDecision, Programme, Series
from scheduler.lectures.queries.evenings import evenings_of_programme, lecturer_ids_of, slots_of, strands_of
from scheduler.lectures.rules import ranked_dates, trouble
from scheduler.lectures.terms import EveningRow, MoveProposal, Slot, Trouble


@dataclass(frozen=True, slots=True)
class SlotState:
    """A slot of the rule with all that is known about it. `mark` names the holiday of the day, or of its morrow."""

    slot: Slot
    series: Series
    evening: EveningRow | None
    decision: HolidayDecision | None
    trouble: Trouble | None
    mark: DayMark | None
    at_risk: bool
    """The year's holidays are not published yet, and this may turn out to be one."""

    @property
    def waits(self) -> bool:
        """Whether a person still has to decide: a holiday, no decision, and nothing that was decided elsewhere."""
        settled = self.evening is not None and (self.evening.is_cancelled or self.evening.moved_from is not None)
        return self.trouble is Trouble.OFF and self.decision is None and not settled


def decisions_of(session: Session, programme_id: int) -> dict[date, HolidayDecision]:
    """Return what was decided, by slot."""
    rows = session.scalars(select(HolidayDecision).where(HolidayDecision.programme_id == programme_id))
    return {row.slot_on: row for row in rows}


def slot_states(session: Session, programme: Programme) -> list[SlotState]:
    """Return all slots of a programme in order; four statements however many."""
    strands = strands_of(session, programme.id)
    evenings = {row.slot_on: row for row in evenings_of_programme(session, programme.id)}
    decisions = decisions_of(session, programme.id)
    calendar = work_calendar(session, programme.begins_on, programme.ends_on)
    return [
        SlotState(
            slot,
            next((one for one in strands if day in evenings and one.id == evenings[day].series_id), strands[slot.turn]),
            evenings.get(day),
            decisions.get(day),
            trouble(day, calendar.marks),
            calendar.holiday_on(day) or calendar.holiday_after(day),
            calendar.is_at_risk(day),
        )
        for day, slot in slots_of(programme, len(strands)).items()
        if strands
    ]


def move_proposals(
    session: Session,
    actor: Actor,
    programme: Programme,
    states: Collection[SlotState],
    *,
    zone: ZoneInfo,
    now: datetime,
    count: int = 3,
) -> dict[date, list[MoveProposal]]:
    """Return, for each slot of `states`, the best dates at which venue and lecturers are free; at most `count`.

    No date in the past, none that holds another evening or slot of the programme. Three statements however many.
    """
    if not states:
        return {}
    evenings = evenings_of_programme(session, programme.id)
    taken = {row.starts_at.astimezone(zone).date() for row in evenings if not row.is_cancelled}
    taken |= set(slots_of(programme, 1))
    days = [state.slot.day for state in states]
    calendar = work_calendar(session, min(days), max(days))
    offers = [
        (state, proposal)
        for state in states
        for proposal in _ranked(state.slot.day, calendar, taken, now.astimezone(zone).date())
    ]
    plans = _plans(session, programme, offers, zone)
    ignoring = [state.evening.activity_id for state in states if state.evening]
    blocked = {
        clash.plan
        for clash in find_clashes(session, actor, plans, zone=zone, ignoring=ignoring)
        if clash.severity is Severity.BLOCK and clash.other_plan is None
    }
    found: dict[date, list[MoveProposal]] = {day: [] for day in days}
    for number, (state, proposal) in enumerate(offers):
        if number not in blocked and len(found[state.slot.day]) < count:
            found[state.slot.day].append(proposal)
    return found


def _ranked(lost: date, calendar: WorkCalendar, taken: Collection[date], today: date) -> list[MoveProposal]:
    return [one for one in ranked_dates(lost, calendar.marks, taken) if one.day >= today]


def _plans(
    session: Session, programme: Programme, offers: list[tuple[SlotState, MoveProposal]], zone: ZoneInfo
) -> list[ActivityPlan]:
    lecturers = lecturer_ids_of(session, {state.evening.activity_id for state, _one in offers if state.evening})
    return [
        ActivityPlan(
            ActivityKind.LECTURE,
            state.evening.title if state.evening else state.series.name,
            local_span(proposal.day, programme.starts_at, programme.ends_at, zone),
            state.series.audience_id,
            programme.host_unit_id,
            state.evening.venue_id if state.evening else programme.venue_id,
            lecturers[state.evening.activity_id] if state.evening else (),
        )
        for state, proposal in offers
    ]
