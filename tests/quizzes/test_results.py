"""Results of units: frozen at the close, equal to the recount whatever happens, one order each."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from scheduler.notices.models import Notice
from scheduler.people.models import Person
from scheduler.quizzes.actions.results import close_sitting, follow, settle_sitting
from scheduler.quizzes.models import Candidate, RetrainingOrder, UnitResult
from scheduler.quizzes.terms.attempts import AttemptState
from scheduler.quizzes.terms.results import OrderState, Outcome, Standing
from scheduler.quizzes.terms.sittings import Concession
from tests.cast import Persona
from tests.quizzes.stage_results import CLOSE, SETTLE, crowd, grant, hold, regrade, sit, take

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.cast import Cast


def outcomes(session: "Session", sitting_id: int) -> dict[int, Outcome]:
    rows = session.execute(select(Candidate.person_id, Candidate.outcome).where(Candidate.sitting_id == sitting_id))
    return dict(rows.all())


def results(session: "Session", sitting_id: int) -> dict[int, UnitResult]:
    found = session.scalars(
        select(UnitResult).where(UnitResult.sitting_id == sitting_id).execution_options(populate_existing=True)
    )
    return {result.unit_id: result for result in found}


def orders(session: "Session") -> list[RetrainingOrder]:
    return list(session.scalars(select(RetrainingOrder).order_by(RetrainingOrder.id)))


def test_the_close_freezes_who_was_due_where_and_what_came_of_each(cast: "Cast") -> None:
    with cast.database.write() as session:
        people = crowd(session, cast, "A1", 9)
        held = hold(session, cast, people, attempts=3)
        passed, improved, failed, waiting, typing, called_off, exempt, deferred, absent = people
        sit(session, held.id, passed, passed=True)
        sit(session, held.id, improved, passed=True, score=6100)
        sit(session, held.id, improved, passed=False, number=2, score=5900)
        best = sit(session, held.id, improved, passed=True, number=3, score=7700)
        sit(session, held.id, failed, passed=False)
        sit(session, held.id, waiting)
        sit(session, held.id, waiting, passed=False, number=2)
        sit(session, held.id, typing, state=AttemptState.IN_PROGRESS)
        sit(session, held.id, called_off, state=AttemptState.ABANDONED)
        grant(session, held.id, exempt, Concession.EXEMPT)
        sit(session, held.id, exempt, passed=False)
        grant(session, held.id, deferred, Concession.DEFERRED)
        withdrawn = grant(session, held.id, absent, Concession.EXEMPT)
        withdrawn.withdrawn_at = CLOSE
        follow(session, held.id, None, now=CLOSE)  # nothing to follow yet
        assert close_sitting(session, held.of(session), now=CLOSE)
        assert not close_sitting(session, held.of(session), now=CLOSE + timedelta(hours=1))
    with cast.database.write() as session:
        assert outcomes(session, held.id) == {
            passed: Outcome.PASSED,
            improved: Outcome.PASSED,
            failed: Outcome.FAILED,
            waiting: Outcome.PENDING,
            typing: Outcome.PENDING,
            called_off: Outcome.ABSENT,
            exempt: Outcome.EXEMPT,
            deferred: Outcome.DEFERRED,
            absent: Outcome.ABSENT,
        }
        row = session.get_one(Candidate, (held.id, improved))
        assert (row.attempt_id, row.score) == (best.id, 7700)
        assert (row.unit_id, row.judged_unit_id) == (cast.units["A1"], cast.units["A"])
        assert held.of(session).closed_at == CLOSE
        # frozen: a transfer, and a newcomer, change nothing any more
        session.get_one(Person, failed).unit_id = cast.units["B"]
        follow(session, held.id, people, now=SETTLE)
        one = results(session, held.id)
        assert list(one) == [cast.units["A"]]
        tally = one[cast.units["A"]]
        assert [getattr(tally, outcome.value) for outcome in Outcome] == [2, 1, 2, 1, 1, 2]


def test_what_happens_at_one_sitting_leaves_the_same_people_at_another_alone(cast: "Cast") -> None:
    with cast.database.write() as session:
        people = crowd(session, cast, "A1", 5)
        first, second = hold(session, cast, people), hold(session, cast, people, at=CLOSE)
        take(session, first, 5)
        close_sitting(session, first.of(session), now=CLOSE)
        before = outcomes(session, first.id)
        take(session, second, 0)
        grant(session, second.id, people[0], Concession.EXEMPT)
        close_sitting(session, second.of(session), now=CLOSE + timedelta(hours=1))
        follow(session, second.id, people[:2], now=CLOSE + timedelta(hours=2))
        assert outcomes(session, first.id) == before == dict.fromkeys(people, Outcome.PASSED)
        tally = results(session, first.id)[cast.units["A"]]
        assert [getattr(tally, outcome.value) for outcome in Outcome] == [5, 0, 0, 0, 0, 0]
        assert outcomes(session, second.id) == {**dict.fromkeys(people, Outcome.FAILED), people[0]: Outcome.EXEMPT}


def test_exactly_the_threshold_is_met_and_below_it_one_order_is_proposed(cast: "Cast") -> None:
    with cast.database.write() as session:
        met, below = crowd(session, cast, "A1", 10), crowd(session, cast, "B", 10)
        held = hold(session, cast, [*met, *below])
        for number, person in enumerate([*met, *below]):
            sit(session, held.id, person, passed=number not in (8, 9, 17, 18, 19))
        close_sitting(session, held.of(session), now=CLOSE)
        assert settle_sitting(session, held.of(session), now=SETTLE - timedelta(seconds=1)) == 0
        assert orders(session) == []
        assert settle_sitting(session, held.of(session), now=SETTLE) == 2
        assert settle_sitting(session, held.of(session), now=SETTLE + timedelta(days=1)) == 0
        found = results(session, held.id)
        assert found[cast.units["A"]].standing is Standing.MET
        assert found[cast.units["B"]].standing is Standing.BELOW
        (order,) = orders(session)
        assert (order.unit_id, order.round, order.passed, order.counted) == (cast.units["B"], 1, 7, 10)
        assert order.confirms_at == SETTLE + timedelta(days=7)
        told = session.scalars(select(Notice.recipient_id).where(Notice.kind == "retraining_proposed")).all()
        assert told == [cast.people[Persona.ADMIN]]  # the bureau B has no officer


def test_what_is_open_stays_provisional_and_a_deferral_ends_at_the_cut_off(cast: "Cast") -> None:
    with cast.database.write() as session:
        late, marked = crowd(session, cast, "A1", 5), crowd(session, cast, "B", 5)
        held = hold(session, cast, [*late, *marked])
        for person in [*late[:4], *marked[:4]]:
            sit(session, held.id, person, passed=True)
        grant(session, held.id, late[4], Concession.DEFERRED)
        waiting = sit(session, held.id, marked[4])
        close_sitting(session, held.of(session), now=CLOSE)
        assert settle_sitting(session, held.of(session), now=SETTLE) == 0
        waiting.state, waiting.passed, waiting.score = AttemptState.GRADED, False, 100
        follow(session, held.id, [marked[4]], now=SETTLE)
        assert settle_sitting(session, held.of(session), now=SETTLE) == 1
        assert held.of(session).settled_at is None
        last = CLOSE + timedelta(days=30)
        assert settle_sitting(session, held.of(session), now=last - timedelta(seconds=1)) == 0
        assert settle_sitting(session, held.of(session), now=last) == 1
        assert outcomes(session, held.id)[late[4]] is Outcome.ABSENT
        assert held.of(session).settled_at == last
        assert {result.standing for result in results(session, held.id).values()} == {Standing.MET}


def test_a_regrade_flips_a_final_result_both_ways_without_a_second_order(cast: "Cast") -> None:
    with cast.database.write() as session:
        held = hold(session, cast, crowd(session, cast, "B", 10))
        attempts = take(session, held, 7)
        close_sitting(session, held.of(session), now=CLOSE)
        settle_sitting(session, held.of(session), now=SETTLE)
        for passed, standing, state in (
            (True, Standing.MET, OrderState.WITHDRAWN),
            (False, Standing.BELOW, OrderState.PROPOSED),
            (True, Standing.MET, OrderState.WITHDRAWN),
        ):
            regrade(attempts[9], passed=passed)
            follow(session, held.id, [held.people[9]], now=SETTLE + timedelta(days=1))
            (order,) = orders(session)
            assert order.state is state
            assert results(session, held.id)[cast.units["B"]].standing is standing
        # marks are needed again: provisional, then settled anew
        attempts[9].state, attempts[9].passed, attempts[9].score = AttemptState.SUBMITTED, None, None
        follow(session, held.id, None, now=SETTLE + timedelta(days=2))
        assert results(session, held.id)[cast.units["B"]].final_at is None
        assert held.of(session).settled_at is None
        attempts[9].state = AttemptState.GRADED
        regrade(attempts[9], passed=False)
        follow(session, held.id, None, now=SETTLE + timedelta(days=2))
        assert settle_sitting(session, held.of(session), now=SETTLE + timedelta(days=2)) == 1
        assert [order.state for order in orders(session)] == [OrderState.PROPOSED]
