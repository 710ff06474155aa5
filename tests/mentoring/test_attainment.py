"""Attainment is confirmed by the unit's officer with evidence; and how a programme does in a year."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.core import clock
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.mentoring import actions
from scheduler.mentoring.models import Attainment, Pairing, Programme
from scheduler.mentoring.queries.progress import progress_of
from scheduler.mentoring.rules.attainment import may_be_assessed
from scheduler.mentoring.terms import PairingStatus
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

CLOSED = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("status", "last_day", "expected"),
    [
        (PairingStatus.COMPLETED, date(2026, 1, 1), True),
        (PairingStatus.ENDED_EARLY, date(2026, 1, 1), True),
        (PairingStatus.ACTIVE, date(2026, 12, 18), True),
        (PairingStatus.ACTIVE, date(2026, 12, 19), False),
        (PairingStatus.SUSPENDED, date(2026, 12, 18), True),
        (PairingStatus.PROPOSED, date(2026, 12, 1), False),
        (PairingStatus.AGREED, date(2026, 12, 1), False),
    ],
)
def test_when_a_pairing_may_be_assessed(status: PairingStatus, last_day: date, *, expected: bool) -> None:
    assert may_be_assessed(status, last_day, TODAY) is expected


def _over(session: "Session", pairing_id: int) -> None:
    session.execute(
        update(Pairing).where(Pairing.id == pairing_id).values(status=PairingStatus.COMPLETED, closed_on=CLOSED)
    )
    session.expire_all()


def _found(**changes: Any) -> actions.Assessment:
    facts: dict[str, Any] = {"attained": True, "day": TODAY, "evidence": "独立起草三份通知，领导签发。"}
    return actions.Assessment(**{**facts, **changes})


def test_the_officer_of_the_mentees_unit_assesses_and_corrects(session: "Session", house: House) -> None:
    _over(session, house.pairing_id)
    officer = house.actor(session, Persona.OFFICER)
    first = actions.assess(session, officer, house.pairing_id, _found(), **EDGE)
    assert (first.attained, first.by_id, first.reason) == (True, house.cast.people[Persona.OFFICER], "")
    with pytest.raises(Stale):
        actions.assess(session, officer, house.pairing_id, _found(), **EDGE)
    with pytest.raises(Refusal, match="Say why"):
        actions.assess(session, officer, house.pairing_id, _found(attained=False, replaces_id=first.id), **EDGE)
    changed = _found(attained=False, replaces_id=first.id, reason="复核后更正")
    second = actions.assess(session, officer, house.pairing_id, changed, **EDGE)
    assert (first.replaced_at, second.replaced_at, second.reason) == (NOW, None, "复核后更正")
    assert session.scalar(select(func.count()).select_from(Attainment)) == 2


def test_who_does_not_assess(session: "Session", house: House) -> None:
    _over(session, house.pairing_id)
    for persona in (Persona.MENTOR, Persona.TRAINEE, Persona.LEADER, Persona.STRANGER):
        with pytest.raises(Missing):
            actions.assess(session, house.actor(session, persona), house.pairing_id, _found(), **EDGE)
    own = house.begin(session, Persona.OFFICER, Persona.FELLOW)
    _over(session, own.id)
    with pytest.raises(Missing):
        actions.assess(session, house.actor(session, Persona.OFFICER), own.id, _found(), **EDGE)
    abroad = house.begin(session, Persona.LECTURER, Persona.STRANGER)  # the mentee is of another bureau
    _over(session, abroad.id)
    with pytest.raises(Missing):
        actions.assess(session, house.actor(session, Persona.OFFICER), abroad.id, _found(), **EDGE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evidence": " "}, "evidence"),
        ({"evidence": "长" * 2001}, None),
        ({"day": date(2026, 11, 19)}, "day"),
        ({"day": date(2026, 2, 28)}, "day"),
    ],
)
def test_what_is_refused(session: "Session", house: House, changes: dict[str, Any], field: str | None) -> None:
    officer = house.actor(session, Persona.OFFICER)
    with pytest.raises(Refusal, match="last thirty days"):
        actions.assess(session, officer, house.pairing_id, _found(), **EDGE)
    _over(session, house.pairing_id)
    with pytest.raises(Refusal) as refused:
        actions.assess(session, officer, house.pairing_id, _found(**changes), **EDGE)
    assert refused.value.field == field


def test_the_database_lets_one_assessment_stand(session: "Session", house: House) -> None:
    _over(session, house.pairing_id)
    made = actions.assess(session, house.actor(session, Persona.ADMIN), house.pairing_id, _found(), **EDGE)
    columns = {c.name: getattr(made, c.name) for c in Attainment.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError):
        session.execute(insert(Attainment).values(**columns))


def test_how_a_programme_does(session: "Session", house: House, engine: "Engine") -> None:
    session.execute(update(Programme).values(capacity=9))
    session.expire_all()
    second = house.begin(session, Persona.MENTOR, Persona.FELLOW)
    house.begin(session, Persona.LECTURER, Persona.STRANGER)
    house.begin(session, Persona.ADMIN, Persona.CHARLIE)  # holds no role: not to have a mentor
    for number, pairing_id in enumerate((house.pairing_id, second.id)):
        _over(session, pairing_id)
        admin = house.actor(session, Persona.ADMIN)
        actions.assess(session, admin, pairing_id, _found(attained=number == 0), **EDGE)
    programme = session.get_one(Programme, house.programme_id)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    found = progress_of(session, programme, ("/",), 2026)
    assert len(sent) == 4
    by_unit = {one.unit: (one.eligible, one.covered, one.ended, one.assessed, one.attained) for one in found.units}
    assert by_unit == {"办公室": (2, 2, 2, 2, 1), "教育局": (1, 1, 0, 0, 0)}
    assert found.load == {1: 2}
    assert (found.total("eligible"), found.total("attained")) == (3, 1)
    before = progress_of(session, programme, ("/",), 2025)
    assert (before.total("covered"), before.total("ended"), before.total("assessed")) == (0, 0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what the pages say, once
def test_in_the_browser(client: "FlaskClient", house: House) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    with house.cast.database.write() as session:
        _over(session, house.pairing_id)
    house.cast.sign_in(client, Persona.OFFICER)
    address = f"/mentoring/pairings/{house.pairing_id}"
    with clock.fixed(NOW):
        assert f"{address}/assess" in client.get(address).text
        sent = {"attained": "yes", "day": TODAY.isoformat(), "evidence": "考核优秀", "seen": ""}
        assert client.post(f"{address}/assess", data=sent).status_code == 302
        assert "考核优秀" in client.get(address).text
        again = client.post(f"{address}/assess", data=sent)
        assert again.status_code == 422
        page = client.get(f"/mentoring/programmes/{house.programme_id}/progress").text
        assert "1/1" in page
        assert client.get(f"/mentoring/programmes/{house.programme_id}/progress?year=99999").status_code == 200
        assert client.get("/mentoring/programmes/99/progress").status_code == 404
    house.cast.sign_in(client, Persona.LEADER)
    with clock.fixed(NOW):
        assert "考核优秀" not in client.get(address).text
