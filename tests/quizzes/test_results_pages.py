"""Pages of results and retraining: every number opens its names, within the reader's scope; the evidence; the board."""

import hashlib
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select

from scheduler.audit.models import AuditEntry
from scheduler.core import clock
from scheduler.quizzes.actions.results import close_sitting, settle_sitting
from scheduler.quizzes.models import RetrainingOrder
from scheduler.quizzes.queries.results import names, unit_rows
from scheduler.quizzes.terms.results import OrderState, Outcome
from tests.cast import Cast, Persona
from tests.quizzes.stage_results import CLOSE, NOW, SETTLE, Held, crowd, hold, sit

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the statements are tried on both
READ = SETTLE + timedelta(hours=1)


def city(cast: Cast, *, below: int = 7) -> Held:
    """Hold a sitting in which the bureau A reaches exactly 80% and the bureau B less, and settle it."""
    with cast.database.write() as session:
        first, second = crowd(session, cast, "A1", 10), crowd(session, cast, "B", 10)
        held = hold(session, cast, [*first, *second, cast.people[Persona.ADMIN]])
        for number, person in enumerate(first):
            sit(session, held.id, person, passed=number < 8)
        for number, person in enumerate(second[:9]):
            sit(session, held.id, person, passed=number < below)
        close_sitting(session, held.of(session), now=CLOSE)
        settle_sitting(session, held.of(session), now=SETTLE)
        return held


def words(client: "FlaskClient", address: str, status: int = 200) -> str:
    with clock.fixed(READ):
        answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_people_are_pooled_over_the_tree_and_shown_within_the_scope_only(cast: Cast) -> None:
    held = city(cast)
    with cast.database.read() as session:
        sitting = held.of(session)
        rows = {row.name: row for row in unit_rows(session, cast.actor(session, Persona.ADMIN), sitting)}
        assert {name: (row.pooled.passed, row.pooled.due) for name, row in rows.items()} == {
            "全市": (15, 21),  # with the admin of the city, who did not come
            "财政局": (8, 10),
            "教育局": (7, 10),
        }
        assert rows["全市"].own is not None
        assert rows["全市"].own.due == 1
        officer = cast.actor(session, Persona.OFFICER)
        assert [row.name for row in unit_rows(session, officer, sitting)] == ["财政局"]
        failed = names(session, officer, held.id, cast.units["CITY"], below=True, outcome=Outcome.FAILED)
        assert {row.person_id for row in failed} == set(held.people[8:10])
        assert names(session, officer, held.id, cast.units["B"], below=False) == []
        stranger = cast.actor(session, Persona.CHARLIE)
        assert unit_rows(session, stranger, sitting) == []
        assert names(session, stranger, held.id, cast.units["A"], below=True) == []


@on_sqlite
def test_the_page_of_results_and_what_if(app: "Flask", cast: Cast) -> None:
    held = city(cast)
    client = cast.sign_in(app.test_client(), Persona.ADMIN)
    address = f"/quizzes/sittings/{held.id}/results"
    said = words(client, address)
    assert "80.0%" in said
    assert "70.0%" in said
    assert "All results have been final since" in said
    assert "Below the threshold 1 of 3 units" in said
    assert "Below the threshold 0 of 3 units" in words(client, f"{address}?threshold=70")
    sat = words(client, f"{address}?threshold=78&denominator=sat")
    assert "77.7%" in sat
    assert "Computed as if 78% had to pass" in sat
    assert "Computed" not in words(client, f"{address}?threshold=800&denominator=x")
    one = words(client, f"{address}/{cast.units['B']}?outcome=absent")
    assert one.count("考生") == 1
    assert "7 of 10" in one
    everybody = words(client, f"{address}/{cast.units['CITY']}?below=1")
    assert everybody.count("考生") == 20
    officer = cast.sign_in(app.test_client(), Persona.OFFICER)
    assert "教育局" not in words(officer, address)
    words(officer, f"{address}/{cast.units['B']}", 404)
    words(officer, f"{address}/{cast.units['CITY']}", 404)


@on_sqlite
def test_the_evidence_holds_everybody_and_its_digest_stands_in_the_audit_record(app: "Flask", cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    held = city(cast)
    digests = []
    for persona, people in ((Persona.ADMIN, 21), (Persona.OFFICER, 10)):
        client = cast.sign_in(app.test_client(), persona)
        with clock.fixed(READ):
            answer = client.post(f"/quizzes/sittings/{held.id}/evidence", headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        heading = next(number for number, row in enumerate(rows) if "Staff number" in row)
        assert len(rows) - heading - 1 == people
        assert ["Threshold", "80%"] in [row[:2] for row in rows]
        assert ["财政局", "Meets the threshold", "10", "80.0%"] in [row[:4] for row in rows]
        assert any("教育局" in row for row in rows) == (persona is Persona.ADMIN)
        digests.append(hashlib.sha256(answer.data).hexdigest())
    with cast.database.read() as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.verb == "take_evidence").order_by(AuditEntry.id))
        assert [entry.facts["sha256"] for entry in kept] == digests
    admin = cast.sign_in(app.test_client(), Persona.ADMIN)
    assert digests[0] in words(admin, f"/quizzes/sittings/{held.id}/results")


@on_sqlite
def test_an_order_is_confirmed_and_withdrawn_on_its_page(app: "Flask", cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    city(cast)
    with cast.database.read() as session:
        order = session.scalars(select(RetrainingOrder)).one()
    client = cast.sign_in(app.test_client(), Persona.ADMIN)
    address = f"/quizzes/retraining/{order.id}"
    assert "教育局" in words(client, "/quizzes/retraining?state=proposed")
    assert "教育局" not in words(client, "/quizzes/retraining?state=confirmed")
    assert "No unit has to train again" in words(cast.sign_in(app.test_client(), Persona.LEADER), "/quizzes/retraining")
    with clock.fixed(READ):
        page = client.get(address).text
        slots = re.findall(r'name="slot"[^>]*value="([^"]+)"', page)
        assert len(slots) == 3
        assert client.post(f"{address}/confirm", data={"version": "7", "slot": slots[0]}).status_code == 422
        assert client.post(f"{address}/confirm", data={"version": "1", "slot": "x"}).status_code == 422
        assert client.post(f"{address}/confirm", data={"version": "1", "slot": slots[2]}).status_code == 302
        assert (
            client.post(f"{address}/withdraw", data={"withdraw-version": "1", "withdraw-reason": "x"}).status_code
            == 422
        )
        (version,) = re.findall(r'name="withdraw-version"[^>]*value="(\d+)"', client.get(address).text)
        gone = client.post(f"{address}/withdraw", data={"withdraw-version": version, "withdraw-reason": "计划调整"})
        assert gone.status_code == 302
    said = words(client, address)
    assert "Withdrawn" in said
    assert "计划调整" in said
    with cast.database.read() as session:
        assert session.get_one(RetrainingOrder, order.id).state is OrderState.WITHDRAWN


CEILINGS = {
    "/quizzes/sittings/{held}/results": 6,
    "/quizzes/sittings/{held}/results/{unit}": 8,
    "/quizzes/retraining": 5,
    "/quizzes/retraining/{order}": 10,
}
"""Finding out who is signed in is one of them."""


@on_sqlite
def test_statements_do_not_grow_with_units_people_and_orders(app: "Flask", cast: Cast) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            sent.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    client = cast.sign_in(app.test_client(), Persona.ADMIN)

    def count(held: Held) -> dict[str, int]:
        with cast.database.read() as session:
            order = session.scalars(select(RetrainingOrder.id).where(RetrainingOrder.sitting_id == held.id)).first()
        counts = {}
        for form in CEILINGS:
            address = form.format(held=held.id, unit=cast.units["B"], order=order)
            for _again in range(2):
                sent.clear()
                words(client, address)
            counts[form] = len(sent)
        return counts

    with cast.database.write() as session:
        few = hold(session, cast, crowd(session, cast, "B", 5), at=NOW - timedelta(days=1))
        close_sitting(session, few.of(session), now=CLOSE)
        settle_sitting(session, few.of(session), now=SETTLE)
    one = count(few)
    many = count(city(cast, below=3))
    assert many == one
    assert {page: number for page, number in many.items() if number > CEILINGS[page]} == {}
