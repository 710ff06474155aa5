"""Retraining orders: what confirming makes, rounds to the end, flips, decisions, and nothing half-done."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event, func, select

from scheduler.agenda.actions import create_activities, create_audience, enrol
from scheduler.agenda.models import Activity, Attendance, Membership
from scheduler.agenda.terms import ActivityKind, ActivityPlan, ActivityStatus, AudienceKind, MembershipSource
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassStatus
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.core.periods import Span
from scheduler.notices.models import Notice
from scheduler.quizzes.actions.results import close_sitting, follow, settle_sitting
from scheduler.quizzes.actions.retraining import (
    confirm_due,
    confirm_order,
    order_retraining,
    waive_retraining,
    withdraw_order,
)
from scheduler.quizzes.models import PaperItem, RetrainingOrder, Sitting
from scheduler.quizzes.queries.retraining import (
    SIZE,
    find_times,
    find_to_decide,
    judged_sitting,
    list_orders,
    trainees_of,
)
from scheduler.quizzes.terms.results import OrderState
from scheduler.quizzes.terms.retraining import NO_SLOT, SAME_ITEMS
from scheduler.quizzes.terms.sittings import Attendees, Concession
from tests.cast import Cast, Persona
from tests.quizzes.stage_results import (
    CLOSE,
    EDGE,
    NOW,
    SETTLE,
    SYSTEM,
    ZONE,
    Held,
    crowd,
    grant,
    hold,
    items,
    paper,
    regrade,
    sit,
    take,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor


def ordered(session: "Session", cast: Cast, *, passing: int = 5, **options: Any) -> tuple[Held, RetrainingOrder]:
    """Hold a sitting of ten people of the bureau B of whom too few pass, and settle it: the order is proposed."""
    held = hold(session, cast, crowd(session, cast, "B", 10), **options)
    take(session, held, passing)
    close_sitting(session, held.of(session), now=CLOSE)
    settle_sitting(session, held.of(session), now=SETTLE)
    return held, session.scalars(select(RetrainingOrder)).one()


def confirm(session: "Session", order: RetrainingOrder, actor: "Actor" = SYSTEM, **options: Any) -> RetrainingOrder:
    facts = {"version": order.version, "starts_at": None, "now": SETTLE, **EDGE, **options}
    return confirm_order(session, actor, order.id, **facts)


def due_at(session: "Session", sitting_id: int | None) -> set[int]:
    return set(
        session.scalars(
            select(Attendance.person_id)
            .join(Sitting, Sitting.activity_id == Attendance.activity_id)
            .where(Sitting.id == sitting_id)
        )
    )


def window(session: "Session", sitting_id: int | None) -> Activity:
    return session.scalars(
        select(Activity).join(Sitting, Sitting.activity_id == Activity.id).where(Sitting.id == sitting_id)
    ).one()


def judge_next(session: "Session", order: RetrainingOrder, passing: int) -> "datetime":
    """Let those who are due sit again, `passing` of them well; settle, and return when."""
    sitting_id = order.next_sitting_id or 0
    sitting, people = session.get_one(Sitting, sitting_id), sorted(due_at(session, sitting_id))
    for number, person in enumerate(people):
        sit(session, sitting_id, person, passed=number < passing)
    closed = window(session, sitting_id).ends_at
    close_sitting(session, sitting, now=closed)
    settle_sitting(session, sitting, now=closed + timedelta(days=3))
    return closed + timedelta(days=3)


def test_confirming_makes_the_class_its_session_and_the_next_sitting(cast: Cast) -> None:
    with cast.database.write() as session:
        fixed = paper(session, items(session, 5))
        others = {item.id for item in items(session, 6)}
        held, order = ordered(session, cast, of=fixed)
        admin = cast.actor(session, Persona.ADMIN)
        exempt_from_all = cast.people[Persona.CHARLIE]  # of the unit, though not due at the sitting
        sitting = judged_sitting(session, order)
        trainees = trainees_of(session, order, sitting)
        assert set(trainees) == {*held.people, exempt_from_all, cast.people[Persona.STRANGER]}
        times = find_times(session, sitting, trainees, None, zone=ZONE, now=SETTLE)
        assert len(times) == 3
        confirm(session, order, admin, starts_at=times[1].start)
        assert (order.state, order.decided_by_id) == (OrderState.CONFIRMED, cast.people[Persona.ADMIN])
        made = session.get_one(StudyClass, order.class_id)
        assert (made.title, made.status, made.taken) == ("重新培训 · 教育局 · 第1轮", ClassStatus.PUBLISHED, 12)
        lesson, test = session.scalars(
            select(Activity).where(Activity.audience_id == made.audience_id).order_by(Activity.starts_at)
        ).all()
        assert (lesson.starts_at, test.ends_at) == (times[1].start, times[1].end)
        assert (lesson.ends_at, lesson.kind, test.kind) == (test.starts_at, ActivityKind.SESSION, ActivityKind.QUIZ)
        assert {lesson.status, test.status} == {ActivityStatus.SCHEDULED}
        again = session.get_one(Sitting, order.next_sitting_id)
        assert (again.threshold, again.pass_mark, again.closed_at) == (sitting.threshold, sitting.pass_mark, None)
        assert due_at(session, again.id) == set(trainees)
        asked = session.scalars(select(PaperItem.item_id).where(PaperItem.paper_id == again.paper_id)).all()
        assert len(asked) == 5
        assert set(asked) <= others
        told = session.scalars(select(Notice.recipient_id).where(Notice.kind == "retraining_confirmed")).all()
        assert set(told) == set(trainees)
        with pytest.raises(Stale):
            confirm_order(session, admin, order.id, version=1, starts_at=None, now=SETTLE, **EDGE)
        with pytest.raises(Refusal, match="not proposed any more"):
            confirm(session, order, admin)


def test_a_drawn_paper_is_drawn_again_and_too_small_a_bank_is_said(cast: Cast) -> None:
    with cast.database.write() as session:
        held, order = ordered(session, cast)
        confirm(session, order)
        assert session.get_one(Sitting, order.next_sitting_id).paper_id == held.of(session).paper_id
        assert order.note == ""
    with cast.database.write() as session:
        held = hold(session, cast, crowd(session, cast, "A1", 9), of=paper(session, items(session, 5)))
        items(session, 4)
        take(session, held, 1)
        close_sitting(session, held.of(session), now=CLOSE)
        settle_sitting(session, held.of(session), now=SETTLE)
        order = session.scalars(select(RetrainingOrder).where(RetrainingOrder.sitting_id == held.id)).one()
        confirm(session, order)
        assert order.note == SAME_ITEMS
        assert session.get_one(Sitting, order.next_sitting_id).paper_id == held.of(session).paper_id


def test_three_rounds_of_those_who_had_not_passed_then_it_is_escalated(cast: Cast) -> None:
    with cast.database.write() as session:
        held, order = ordered(session, cast, attendees=Attendees.NOT_PASSED)
        now = SETTLE
        for number in (1, 2, 3):
            assert (order.round, order.sitting_id, order.state) == (number, held.id, OrderState.PROPOSED)
            confirm(session, order, now=now)
            # only who had not passed comes again; one more passes each time: 5, 6, 7 of 10 are not enough, 8 would be
            assert len(due_at(session, order.next_sitting_id)) == 6 - number
            now = judge_next(session, order, 1 if number < 3 else 0)
            found = session.scalars(select(RetrainingOrder).order_by(RetrainingOrder.id)).all()
            states = [one.state for one in found]
            assert states == [OrderState.NEXT_ROUND] * (number - 1) + [
                *([OrderState.NEXT_ROUND, OrderState.PROPOSED] if number < 3 else [OrderState.ESCALATED])
            ]
            order = found[-1]
            assert (order.passed, order.counted) == (5 + min(number, 2), 10)
        told = session.scalars(select(Notice.recipient_id).where(Notice.kind == "quiz_escalated")).all()
        assert told == [cast.people[Persona.ADMIN]]
        # a regrade of the last sitting closes even that
        last = order.next_sitting_id or 0
        for attempt in [sit(session, last, person, passed=True, number=2) for person in due_at(session, last)]:
            follow(session, last, [attempt.person_id], now=now)
        assert order.state is OrderState.CLOSED


def test_the_next_sitting_closes_the_order_when_the_whole_unit_meets_the_threshold(cast: Cast) -> None:
    with cast.database.write() as session:
        _held, order = ordered(session, cast)
        confirm(session, order)
        judge_next(session, order, 10)  # of 12, for the whole unit came
        assert [one.state for one in session.scalars(select(RetrainingOrder))] == [OrderState.CLOSED]


@pytest.mark.parametrize("begun", [False, True])
def test_a_regrade_that_lifts_the_unit_takes_the_order_back_or_marks_it(cast: Cast, *, begun: bool) -> None:
    with cast.database.write() as session:
        held = hold(session, cast, crowd(session, cast, "B", 10))
        attempts = take(session, held, 7)
        close_sitting(session, held.of(session), now=CLOSE)
        settle_sitting(session, held.of(session), now=SETTLE)
        order = session.scalars(select(RetrainingOrder)).one()
        confirm(session, order)
        test = window(session, order.next_sitting_id)
        regrade(attempts[9], passed=True)
        follow(session, held.id, [held.people[9]], now=test.starts_at if begun else SETTLE)
        session.refresh(test)
        made = session.get_one(StudyClass, order.class_id)
        if begun:
            assert (order.state, made.status) == (OrderState.NOT_REQUIRED, ClassStatus.PUBLISHED)
            assert test.status is ActivityStatus.SCHEDULED
            judge_next(session, order, 0)  # goes on, and leads to nothing
            assert [one.state for one in session.scalars(select(RetrainingOrder))] == [OrderState.NOT_REQUIRED]
        else:
            assert (order.state, made.status) == (OrderState.WITHDRAWN, ClassStatus.CANCELLED)
            assert test.status is ActivityStatus.CANCELLED


def test_an_order_confirms_itself_at_a_free_time_or_waits_with_a_note(cast: Cast) -> None:
    with cast.database.write() as session:
        held, order = ordered(session, cast)
        due = SETTLE + timedelta(days=7)
        assert confirm_due(session, now=due - timedelta(seconds=1), **EDGE) == 0
        busy = create_audience(session, SYSTEM, AudienceKind.PEOPLE, "busy", "忙", cast.units["B"], now=NOW)
        enrol(session, SYSTEM, busy.id, held.people[:1], source=MembershipSource.NAMED, now=NOW)
        days = [Span(due + timedelta(days=day), due + timedelta(days=day + 1)) for day in range(-1, 15)]
        plans = [ActivityPlan(ActivityKind.MEETING, "会", span, busy.id, cast.units["B"]) for span in days]
        everywhere = create_activities(session, SYSTEM, plans, now=NOW, **EDGE)
        assert confirm_due(session, now=due, **EDGE) == 0
        assert (order.state, order.note) == (OrderState.PROPOSED, NO_SLOT)
        assert session.scalar(select(func.count()).select_from(StudyClass)) == 0
        session.execute(delete(Attendance).where(Attendance.activity_id == everywhere[5].id))
        assert confirm_due(session, now=due, **EDGE) == 1
        assert confirm_due(session, now=due, **EDGE) == 0
        assert (order.state, order.note, order.decided_by_id) == (OrderState.CONFIRMED, "", None)
        assert window(session, order.next_sitting_id).ends_at <= days[5].end


class Cut(Exception):
    """The power goes."""


@pytest.mark.parametrize("step", ["quiz_sitting", "notice", "audit_entry", "retraining_order"])
def test_a_failure_between_the_steps_leaves_nothing_half_done(cast: Cast, step: str) -> None:
    def cut(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith((f"INSERT INTO {step} ", f"UPDATE {step} ")):
            raise Cut

    def counted(session: "Session") -> list[int | None]:
        tables = (StudyClass, Sitting, Activity, Membership, Notice, RetrainingOrder)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    def attempt(act: "Callable[[Session], object]") -> None:
        with cast.database.read() as session:
            before = counted(session)
        event.listen(cast.database.engine, "before_cursor_execute", cut)
        with pytest.raises(Cut), cast.database.write() as session:
            act(session)
        event.remove(cast.database.engine, "before_cursor_execute", cut)
        with cast.database.read() as session:
            assert counted(session) == before
        with cast.database.write() as session:
            act(session)

    with cast.database.write() as session:
        held = hold(session, cast, crowd(session, cast, "B", 10))
        take(session, held, 5)
        close_sitting(session, held.of(session), now=CLOSE)
    attempt(lambda session: settle_sitting(session, held.of(session), now=SETTLE))
    attempt(lambda session: confirm(session, session.scalars(select(RetrainingOrder)).one()))
    with cast.database.read() as session:
        assert session.scalars(select(RetrainingOrder.state)).all() == [OrderState.CONFIRMED]


def test_too_small_a_unit_is_for_a_person_to_decide(cast: Cast) -> None:
    with cast.database.write() as session:
        admin, officer = cast.actor(session, Persona.ADMIN), cast.actor(session, Persona.OFFICER)
        small, fine = crowd(session, cast, "A1", 4), crowd(session, cast, "B", 3)
        held = hold(session, cast, [*small, *fine])
        for person in fine:
            sit(session, held.id, person, passed=True)
        grant(session, held.id, small[0], Concession.EXEMPT)
        close_sitting(session, held.of(session), now=CLOSE)
        with pytest.raises(Refusal, match="not for a person"):
            order_retraining(session, admin, held.id, cast.units["A"], reason="考得太差", now=SETTLE)
        settle_sitting(session, held.of(session), now=SETTLE)
        assert session.scalars(select(RetrainingOrder)).all() == []
        assert find_to_decide(session, officer) == []
        (open_one,) = find_to_decide(session, admin)
        assert (open_one.unit, open_one.passed, open_one.counted) == ("财政局", 0, 3)
        for actor, reason, refusal in (
            (officer, "要", Missing),
            (cast.actor(session, Persona.CHARLIE), "要", Missing),
            (admin, " ", Refusal),
        ):
            with pytest.raises(refusal):
                order_retraining(session, actor, held.id, cast.units["A"], reason=reason, now=SETTLE)
        order = order_retraining(session, admin, held.id, cast.units["A"], reason="考得太差", now=SETTLE)
        assert (order.state, order.note, find_to_decide(session, admin)) == (OrderState.PROPOSED, "考得太差", [])
        with pytest.raises(Refusal, match="decided before"):
            waive_retraining(session, admin, held.id, cast.units["A"], reason="算了", now=SETTLE)
        other = waive_retraining(session, admin, held.id, cast.units["B"], reason="已合格", now=SETTLE)
        assert other.state is OrderState.WITHDRAWN
        with pytest.raises(Refusal):
            withdraw_order(session, admin, order.id, version=order.version, reason="", now=SETTLE)
        with pytest.raises(Missing):
            withdraw_order(session, officer, order.id, version=order.version, reason="不要", now=SETTLE)
        withdraw_order(session, admin, order.id, version=order.version, reason="不要", now=SETTLE)
        assert (order.state, order.note) == (OrderState.WITHDRAWN, "不要")
        with pytest.raises(Refusal, match="ended already"):
            withdraw_order(session, admin, order.id, version=order.version, reason="不要", now=SETTLE)


def test_the_board_of_orders_is_paged_newest_first(session: "Session", cast: "Cast") -> None:
    admin = cast.actor(session, Persona.ADMIN)
    for number in range(SIZE + 1):
        held = hold(session, cast, [cast.people[Persona.TRAINEE]], at=NOW + timedelta(days=number))
        facts = {"passed": 1, "counted": 9, "threshold": 80, "state": OrderState.WITHDRAWN}
        session.add(RetrainingOrder(sitting_id=held.id, judged_sitting_id=held.id, unit_id=cast.units["A"], round=1,
                                    proposed_at=NOW + timedelta(days=number), **facts))  # fmt: skip
    session.flush()
    first, total = list_orders(session, admin)
    last, again = list_orders(session, admin, page=2)
    assert (len(first), len(last), total, again) == (SIZE, 1, SIZE + 1, SIZE + 1)
    days = [row.proposed_at for row in [*first, *last]]
    assert days == sorted(days, reverse=True)
    assert list_orders(session, admin, state=OrderState.PROPOSED) == ([], 0)
