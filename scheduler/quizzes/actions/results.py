"""The results of a sitting: frozen when it closes, followed by every mark and grant, final after the regrade window."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, bindparam, insert, literal, null, select, update
from sqlalchemy.orm import Session

from scheduler.agenda.models import Attendance
from scheduler.audit.actions import record
from scheduler.core.access import system_actor
from scheduler.people.models import Person
from scheduler.quizzes.actions.verdicts import judge
from scheduler.quizzes.models import Candidate, Sitting, UnitResult
from scheduler.quizzes.queries.judging import carried_passes, changed_outcomes, judged_units, tallied
from scheduler.quizzes.rules.rates import counted_of, is_provisional, standing_of
from scheduler.quizzes.rules.retraining import cut_off
from scheduler.quizzes.terms.results import Outcome, Standing, Tally


def close_sitting(session: Session, sitting: Sitting, *, now: datetime) -> bool:
    """Freeze who was due at a sitting, in which unit each counts, and what came of each. False: it was done before.

    Due is whoever the sitting's activity expects at this moment; the unit is the present one. Never undone.
    """
    won = session.execute(
        update(Sitting)
        .where(Sitting.id == sitting.id, Sitting.closed_at.is_(None))
        .values(closed_at=now, version=Sitting.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(sitting)
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        return False
    units = judged_units()
    due = (
        select(literal(sitting.id), Person.id, Person.unit_id, units.c.judged_unit_id, literal(Outcome.ABSENT.value))
        .join(Attendance, Attendance.person_id == Person.id)
        .join(units, units.c.unit_id == Person.unit_id)
        .where(Attendance.activity_id == sitting.activity_id)
    )
    columns = ["sitting_id", "person_id", "unit_id", "judged_unit_id", "outcome"]
    session.execute(insert(Candidate).from_select(columns, due, include_defaults=False))
    _find_outcomes(session, sitting, None, now=now)
    columns = ["sitting_id", "unit_id", *(outcome.value for outcome in Outcome)]
    session.execute(insert(UnitResult).from_select(columns, tallied(sitting.id), include_defaults=False))
    record(session, system_actor("close_sitting"), "close", "sitting", sitting.id, now=now)
    return True


def follow(session: Session, sitting_id: int, person_ids: Collection[int] | None, *, now: datetime) -> None:
    """Let the results follow what was just marked, granted, handed in or regraded; None: of everybody.

    To be called in the same transaction, after the change. Tallies stay equal to the recount whoever else does so at
    the same time. Where a unit's result was final, its standing and what was ordered by it follow too; one that
    is provisional again is settled anew. Before the sitting has closed there is nothing to follow.
    """
    session.flush()
    if not _hold_closed(session, sitting_id) or (person_ids is not None and not person_ids):
        return
    sitting = session.get_one(Sitting, sitting_id, populate_existing=True)
    _find_outcomes(session, sitting, person_ids, now=now)
    touched = Candidate.sitting_id == sitting_id
    if person_ids is not None:
        touched &= Candidate.person_id.in_(list(person_ids))
    unit_ids = list(session.scalars(select(Candidate.judged_unit_id).where(touched).distinct()))
    _recount(session, sitting_id, unit_ids)
    final = _results(session, sitting_id, UnitResult.unit_id.in_(unit_ids), UnitResult.final_at.is_not(None))
    reopened = [unit_id for unit_id, (tally, _standing) in final.items() if is_provisional(tally)]
    if reopened:
        _settle_units(session, sitting_id, reopened, None, None)
        session.execute(
            update(Sitting)
            .where(Sitting.id == sitting_id)
            .values(settled_at=None, version=Sitting.version + 1)
            .execution_options(synchronize_session=False)
        )
        session.refresh(sitting)
    standings = _standings(
        session, sitting, {unit_id: tally for unit_id, (tally, _) in final.items() if unit_id not in reopened}
    )
    flipped = {unit_id: found for unit_id, found in standings.items() if found[1] is not final[unit_id][1]}
    _write_standings(session, sitting_id, flipped, now)
    judge(session, sitting, flipped, now=now)


def settle_sitting(session: Session, sitting: Sitting, *, now: datetime) -> int:
    """Make final the results of all units of a sitting of which nobody is still to be marked or to sit.

    Does nothing before the regrade window is over. A unit with deferred people waits until they have sat, at most
    until the cut-off. What is below the threshold is ordered to train again, once for (sitting, unit, round)
    however often this runs. Returns how many units became final.
    """
    if not _hold_closed(session, sitting.id):
        return 0
    session.refresh(sitting)
    closed_at = sitting.closed_at
    if closed_at is None or sitting.settled_at is not None or now < settles_at(sitting, closed_at):
        return 0
    if now >= cut_off(closed_at):
        waited_for = select(Candidate.person_id, Candidate.judged_unit_id).where(
            Candidate.sitting_id == sitting.id, Candidate.outcome == Outcome.DEFERRED
        )
        if late := session.execute(waited_for).all():
            _find_outcomes(session, sitting, [row.person_id for row in late], now=now)
            _recount(session, sitting.id, sorted({row.judged_unit_id for row in late}))
    open_ones = _results(session, sitting.id, UnitResult.final_at.is_(None))
    ready = {unit_id: tally for unit_id, (tally, _standing) in open_ones.items() if not is_provisional(tally)}
    standings = _standings(session, sitting, ready)
    _write_standings(session, sitting.id, standings, now)
    if len(ready) == len(open_ones):
        sitting.settled_at = now
        session.flush()
    judge(session, sitting, standings, now=now)
    return len(ready)


def settles_at(sitting: Sitting, closed_at: datetime) -> datetime:
    """Return when the regrade window is over."""
    return closed_at + timedelta(days=sitting.regrade_days)


def _hold_closed(session: Session, sitting_id: int) -> bool:
    """Hold the results of a closed sitting until this transaction ends, or keep an open one from closing meanwhile.

    Either way what this transaction has changed cannot be missed: by the next to count, or by the closing.
    """
    row, connection = select(Sitting.closed_at).where(Sitting.id == sitting_id), session.connection()
    if connection.scalar(row) is None:
        if connection.dialect.name == "sqlite":
            return False  # who writes is alone
        with connection.begin_nested() as saved:
            closed_at = connection.scalar(row.with_for_update(read=True))
            if closed_at is not None:
                saved.rollback()  # it closed just now; shared by several, the lock would let none have it alone
        if closed_at is None:
            return False  # those who hand in share this lock, so they do not wait for each other
    connection.execute(row.with_for_update(key_share=True))
    return True


def _find_outcomes(session: Session, sitting: Sitting, person_ids: Collection[int] | None, *, now: datetime) -> None:
    found = session.execute(changed_outcomes(sitting.id, person_ids, sitting.closed_at or now, now)).all()
    if not found:
        return
    candidates = Candidate.__table__
    session.connection().execute(
        update(candidates)  # type: ignore[arg-type]  # a mapped class has a Table
        .where(candidates.c.sitting_id == sitting.id, candidates.c.person_id == bindparam("who"))
        .values({name: bindparam(f"new_{name}") for name in ("outcome", "attempt_id", "score")}),
        [
            {"who": row.person_id, "new_outcome": row.outcome, "new_attempt_id": row.attempt_id, "new_score": row.score}
            for row in found
        ],
    )
    _forget(session, Candidate)


def _recount(session: Session, sitting_id: int, unit_ids: Collection[int]) -> None:
    counted = session.execute(tallied(sitting_id).where(Candidate.judged_unit_id.in_(list(unit_ids)))).all()
    kept = _results(session, sitting_id, UnitResult.unit_id.in_(list(unit_ids)))
    results = UnitResult.__table__
    changed = [row for row in counted if Tally(*row[2:]) != kept[row.unit_id][0]]
    if not changed:
        return
    session.connection().execute(
        update(results)  # type: ignore[arg-type]  # a mapped class has a Table
        .where(results.c.sitting_id == sitting_id, results.c.unit_id == bindparam("unit"))
        .values({outcome.value: bindparam(f"new_{outcome}") for outcome in Outcome}),
        [{"unit": row.unit_id, **{f"new_{outcome}": getattr(row, outcome) for outcome in Outcome}} for row in changed],
    )
    _forget(session, UnitResult)


def _forget(session: Session, kind: type[Candidate | UnitResult]) -> None:
    for thing in session.identity_map.values():
        if isinstance(thing, kind):
            session.expire(thing)


def _results(
    session: Session, sitting_id: int, *conditions: ColumnElement[bool]
) -> dict[int, tuple[Tally, Standing | None]]:
    columns = [getattr(UnitResult, outcome.value) for outcome in Outcome]
    rows = session.execute(
        select(UnitResult.unit_id, UnitResult.standing, *columns)
        .where(UnitResult.sitting_id == sitting_id, *conditions)
        .order_by(UnitResult.unit_id)
    )
    return {row[0]: (Tally(*row[2:]), row[1]) for row in rows}


def _standings(session: Session, sitting: Sitting, tallies: Mapping[int, Tally]) -> dict[int, tuple[Tally, Standing]]:
    """Return the tally and standing by unit; where only those who had not passed sat again, with the earlier passes."""
    if not tallies:
        return {}
    carried = carried_passes(session, sitting, tallies)
    found = {}
    for unit_id, own in tallies.items():
        tally = own + Tally(passed=carried.get(unit_id, 0)) if counted_of(own, sitting.denominator) else own
        standing = standing_of(tally, sitting.threshold, sitting.denominator, sitting.smallest_unit)
        found[unit_id] = (tally, standing)
    return found


def _write_standings(
    session: Session, sitting_id: int, standings: Mapping[int, tuple[Tally, Standing]], now: datetime
) -> None:
    by_standing: dict[Standing, list[int]] = defaultdict(list)
    for unit_id, (_tally, standing) in standings.items():
        by_standing[standing].append(unit_id)
    for standing, unit_ids in sorted(by_standing.items()):
        _settle_units(session, sitting_id, unit_ids, standing, now)


def _settle_units(
    session: Session, sitting_id: int, unit_ids: Collection[int], standing: Standing | None, now: datetime | None
) -> None:
    session.execute(
        update(UnitResult)
        .where(UnitResult.sitting_id == sitting_id, UnitResult.unit_id.in_(list(unit_ids)))
        .values(standing=standing or null(), final_at=now or null())
        .execution_options(synchronize_session=False)
    )
    _forget(session, UnitResult)
