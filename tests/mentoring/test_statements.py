"""A page of mentoring asks the database as often for many pairings and records as for a few."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, update

from scheduler.agenda.terms import Consent
from scheduler.core import clock
from scheduler.core.periods import local_span
from scheduler.mentoring import actions
from scheduler.mentoring.models import Programme
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, SYSTEM, TODAY, ZONE, House

if TYPE_CHECKING:
    from flask import Flask

CEILINGS = {
    (Persona.MENTOR, "/"): 5,
    (Persona.MENTOR, "/mentoring"): 8,
    (Persona.TRAINEE, "/mentoring"): 7,
    (Persona.ADMIN, "/mentoring"): 7,
    (Persona.ADMIN, "/mentoring/pairings"): 5,
    (Persona.ADMIN, "/mentoring/pairings?as=xlsx"): 5,
    (Persona.MENTOR, "/mentoring/pairings/1"): 10,
    (Persona.ADMIN, "/mentoring/pairings/1"): 10,
    (Persona.MENTOR, "/mentoring/pairings/1/guidance"): 9,
    (Persona.TRAINEE, "/mentoring/records/1"): 6,
    (Persona.ADMIN, "/mentoring/months"): 6,
    (Persona.ADMIN, "/mentoring/programmes"): 3,
    (Persona.ADMIN, "/mentoring/programmes/1/progress"): 8,
}
"""By reader and address; finding out who is signed in is one of them."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
def test_statements_do_not_grow_with_pairings_and_records(app: "Flask", house: House) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            sent.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)

    def count() -> dict[tuple[Persona, str], int]:
        counts = {}
        for persona, address in CEILINGS:
            client = house.cast.sign_in(app.test_client(), persona)
            assert client.get(address).status_code == 200
            sent.clear()
            assert client.get(address).status_code == 200
            counts[persona, address] = len(sent)
        return counts

    with clock.fixed(NOW):
        with house.cast.database.write() as session:
            house.file(session, TODAY, key="first")
            actions.plan_meeting(
                session,
                SYSTEM,
                house.pairing_id,
                span=local_span(TODAY, time(17), time(18), ZONE),
                title="谈话",
                consent=Consent(),
                installation_id="tests",
                **EDGE,
            )
        few = count()
        with house.cast.database.write() as session:
            session.execute(update(Programme).values(capacity=9))
            session.expire_all()
            for mentee in (Persona.FELLOW, Persona.STRANGER, Persona.CHARLIE):
                house.begin(session, Persona.MENTOR, mentee, ends_on=date(2027, 1, 31))
            for number in range(1, 9):
                house.file(session, TODAY - timedelta(days=number), key=str(number))
        assert count() == few
    assert {page: taken for page, taken in few.items() if taken > CEILINGS[page]} == {}
