"""The mail about a filed record confirms it without a password, once, and never holds its words."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.mentoring import actions
from scheduler.mentoring.models import ConfirmationLink, GuidanceRecord
from scheduler.mentoring.tasks import enclose_confirmation
from scheduler.mentoring.terms import Confirmation
from scheduler.notices.actions.outbox import claim_mail
from scheduler.notices.models import Notice
from scheduler.notices.terms.mail import Enclosure, Outgoing
from tests.cast import Persona
from tests.mentoring.conftest import NOW, House

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


def _letter(session: "Session") -> Outgoing:
    (letter,) = [
        one
        for one in claim_mail(session, limit=99, lease=timedelta(minutes=5), now=NOW)
        if one.kind == "guidance_filed"
    ]
    return letter


def _enclosed(session: "Session", letter: Outgoing) -> Enclosure:
    found = enclose_confirmation(session, letter, "en", NOW)
    assert found is not None
    return found


def test_the_mail_holds_day_mentor_areas_and_a_link_and_no_words(house: House) -> None:
    with house.cast.database.write() as session:
        house.file(session, text="一起修改了会议通知。")
        found = _enclosed(session, _letter(session))
        token = found.path.removeprefix("/confirm/")
        assert [str(value) for _label, value in found.facts] == ["孟涛", "2026-11-18", "Official writing"]
        assert "修改" not in repr(found)
        assert len(token) >= 22
        kept = session.scalars(select(ConfirmationLink.token_digest)).all()
        assert token not in kept, "only a digest is kept"


def test_the_link_works_once_and_every_copy_of_the_mail_holds_one_that_works(
    client: "FlaskClient", house: House
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    with house.cast.database.write() as session:
        record_id = house.file(session)
        shown = actions.make_confirmation_link(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)
        letter = _letter(session)
        first, second = _enclosed(session, letter).path, _enclosed(session, letter).path
        assert session.scalar(select(func.count()).select_from(ConfirmationLink)) == 3
    for path in (f"/confirm/{shown}", first, second):
        assert client.get(path).status_code == 200, "neither copy puts the other, or the code just shown, out of use"
    assert client.post(first, data={"answer": "confirmed"}).status_code == 200
    with house.cast.database.read() as session:
        assert session.get_one(GuidanceRecord, record_id).confirmation is Confirmation.CONFIRMED
    for path in (f"/confirm/{shown}", first, second):
        assert client.get(path).status_code == 410


@pytest.mark.parametrize("meanwhile", ["confirmed", "withdrawn", "disputed"])
def test_what_was_answered_meanwhile_is_not_asked_again(house: House, meanwhile: str) -> None:
    with house.cast.database.write() as session:
        record_id = house.file(session)
        letter = _letter(session)
        if meanwhile == "withdrawn":
            actions.withdraw_guidance(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)
        else:
            trainee = house.actor(session, Persona.TRAINEE)
            actions.answer_guidance(session, trainee, record_id, Confirmation(meanwhile), "不对", now=NOW)
        assert enclose_confirmation(session, letter, "en", NOW) is None


def test_nobody_but_the_mentee_gets_a_link(house: House) -> None:
    with house.cast.database.write() as session:
        house.file(session)
        letter = replace(_letter(session), recipient_id=house.cast.people[Persona.MENTOR])
        assert enclose_confirmation(session, letter, "en", NOW) is None
        assert session.scalar(select(func.count()).select_from(ConfirmationLink)) == 0
        assert session.scalars(select(Notice.recipient_id).where(Notice.kind == "guidance_filed")).all() == [
            house.cast.people[Persona.TRAINEE]
        ]
