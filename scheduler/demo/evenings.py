"""The demo's evening school: two strands on Thursdays, holidays decided, one evening cancelled."""

from datetime import time, timedelta

from sqlalchemy.orm import Session

from scheduler.agenda.terms import Consent
from scheduler.core.access import Actor
from scheduler.demo import words
from scheduler.demo.cast import Cast
from scheduler.demo.stage import Stage
from scheduler.lectures.actions import (
    cancel_evenings,
    change_evenings,
    create_programme,
    decide_holiday,
    enrol_people,
    generate_evenings,
)
from scheduler.lectures.models import Programme
from scheduler.lectures.queries import evenings_of_programme, move_proposals, slot_states, strands_of
from scheduler.lectures.terms import EveningChange, HolidayChoice, ProgrammePlan, Reach

_THURSDAY = 3
_WEEKS_BEFORE, _WEEKS_AFTER = 12, 16
_PATTERN = "{series}（第{number}讲）"
_AGREED = Consent(confirmed=True)


def plan_evenings(session: Session, actor: Actor, cast: Cast, stage: Stage) -> None:
    """Plan the school, enrol people, decide about holidays, name topics and lecturers, cancel one evening."""
    plan = ProgrammePlan(
        words.PROGRAMME,
        _THURSDAY,
        time(19),
        time(21),
        stage.monday(-_WEEKS_BEFORE),
        stage.monday(_WEEKS_AFTER) + timedelta(days=6),
        cast.units["X"],
        cast.venues["XV01"],
        words.STRANDS,
    )
    programme = create_programme(session, actor, plan, now=stage.then)
    for strand in strands_of(session, programme.id):
        personas = [cast.people[one] for one in ("trainee", "mentor", "admin", "officer", "leader")]
        people = [*personas, *cast.trainees[strand.turn :: 2]]
        enrol_people(session, actor, strand.id, list(dict.fromkeys(people)), now=stage.then)
    generate_evenings(
        session,
        actor,
        programme.id,
        pattern=_PATTERN,
        installation_id=stage.installation_id,
        zone=stage.zone,
        now=stage.then,
    )
    _decide_holidays(session, actor, programme, stage)
    _name_topics(session, actor, programme, cast, stage)
    _cancel_one(session, actor, programme, stage)


def _decide_holidays(session: Session, actor: Actor, programme: Programme, stage: Stage) -> None:
    """Skip the first evening that a holiday takes, move the next, and so on; one that cannot move is skipped."""
    states = slot_states(session, programme)
    waiting = [state for state in states if state.waits and state.evening is None]
    for number, state in enumerate(waiting):
        offers = move_proposals(session, actor, programme, [state], zone=stage.zone, now=stage.then)
        best = offers.get(state.slot.day, ())[:1] if number % 2 else ()
        move = best[0].day if best else None
        decide_holiday(
            session,
            actor,
            programme.id,
            state.slot.day,
            HolidayChoice.MOVE if move else HolidayChoice.SKIP,
            moved_to=move,
            reason="法定节假日",
            pattern=_PATTERN,
            consent=_AGREED,
            installation_id=stage.installation_id,
            zone=stage.zone,
            now=stage.then,
        )


def _name_topics(session: Session, actor: Actor, programme: Programme, cast: Cast, stage: Stage) -> None:
    for number, row in enumerate(evenings_of_programme(session, programme.id)):
        start, end = row.starts_at.astimezone(stage.zone), row.ends_at.astimezone(stage.zone)
        change = EveningChange(
            words.TOPICS[number % len(words.TOPICS)],
            start.date(),
            start.time(),
            end.time(),
            row.venue_id,
            (cast.lecturers[1 + number % (len(cast.lecturers) - 1)],),
        )
        change_evenings(
            session,
            actor,
            row.id,
            change,
            Reach.THIS,
            version=row.version,
            reason="确定题目和授课人",
            consent=_AGREED,
            zone=stage.zone,
            now=stage.then,
        )


def _cancel_one(session: Session, actor: Actor, programme: Programme, stage: Stage) -> None:
    """Cancel the second evening from now on, two days ago: people still see it struck out."""
    later = stage.now + timedelta(days=7)
    coming = [row for row in evenings_of_programme(session, programme.id) if row.starts_at > later]
    if coming:
        cancel_evenings(
            session,
            actor,
            coming[0].id,
            Reach.THIS,
            version=coming[0].version,
            reason="授课人出差，改期另行通知",
            now=stage.now - timedelta(days=2),
        )
