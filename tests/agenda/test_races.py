"""Many at once for one venue: the database holds what no check beforehand can."""

import threading
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from scheduler.agenda.actions import create_activities, move_activity
from scheduler.agenda.actions.booking import refusals_translated
from scheduler.agenda.models import Activity
from scheduler.agenda.rules.slots import merged
from scheduler.agenda.terms import ActivityKind, ActivityPlan, ActivityStatus, Consent, DoubleBooking
from scheduler.core.database import make_engine, sessions
from scheduler.core.periods import Span
from tests.agenda import city as cities
from tests.agenda.city import NOW, SYSTEM, ZONE, evening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

THREADS = 16


@pytest.fixture
def crowd(database_url: str) -> "Iterator[Sessions]":
    """Yield a database that serves 16 threads at once."""
    engine = make_engine(database_url, pool_size=THREADS)
    yield sessions(engine)
    engine.dispose()


def _at_once(act: "Callable[[int], bool]") -> int:
    """Run `act` in 16 threads that start together; returns how many of them did it."""
    start = threading.Barrier(THREADS)
    done: list[int] = []
    broken: list[BaseException] = []

    def run(number: int) -> None:
        start.wait()
        try:
            if act(number):
                done.append(number)
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            broken.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return len(done)


def test_sixteen_want_one_venue_and_one_gets_it(crowd: "Sessions") -> None:
    with crowd.write() as session:
        city = cities.build(session)
        plans = [city.plan(title=f"第{number}家", venue=city.hall, audience=city.series) for number in range(THREADS)]

    told: list[tuple[str, int]] = []

    def book(number: int) -> bool:
        try:
            with crowd.write() as session:
                create_activities(
                    session,
                    SYSTEM,
                    [plans[number]],
                    consent=Consent(confirmed=True),
                    installation_id="test.example",
                    zone=ZONE,
                    now=NOW,
                )
        except DoubleBooking as refusal:
            told.append((refusal.clashes[0].title[:1], len(refusal.proposals)))
            return False
        return True

    assert _at_once(book) == 1
    assert told == [("第", 3)] * (THREADS - 1)
    with crowd.read() as session:
        assert session.scalar(select(func.count(Activity.id))) == 1


def test_sixteen_move_into_one_slot_and_one_gets_it(crowd: "Sessions") -> None:
    with crowd.write() as session:
        city = cities.build(session)
        ids = [
            activity.id
            for activity in city.create(
                *(
                    city.plan(evening(date(2026, 4, 7) + timedelta(days=day)), lecturers=(city.wu,))
                    for day in range(THREADS)
                )
            )
        ]

    def move(number: int) -> bool:
        try:
            with crowd.write() as session:
                move_activity(
                    session,
                    SYSTEM,
                    ids[number],
                    version=1,
                    span=evening(),
                    reason="抢",
                    consent=Consent(confirmed=True),
                    zone=ZONE,
                    now=NOW,
                )
        except DoubleBooking:
            return False
        return True

    assert _at_once(move) == 1


def test_the_control_without_a_guard_books_twice(crowd: "Sessions") -> None:
    """Count, then insert, in a table without the guard: this is what the guard is for, so it must go wrong."""
    engine = crowd.engine
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE unguarded (venue_id INTEGER, starts_at TEXT, ends_at TEXT)"))
    counted = threading.Barrier(THREADS)

    def book(_number: int) -> bool:
        with engine.connect() as connection:
            taken = connection.scalar(text("SELECT count(*) FROM unguarded WHERE venue_id = 1"))
            connection.rollback()
        counted.wait()  # the moment between looking and writing, made as long as it can be
        if taken:
            return False
        with engine.execution_options(writing=True).begin() as connection:
            connection.execute(text("INSERT INTO unguarded VALUES (1, '2026-03-05 11:00', '2026-03-05 13:00')"))
        return True

    assert _at_once(book) == THREADS


MINUTES = st.integers(0, 60)
SPANS = st.lists(st.tuples(MINUTES, st.integers(1, 30), st.sampled_from(("V", "W")), st.booleans()), max_size=8)


def _row(session: "Session", city: cities.City, number: int, spec: tuple[int, int, str, bool]) -> dict[str, object]:
    start, length, venue, holds = spec
    begin = evening().start + timedelta(minutes=start)
    return {
        "uid": f"{session.info.setdefault('round', 0)}-{number}",
        "kind": ActivityKind.MEETING,
        "title": "x",
        "starts_at": begin,
        "ends_at": begin + timedelta(minutes=length),
        "status": ActivityStatus.SCHEDULED,
        "venue_id": (city.hall if venue == "V" else city.room).id,
        "audience_id": city.class_a.id,
        "host_unit_id": city.bureau.id,
        "override_reason": None if holds else "x",
        "holds": holds,
        "sequence": 0,
        "revised_at": NOW,
        "version": 1,
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=SPANS)
def test_the_database_refuses_exactly_what_overlaps(
    database: "Sessions", specs: list[tuple[int, int, str, bool]]
) -> None:
    with database.open(writing=True) as session:
        city = cities.build(session)
        accepted: list[tuple[Span, str]] = []
        for number, spec in enumerate(specs):
            row = _row(session, city, number, spec)
            span = Span(
                evening().start + timedelta(minutes=spec[0]), evening().start + timedelta(minutes=sum(spec[:2]))
            )
            free = not spec[3] or not any(venue == spec[2] and span.overlaps(other) for other, venue in accepted)
            try:
                with session.begin_nested():
                    session.execute(insert(Activity), [row])
            except DBAPIError:
                assert not free
            else:
                assert free
                if spec[3]:
                    accepted.append((span, spec[2]))
        session.rollback()


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(1, 60)).map(
            lambda pair: Span(NOW + timedelta(minutes=pair[0]), NOW + timedelta(minutes=sum(pair)))
        )
    )
)
def test_merged_spans_cover_the_same_and_do_not_touch(spans: list[Span]) -> None:
    joined = merged(spans)
    assert all(one.end < two.start for one, two in pairwise(joined))
    for minute in range(0, 560, 7):
        instant = NOW + timedelta(minutes=minute)
        inside = any(span.start <= instant < span.end for span in spans)
        assert inside == any(span.start <= instant < span.end for span in joined)


def test_what_the_check_cannot_see_the_database_refuses_and_the_planner_is_told(city: cities.City) -> None:
    """A booking that comes between check and write is translated, with what won."""
    plan = ActivityPlan(
        ActivityKind.MEETING,
        "后到",
        evening(),
        city.class_a.id,
        city.bureau.id,
        city.hall.id,
        status=ActivityStatus.DRAFT,
    )
    city.book(venue=city.hall, title="先到", audience=city.series)
    city.session.commit()
    with (
        pytest.raises(DoubleBooking) as refused,
        refusals_translated(city.session, SYSTEM, [plan], zone=ZONE, now=NOW),
    ):
        city.session.execute(insert(Activity), [_row(city.session, city, 1, (0, 30, "V", True))])
    assert refused.value.clashes[0].title == "先到"
    with (
        pytest.raises(DBAPIError),
        refusals_translated(city.session, SYSTEM, [plan], zone=ZONE, now=NOW),
    ):
        city.session.execute(text("SELECT * FROM no_such_table"))
