"""Sixteen at once for the last places (I1), and the control that does oversell when it counts first."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from scheduler.agenda.models import Membership
from scheduler.classes import actions
from scheduler.classes.models import StudyClass
from scheduler.classes.terms import ClassFull
from scheduler.core.database import make_engine, retried, sessions
from scheduler.people.models import Person
from tests.classes.conftest import EDGE, Stage

if TYPE_CHECKING:
    from scheduler.core.database import Sessions

WRITERS = 16
PLACES = 5


def _crowd(stage: Stage) -> tuple[int, list[int]]:
    with stage.cast.database.write() as session:
        owner = stage.make_class(session, capacity=PLACES)
        people = [Person(staff_no=f"X{n}", name=f"学员{n}", unit_id=stage.cast.units["A1"]) for n in range(WRITERS)]
        session.add_all(people)
        session.flush()
        return owner.id, [person.id for person in people]


def _all_at_once(act: Callable[[int], bool], people: list[int]) -> int:
    """Let every person's writer start at the same moment; return how many were let in."""
    gate = threading.Barrier(WRITERS)

    def rush(person_id: int) -> bool:
        gate.wait(timeout=60)
        return act(person_id)

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(rush, people))


def _enrolled(database: "Sessions") -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Membership)) or 0


def test_sixteen_writers_share_five_places(stage: Stage, database_url: str) -> None:
    class_id, people = _crowd(stage)
    engine = make_engine(database_url, pool_size=WRITERS)
    database = sessions(engine)

    def enrol(person_id: int) -> bool:
        def unit() -> bool:
            with database.write() as session:
                admin = stage.admin(session)
                return actions.enrol_people(session, admin, class_id, [person_id], **EDGE) == 1

        try:
            return retried(unit)
        except ClassFull:
            return False

    assert _all_at_once(enrol, people) == PLACES
    assert _enrolled(database) == PLACES
    with database.read() as session:
        assert session.get_one(StudyClass, class_id).taken == PLACES
    engine.dispose()


def test_the_control_that_counts_first_oversells(stage: Stage, database_url: str) -> None:
    class_id, people = _crowd(stage)
    engine = make_engine(database_url, pool_size=WRITERS)
    database = sessions(engine)
    counted = threading.Barrier(WRITERS)
    with database.read() as session:
        audience_id = session.get_one(StudyClass, class_id).audience_id

    def enrol(person_id: int) -> bool:
        with database.read() as session:
            taken = session.scalar(select(func.count()).where(Membership.audience_id == audience_id)) or 0
        counted.wait(timeout=60)
        if taken >= PLACES:
            return False
        with database.write() as session:
            stamp = EDGE["now"]
            session.add(Membership(audience_id=audience_id, person_id=person_id, source="named", joined_at=stamp))
        return True

    assert _all_at_once(enrol, people) == WRITERS
    assert _enrolled(database) > PLACES
    engine.dispose()
