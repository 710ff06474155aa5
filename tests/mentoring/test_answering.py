"""What the mentee says of a record, signed in or by a link."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from scheduler.core.errors import Missing, Refusal
from scheduler.mentoring import actions, queries
from scheduler.mentoring.models import ConfirmationLink, GuidanceRecord
from scheduler.mentoring.queries.links import find_link
from scheduler.mentoring.terms import Confirmation
from scheduler.notices.models import Notice
from scheduler.people.terms import LinkState
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, House

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONFIRMED, DISPUTED = Confirmation.CONFIRMED, Confirmation.DISPUTED


def test_confirmed_with_a_reflection(session: "Session", house: House) -> None:
    record_id, trainee = house.file(session), house.actor(session, Persona.TRAINEE)
    record = actions.answer_guidance(session, trainee, record_id, CONFIRMED, "学到了格式。", now=NOW)
    assert (record.confirmation, record.answer, record.answered_at) == (CONFIRMED, "学到了格式。", NOW)
    told = session.scalars(select(Notice).where(Notice.kind == "guidance_confirmed")).one()
    assert told.recipient_id == house.cast.people[Persona.MENTOR]
    assert "格式" not in str(told.facts)
    actions.answer_guidance(session, trainee, record_id, CONFIRMED, "anders", now=NOW + timedelta(days=1))
    session.refresh(record)
    assert record.answer == "学到了格式。", "a repeat changes nothing"
    with pytest.raises(Refusal, match="confirmed this record already"):
        actions.answer_guidance(session, trainee, record_id, DISPUTED, "doch nicht", now=NOW)


def test_disputed_does_not_count_until_it_is_confirmed_after_all(session: "Session", house: House) -> None:
    record_id, trainee = house.file(session), house.actor(session, Persona.TRAINEE)

    def counted() -> int:
        standing = queries.standing_of(session, house.pairing_id, TODAY.replace(day=1))
        return standing.counted if standing else -1

    with pytest.raises(Refusal, match="Say what is not right"):
        actions.answer_guidance(session, trainee, record_id, DISPUTED, " ", now=NOW)
    assert counted() == 1
    actions.answer_guidance(session, trainee, record_id, DISPUTED, "那天没有见面。", now=NOW)
    assert counted() == 0
    actions.answer_guidance(session, trainee, record_id, CONFIRMED, "记错了。", now=NOW)
    assert counted() == 1


@pytest.mark.parametrize("persona", [Persona.MENTOR, Persona.ADMIN, Persona.OFFICER, Persona.FELLOW])
def test_only_the_mentee_answers(session: "Session", house: House, persona: Persona) -> None:
    record_id = house.file(session)
    with pytest.raises(Missing):
        actions.answer_guidance(session, house.actor(session, persona), record_id, CONFIRMED, "", now=NOW)


def test_a_withdrawn_record_is_not_answered(session: "Session", house: House) -> None:
    record_id = house.file(session)
    actions.withdraw_guidance(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)
    with pytest.raises(Refusal, match="nothing to answer"):
        actions.answer_guidance(session, house.actor(session, Persona.TRAINEE), record_id, CONFIRMED, "", now=NOW)


def test_a_link_confirms_once(session: "Session", house: House) -> None:
    record_id = house.file(session)
    token = actions.make_confirmation_link(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)
    session.flush()
    assert session.scalar(select(func.count()).where(ConfirmationLink.token_digest == token)) == 0
    state, link = find_link(session, token, now=NOW)
    assert state is LinkState.OPEN
    assert link is not None
    actions.answer_by_link(session, link, CONFIRMED, "", now=NOW)
    session.expire_all()
    assert session.get_one(GuidanceRecord, record_id).confirmation is CONFIRMED
    assert find_link(session, token, now=NOW) == (LinkState.USED, None)


def test_a_dispute_without_a_word_leaves_the_link(session: "Session", house: House) -> None:
    record_id = house.file(session)
    token = actions.make_confirmation_link(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)
    _state, link = find_link(session, token, now=NOW)
    assert link is not None
    with pytest.raises(Refusal, match="Say what is not right"):
        actions.answer_by_link(session, link, DISPUTED, "", now=NOW)
    assert find_link(session, token, now=NOW)[0] is LinkState.OPEN


def test_links_run_out_and_newer_ones_replace_them(session: "Session", house: House) -> None:
    mentor, record_id = house.actor(session, Persona.MENTOR), house.file(session)
    first = actions.make_confirmation_link(session, mentor, record_id, now=NOW)
    second = actions.make_confirmation_link(session, mentor, record_id, now=NOW)
    session.flush()
    assert find_link(session, first, now=NOW)[0] is LinkState.USED
    assert find_link(session, second, now=NOW + timedelta(days=14) - timedelta(seconds=1))[0] is LinkState.OPEN
    assert find_link(session, second, now=NOW + timedelta(days=14))[0] is LinkState.EXPIRED
    assert find_link(session, "nothing", now=NOW)[0] is LinkState.UNKNOWN


def test_a_corrected_record_ends_its_links(session: "Session", house: House) -> None:
    mentor, record_id = house.actor(session, Persona.MENTOR), house.file(session)
    token = actions.make_confirmation_link(session, mentor, record_id, now=NOW)
    actions.correct_guidance(session, mentor, record_id, house.given(text="更正"), key="two", **EDGE)
    session.expire_all()
    assert find_link(session, token, now=NOW)[0] is LinkState.USED


def test_only_the_mentor_makes_links(session: "Session", house: House) -> None:
    record_id = house.file(session)
    for persona in (Persona.TRAINEE, Persona.ADMIN):
        with pytest.raises(Missing):
            actions.make_confirmation_link(session, house.actor(session, persona), record_id, now=NOW)
    trainee = house.actor(session, Persona.TRAINEE)
    actions.answer_guidance(session, trainee, record_id, CONFIRMED, "", now=NOW)
    with pytest.raises(Refusal, match="waits for no answer"):
        actions.make_confirmation_link(session, house.actor(session, Persona.MENTOR), record_id, now=NOW)


def test_what_waits_for_the_mentee(session: "Session", house: House) -> None:
    trainee = house.actor(session, Persona.TRAINEE)
    fresh = house.file(session, TODAY, key="one", area_ids=(house.areas[0], house.areas[3]))
    house.file(session, TODAY - timedelta(days=31), key="old")
    waiting = queries.to_answer(session, trainee, TODAY, "zh_CN")
    assert [(record.id, mentor, areas) for record, mentor, areas in waiting] == [
        (fresh, "孟涛", ("政策解读", "项目策划"))
    ]
    standing = queries.own_standings(session, trainee, TODAY)[0]
    assert (standing.unconfirmed, standing.counted) == (1, 1)
    assert queries.to_answer(session, house.actor(session, Persona.MENTOR), TODAY, "zh_CN") == []
