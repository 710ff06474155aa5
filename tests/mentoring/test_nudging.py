"""The officer's reminder to mentors who still owe: one a week at most, whoever sends it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from scheduler.core import clock
from scheduler.core.errors import Missing, Refusal
from scheduler.mentoring import actions
from scheduler.mentoring.terms.reminding import REMINDER, week_of
from scheduler.notices.models import Notice
from scheduler.obligations.actions import begin_usual, remind
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, SYSTEM, TODAY, ZONE, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def _reminded(session: "Session", house: House) -> list[tuple[str, object]]:
    names = {key: persona.value for persona, key in house.cast.people.items()}
    rows = session.scalars(select(Notice).where(Notice.kind == REMINDER).order_by(Notice.id))
    return [(names[row.recipient_id], row.facts["outstanding"]) for row in rows]


def test_mentors_who_owe_are_told_once_a_week(session: "Session", house: House) -> None:
    officer, unit = house.actor(session, Persona.OFFICER), house.cast.units["A"]
    house.begin(session, Persona.LECTURER, Persona.FELLOW)
    house.begin(session, Persona.ADMIN, Persona.STRANGER)  # a mentee of another bureau
    house.file(session, TODAY, key="one")
    assert actions.nudge(session, officer, unit, TODAY, **EDGE) == actions.Nudged(2, 0)
    assert sorted(_reminded(session, house)) == [("P-LECTURER", 2), ("P-MENTOR", 1)]
    assert actions.nudge(session, officer, unit, OCTOBER, **EDGE) == actions.Nudged(0, 2)
    assert len(_reminded(session, house)) == 2
    later = NOW + timedelta(days=7)
    assert actions.nudge(session, officer, unit, NOVEMBER, zone=ZONE, now=later) == actions.Nudged(2, 0)
    assert len(_reminded(session, house)) == 4


def test_who_was_nudged_is_not_reminded_by_itself_in_that_week(session: "Session", house: House) -> None:
    begin_usual(session, SYSTEM, house.cast.units["CITY"], TODAY, now=NOW)
    late = NOW.replace(day=25)  # in the last third of the month
    actions.nudge(session, house.actor(session, Persona.OFFICER), house.cast.units["A"], TODAY, zone=ZONE, now=late)
    remind(session, zone=ZONE, now=late + timedelta(hours=1))
    to_mentor = [one for one in _reminded(session, house) if one[0] == "P-MENTOR"]
    assert to_mentor == [("P-MENTOR", 2)]


def test_only_who_looks_after_the_unit_nudges_and_not_ahead_of_time(session: "Session", house: House) -> None:
    officer = house.actor(session, Persona.OFFICER)
    for persona, unit in ((Persona.OFFICER, "B"), (Persona.LEADER, "A"), (Persona.MENTOR, "A1")):
        with pytest.raises(Missing):
            actions.nudge(session, house.actor(session, persona), house.cast.units[unit], TODAY, **EDGE)
    with pytest.raises(Missing):
        actions.nudge(session, officer, 10**6, TODAY, **EDGE)
    with pytest.raises(Refusal, match="not begun"):
        actions.nudge(session, officer, house.cast.units["A"], date(2026, 12, 1), **EDGE)


def test_the_button_is_on_the_month_and_says_what_it_did(client: "FlaskClient", house: House) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    house.cast.sign_in(client, Persona.OFFICER)
    with clock.fixed(NOW):
        assert "/mentoring/months/nudge" in client.get("/mentoring/months").text
        sent = {"month": NOVEMBER.isoformat(), "unit": str(house.cast.units["A"])}
        said = [client.post("/mentoring/months/nudge", data=sent, follow_redirects=True).text for _again in range(2)]
    assert "已提醒 1 位导师" in said[0]
    assert "本周已提醒过" in said[1]
    assert client.post("/mentoring/months/nudge", data={"month": "x"}).status_code == 404


def test_the_week_of_a_reminder() -> None:
    assert [week_of(day) for day in (date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4))] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]
