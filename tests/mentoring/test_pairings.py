"""The life of a pairing."""

import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.mentoring import actions, queries
from scheduler.mentoring.models import EndReason, Pairing, PairingEvent, PairingPause, Programme
from scheduler.mentoring.queries import PairingFilter
from scheduler.mentoring.terms import PairingEventKind, PairingStatus
from scheduler.notices.models import Notice
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, LAST, NOW, SYSTEM, TODAY, ZONE, House

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _events(session: "Session", pairing_id: int) -> list[PairingEventKind]:
    return [event.what for event in reversed(queries.history_of(session, pairing_id))]


def test_both_agree_online_and_then_it_begins(session: "Session", house: House) -> None:
    officer = house.actor(session, Persona.OFFICER)
    pairing = actions.propose(session, officer, house.plan(Persona.LECTURER, Persona.FELLOW), **EDGE)
    told = session.scalars(select(Notice.recipient_id).where(Notice.kind == "pairing_proposed"))
    assert set(told) >= {pairing.mentor_id, pairing.mentee_id}
    for persona in (Persona.LECTURER, Persona.FELLOW):
        assert pairing.status == "proposed"
        actions.agree(session, house.actor(session, persona), pairing.id, **EDGE)
        actions.agree(session, house.actor(session, persona), pairing.id, **EDGE)
    assert pairing.status == "agreed"
    actions.activate(session, officer, pairing.id, version=pairing.version, reason="", **EDGE)
    assert pairing.status is PairingStatus.ACTIVE
    assert _events(session, pairing.id) == ["proposed", "mentor_agreed", "mentee_agreed", "activated"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mentee_id": "mentor"}, "themselves"),
        ({"mentor_id": 10**6}, "Nobody who works here"),
        ({"sponsor_id": 10**6}, "Nobody who works here"),
        ({"sponsor_id": "mentee"}, "own sponsor"),
        ({"ends_on": date(2026, 3, 1)}, "before the start"),
        ({"starts_on": date(2025, 12, 31)}, "The programme begins"),
        ({"ends_on": date(2028, 1, 1)}, "The programme ends"),
    ],
)
def test_what_cannot_be_proposed(session: "Session", house: House, changes: dict[str, Any], said: str) -> None:
    programme = session.get_one(Programme, house.programme_id)
    programme.starts_on, programme.ends_on = date(2026, 1, 1), date(2027, 12, 31)
    session.flush()
    people = {"mentor": house.cast.people[Persona.LECTURER], "mentee": house.cast.people[Persona.FELLOW]}
    plan = house.plan(Persona.LECTURER, Persona.FELLOW)
    facts = {name: people.get(value, value) for name, value in changes.items()}
    wrong = type(plan)(**{name: facts.get(name, getattr(plan, name)) for name in plan.__slots__})
    with pytest.raises(Refusal, match=said):
        actions.propose(session, house.actor(session, Persona.ADMIN), wrong, **EDGE)


def test_an_officer_proposes_for_the_own_units_only(session: "Session", house: House) -> None:
    officer = house.actor(session, Persona.OFFICER)
    with pytest.raises(Missing):
        actions.propose(session, officer, house.plan(Persona.STRANGER, Persona.CHARLIE), **EDGE)
    assert actions.propose(session, officer, house.plan(Persona.STRANGER, Persona.FELLOW), **EDGE).id


def test_a_proposal_begins_only_with_a_reason(session: "Session", house: House) -> None:
    pairing = actions.propose(session, SYSTEM, house.plan(Persona.LECTURER, Persona.FELLOW), **EDGE)
    with pytest.raises(Refusal, match="signed on paper"):
        actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason=" ", **EDGE)
    actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason="纸质协议", **EDGE)
    assert queries.history_of(session, pairing.id)[0].reason == "纸质协议"


def test_one_open_pairing_for_a_mentee(session: "Session", house: House) -> None:
    pairing = actions.propose(session, SYSTEM, house.plan(Persona.LECTURER, Persona.TRAINEE), **EDGE)
    with pytest.raises(Refusal, match="has an open pairing already"):
        actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason="x", **EDGE)
    with pytest.raises(IntegrityError):  # the database says so too
        session.execute(update(Pairing).where(Pairing.id == pairing.id).values(status=PairingStatus.ACTIVE))


def test_a_mentor_guides_as_many_as_the_programme_allows(session: "Session", house: House) -> None:
    pairing = actions.propose(session, SYSTEM, house.plan(Persona.MENTOR, Persona.FELLOW), **EDGE)
    with pytest.raises(Refusal, match="guides 1 already; the programme allows 1"):
        actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason="x", **EDGE)
    session.execute(update(Programme).values(capacity=2))
    session.expire_all()
    actions.activate(session, SYSTEM, pairing.id, version=pairing.version, reason="x", **EDGE)
    assert pairing.status is PairingStatus.ACTIVE


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_two_begin_at_a_time_for_one_mentor(house: House) -> None:
    with house.cast.database.write() as session:
        session.execute(update(Programme).values(capacity=2))
        ids = [
            actions.propose(session, SYSTEM, house.plan(Persona.MENTOR, mentee), **EDGE).id
            for mentee in (Persona.FELLOW, Persona.STRANGER)
        ]
    together, outcomes = threading.Barrier(2), []

    def begin(pairing_id: int) -> None:
        together.wait()
        try:
            with house.cast.database.write() as session:
                version = session.get_one(Pairing, pairing_id).version
                actions.activate(session, SYSTEM, pairing_id, version=version, reason="x", **EDGE)
        except Refusal as refusal:
            outcomes.append(str(refusal))
        else:
            outcomes.append("begun")

    threads = [threading.Thread(target=begin, args=(key,)) for key in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = sorted(outcomes)
    assert first == "begun"
    assert "the programme allows 2" in second


def test_a_term_that_is_over_makes_room(session: "Session", house: House) -> None:
    house.pairing(session).ends_on = TODAY - timedelta(days=1)
    session.flush()
    pairing = house.begin(session, Persona.LECTURER, Persona.TRAINEE, starts_on=TODAY)
    assert pairing.status is PairingStatus.ACTIVE
    old = house.pairing(session)
    assert (old.status, old.closed_on) == (PairingStatus.COMPLETED, TODAY - timedelta(days=1))


def test_suspended_and_resumed(session: "Session", house: House) -> None:
    officer, pairing = house.actor(session, Persona.OFFICER), house.pairing(session)
    house.file(session, date(2026, 11, 5))

    def suspend(day: date, reason: str = "借调") -> None:
        actions.suspend(session, officer, pairing.id, version=pairing.version, day=day, reason=reason, **EDGE)

    with pytest.raises(Refusal, match="record of"):
        suspend(date(2026, 11, 5))
    with pytest.raises(Refusal, match="still to come"):
        suspend(date(2026, 11, 19))
    with pytest.raises(Refusal, match="Say why"):
        suspend(date(2026, 11, 6), " ")
    suspend(date(2026, 11, 6))
    standing = queries.standing_of(session, pairing.id, date(2026, 11, 1))
    assert standing is not None
    assert (standing.days_in_force, standing.owed, standing.counted) == (5, 0, 1)
    with pytest.raises(Refusal, match="before the suspension"):
        actions.resume(session, officer, pairing.id, version=pairing.version, day=date(2026, 11, 1), **EDGE)
    actions.resume(session, officer, pairing.id, version=pairing.version, day=date(2026, 11, 13), **EDGE)
    assert pairing.status is PairingStatus.ACTIVE
    standing = queries.standing_of(session, pairing.id, date(2026, 11, 1))
    assert standing is not None
    assert (standing.days_in_force, standing.owed) == (23, 2)


def test_an_early_end_has_a_reason_from_the_list(session: "Session", house: House) -> None:
    officer, pairing = house.actor(session, Persona.OFFICER), house.pairing(session)
    reason = session.scalars(select(EndReason).where(EndReason.code == "transfer")).one()

    def end(day: date, reason_id: int) -> None:
        actions.end_early(
            session,
            officer,
            pairing.id,
            version=pairing.version,
            day=day,
            reason_id=reason_id,
            reason="",
            **EDGE,
        )

    with pytest.raises(Refusal, match="Choose one"):
        end(TODAY, 10**6)
    with pytest.raises(Refusal, match="not in the future"):
        end(TODAY + timedelta(days=1), reason.id)
    house.file(session, TODAY)
    with pytest.raises(Refusal, match="record of"):
        end(TODAY - timedelta(days=1), reason.id)
    end(TODAY, reason.id)
    assert (pairing.status, pairing.closed_on, pairing.end_reason_id) == (PairingStatus.ENDED_EARLY, TODAY, reason.id)
    assert house.begin(session, Persona.LECTURER, Persona.TRAINEE).status is PairingStatus.ACTIVE


def test_an_end_closes_the_suspension(session: "Session", house: House) -> None:
    pairing = house.pairing(session)
    actions.suspend(session, SYSTEM, pairing.id, version=pairing.version, day=date(2026, 11, 2), reason="借调", **EDGE)
    reason = session.scalars(select(EndReason.id)).first() or 0
    actions.end_early(
        session, SYSTEM, pairing.id, version=pairing.version, day=TODAY, reason_id=reason, reason="", **EDGE
    )
    assert session.scalars(select(PairingPause.ends_on)).all() == [TODAY + timedelta(days=1)]


def test_completed_when_its_last_day_is_there(session: "Session", house: House) -> None:
    pairing = house.pairing(session)
    with pytest.raises(Refusal, match="still to come"):
        actions.complete(session, SYSTEM, pairing.id, version=pairing.version, **EDGE)
    assert actions.complete_over(session, SYSTEM, **EDGE) == 0
    after = NOW + timedelta(days=400)
    assert actions.complete_over(session, SYSTEM, zone=ZONE, now=after) == 1
    assert (pairing.status, pairing.closed_on) == (PairingStatus.COMPLETED, LAST)


def test_another_term_of_the_same_two(session: "Session", house: House) -> None:
    officer = house.actor(session, Persona.OFFICER)
    house.pairing(session).goals = "独立起草"
    with pytest.raises(Refusal, match="after the last day"):
        actions.next_term(
            session, officer, house.pairing_id, starts_on=LAST, ends_on=LAST + timedelta(days=300), **EDGE
        )
    again = actions.next_term(
        session,
        officer,
        house.pairing_id,
        starts_on=LAST + timedelta(days=1),
        ends_on=LAST + timedelta(days=300),
        **EDGE,
    )
    assert (again.term, again.goals, again.status) == (2, "独立起草", PairingStatus.PROPOSED)


def test_changes_keep_what_stood_there(session: "Session", house: House) -> None:
    officer, pairing = house.actor(session, Persona.OFFICER), house.pairing(session)
    version = pairing.version
    aims: dict[str, Any] = {"sponsor_id": house.cast.people[Persona.LEADER], "development_plan": "", "ends_on": LAST}
    actions.revise(session, officer, pairing.id, version=version, goals="一", **aims, **EDGE)
    actions.revise(session, officer, pairing.id, version=pairing.version, goals="二", **aims, **EDGE)
    newest = queries.history_of(session, pairing.id)[0]
    assert (newest.what, newest.before) == (PairingEventKind.GOALS_CHANGED, "一")
    assert PairingEventKind.SPONSOR_CHANGED in _events(session, pairing.id)
    with pytest.raises(Stale):
        actions.revise(session, officer, pairing.id, version=version, goals="三", **aims, **EDGE)


@pytest.mark.parametrize("change", [update(PairingEvent).values(reason="x"), delete(PairingEvent)])
def test_the_history_cannot_be_rewritten(session: "Session", house: House, change: Any) -> None:
    assert session.scalar(select(func.count()).where(PairingEvent.pairing_id == house.pairing_id))
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(change)


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        (Persona.ADMIN, True), (Persona.OFFICER, True), (Persona.LEADER, True), (Persona.MENTOR, True),
        (Persona.TRAINEE, True), (Persona.FELLOW, False), (Persona.LECTURER, False), (Persona.STRANGER, False),
        (Persona.CHARLIE, False),
    ],
)  # fmt: skip
def test_who_sees_a_pairing(session: "Session", house: House, persona: Persona, *, sees: bool) -> None:
    actor = house.actor(session, persona)
    listed = queries.find_pairings(session, actor, PairingFilter(), today=TODAY)
    assert [row.id for row in listed.rows] == ([house.pairing_id] if sees else [])
    assert listed.total == (1 if sees else 0)
    if not sees:
        with pytest.raises(Missing):
            queries.get_pairing(session, actor, house.pairing_id)


def test_the_list_is_searched_and_paged(session: "Session", house: House) -> None:
    admin = house.actor(session, Persona.ADMIN)
    actions.propose(session, SYSTEM, house.plan(Persona.LECTURER, Persona.FELLOW, starts_on=TODAY), **EDGE)

    def found(**wanted: Any) -> list[str]:
        listed = queries.find_pairings(session, admin, PairingFilter(**wanted), today=TODAY)
        return [row.mentee for row in listed.rows]

    assert found() == ["方路", "田瑞"]
    assert found(text="孟") == ["田瑞"]
    assert found(text="p-fellow") == ["方路"]
    assert found(status=PairingStatus.PROPOSED) == ["方路"]
    assert found(programme_id=10**6) == []
    page = queries.find_pairings(session, admin, PairingFilter(), today=TODAY, page=2, size=1)
    assert ([row.mentee for row in page.rows], page.number, page.pages, page.total) == (["田瑞"], 2, 2, 2)
