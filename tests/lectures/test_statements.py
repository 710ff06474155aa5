"""A page, and an import, ask the database as often for many evenings as for a few."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from scheduler.agenda.terms import Consent
from scheduler.core import clock
from scheduler.lectures import actions
from scheduler.lectures.terms import EveningPlan
from tests.cast import Persona
from tests.lectures.conftest import EDGE, INSTALLATION, NOW, STRANDS, School

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

CEILINGS = {"/lectures": 6, "/lectures/series/1": 12, "/lectures/programmes/1": 16, "/lectures/evenings/1": 10}
"""With the two or three statements that find out who is signed in."""


class Count:
    """Counts the statements that an engine sends."""

    def __init__(self, engine: "Engine") -> None:
        self.sent = 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, *_facts: object) -> None:
        self.sent += 1

    def taken(self) -> int:
        """Return how many were sent since the last time."""
        sent, self.sent = self.sent, 0
        return sent


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
def test_statements_of_pages_do_not_grow_with_the_evenings(app: "Flask", school: School) -> None:
    count = Count(app.extensions["engine"])
    admin = school.cast.sign_in(app.test_client(), Persona.ADMIN)

    def pages() -> "Iterator[tuple[str, int]]":
        for address in CEILINGS:
            count.taken()
            assert admin.get(address).status_code == 200
            yield address, count.taken()

    with clock.fixed(NOW):
        with school.cast.database.write() as session:
            programme = school.found(session, begins_on=date(2026, 9, 17), ends_on=date(2026, 10, 1))
            school.generate(session, programme.id)
        admin.get("/lectures")
        few = dict(pages())
        with school.cast.database.write() as session:
            longer = replace(school.plan(), ends_on=date(2026, 12, 31))
            actions.edit_programme(
                session, school.admin(session), programme.id, longer, version=programme.version, now=NOW
            )
            school.generate(session, programme.id)
        many = dict(pages())
    assert many == few
    assert {address: sent for address, sent in many.items() if sent > CEILINGS[address]} == {}


def test_an_import_takes_as_many_statements_however_long_it_is(
    session: "Session", engine: "Engine", school: School
) -> None:
    def plans(number: int) -> list[EveningPlan]:
        return [
            EveningPlan(STRANDS[n % 2], date(2026, 1, 8) + timedelta(weeks=n), time(19), time(21), f"第{n}讲")
            for n in range(number)
        ]

    admin = school.admin(session)
    count = Count(engine)
    facts = {"consent": Consent(confirmed=True), "installation_id": INSTALLATION, **EDGE}
    taken = []
    for number in (2, 40):
        count.taken()
        actions.import_evenings(
            session, admin, "干部夜校", plans(number), host_unit_id=school.cast.units["CITY"], **facts
        )
        taken.append(count.taken())
        session.rollback()
    assert taken[1] <= taken[0] + 2  # a batch more, never a statement for each row
