"""Many at once: one order each, with the control that makes two; and tallies that always equal the recount."""

import threading
from collections import Counter
from typing import TYPE_CHECKING

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from scheduler.quizzes.actions.results import close_sitting, follow, settle_sitting
from scheduler.quizzes.models import Attempt, Candidate, Grant, RetrainingOrder, Sitting, UnitResult
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.results import Outcome, Standing
from scheduler.quizzes.terms.sittings import Concession
from tests.quizzes.rush import WRITERS, at_once
from tests.quizzes.stage_results import CLOSE, SETTLE, Held, crowd, grant, hold, regrade, sit, take

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions
    from tests.cast import Cast


def agree(session: "Session", sitting_id: int) -> dict[int, Counter[Outcome]]:
    """Check that each tally equals the recount of its candidates, and return the recount."""
    recount: dict[int, Counter[Outcome]] = {}
    for unit_id, outcome in session.execute(
        select(Candidate.judged_unit_id, Candidate.outcome).where(Candidate.sitting_id == sitting_id)
    ):
        recount.setdefault(unit_id, Counter())[outcome] += 1
    kept = session.scalars(
        select(UnitResult).where(UnitResult.sitting_id == sitting_id).execution_options(populate_existing=True)
    ).all()
    assert {one.unit_id: [getattr(one, outcome.value) for outcome in Outcome] for one in kept} == {
        unit_id: [counts[outcome] for outcome in Outcome] for unit_id, counts in recount.items()
    }
    return recount


def closed(cast: "Cast", passing: int) -> Held:
    with cast.database.write() as session:
        held = hold(session, cast, [*crowd(session, cast, "A1", WRITERS), *crowd(session, cast, "B", WRITERS)])
        take(session, held, passing)
        close_sitting(session, held.of(session), now=CLOSE)
        return held


def test_sixteen_who_settle_at_once_order_each_unit_once(cast: "Cast", database_url: str) -> None:
    held = closed(cast, 3)

    def settle(database: "Sessions", _number: int) -> None:
        with database.write() as session:
            settle_sitting(session, session.get_one(Sitting, held.id), now=SETTLE)

    at_once(database_url, settle)
    with cast.database.read() as session:
        found = session.scalars(select(RetrainingOrder.unit_id)).all()
        assert sorted(found) == sorted([cast.units["A"], cast.units["B"]])


def test_the_control_that_counts_first_orders_more_than_once(cast: "Cast", database_url: str) -> None:
    orders = Table("orders_without_key", MetaData(), Column("unit_id", Integer))
    orders.create(cast.database.engine)
    counted = threading.Barrier(WRITERS)

    def settle(database: "Sessions", _number: int) -> None:
        with database.read() as session:
            there = session.scalar(select(func.count()).select_from(orders))
        counted.wait(timeout=60)
        if not there:
            with database.write() as session:
                session.execute(insert(orders).values(unit_id=1))

    at_once(database_url, settle)
    with cast.database.read() as session:
        assert (session.scalar(select(func.count()).select_from(orders)) or 0) > 1


def test_followers_at_once_lose_no_update_and_the_close_misses_nothing(cast: "Cast", database_url: str) -> None:
    with cast.database.write() as session:
        held = hold(session, cast, crowd(session, cast, "A1", WRITERS))
        for person in held.people:
            sit(session, held.id, person)

    def mark(database: "Sessions", number: int) -> None:
        with database.write() as session:
            if number == WRITERS - 1:
                close_sitting(session, session.get_one(Sitting, held.id), now=CLOSE)
                return
            person = held.people[number]
            attempt = session.scalars(select(Attempt).where(Attempt.person_id == person)).one()
            attempt.state = AttemptState.GRADED
            regrade(attempt, passed=number % 2 == 0)
            follow(session, held.id, [person], now=CLOSE)

    at_once(database_url, mark)
    with cast.database.read() as session:
        assert agree(session, held.id) == {cast.units["A"]: {Outcome.PASSED: 8, Outcome.FAILED: 7, Outcome.PENDING: 1}}


_CHANGES = st.lists(
    st.tuples(st.sampled_from(["grade", "flip", "exempt", "defer", "take_back", "call_off"]), st.integers(0, 11)),
    max_size=25,
)


@pytest.mark.usefixtures("database")
@hypothesis.settings(max_examples=12, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(changes=_CHANGES)
def test_tallies_equal_the_recount_after_any_changes(cast: "Cast", changes: list[tuple[str, int]]) -> None:
    with cast.database.open(writing=True) as session:
        held = hold(session, cast, [*crowd(session, cast, "A1", 6), *crowd(session, cast, "B", 6)])
        attempts = {person: sit(session, held.id, person) for person in held.people[::2]}
        close_sitting(session, held.of(session), now=CLOSE)
        for change, number in changes:
            person = held.people[number]
            _apply(session, held, change, person, attempts.get(person))
            follow(session, held.id, [person], now=CLOSE)
            agree(session, held.id)
        settle_sitting(session, held.of(session), now=SETTLE)
        recount = agree(session, held.id)
        for result in session.scalars(select(UnitResult).where(UnitResult.sitting_id == held.id)):
            counts = recount[result.unit_id]
            assert (result.final_at is None) == bool(counts[Outcome.PENDING] + counts[Outcome.DEFERRED])
            ordered = session.scalar(
                select(func.count()).where(
                    RetrainingOrder.sitting_id == held.id, RetrainingOrder.unit_id == result.unit_id
                )
            )
            assert ordered == (result.standing is Standing.BELOW)
        session.rollback()


def _apply(session: "Session", held: Held, change: str, person: int, attempt: Attempt | None) -> None:
    if change in {"exempt", "defer"}:
        grant(session, held.id, person, Concession.EXEMPT if change == "exempt" else Concession.DEFERRED)
    elif change == "take_back":
        for given in session.scalars(select(Grant).where(Grant.sitting_id == held.id, Grant.person_id == person)):
            given.withdrawn_at = CLOSE
    elif attempt is not None and attempt.state is not AttemptState.ABANDONED:
        attempt.state = AttemptState.ABANDONED if change == "call_off" else AttemptState.GRADED
        if change != "call_off":
            regrade(attempt, passed=change == "grade")
