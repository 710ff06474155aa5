"""Filing guidance: once, in the right month, refused where it makes no sense, never edited."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DBAPIError

from scheduler.audit.models import AuditEntry
from scheduler.core.errors import Missing, Refusal
from scheduler.core.periods import Cadence, period_of
from scheduler.mentoring import actions, queries
from scheduler.mentoring.models import (
    GuidanceArea,
    GuidanceDraft,
    GuidanceRecord,
    Pairing,
    PairingPause,
    Programme,
)
from scheduler.mentoring.terms import Confirmation, RecordState
from scheduler.notices.models import Notice
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, SYSTEM, TODAY, ZONE, House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

NOVEMBER = date(2026, 11, 1)


def _count(session: "Session", house: House, month: date = NOVEMBER) -> int:
    standing = queries.standing_of(session, house.pairing_id, month)
    assert standing is not None
    assert standing.counted == session.scalar(
        select(func.count()).where(
            GuidanceRecord.pairing_id == house.pairing_id, queries.in_month(month), queries.counts()
        )
    )
    return standing.counted


@pytest.fixture
def sent(engine: "Engine") -> "Iterator[list[str]]":
    """Yield the statements that are sent to the database, beginnings and ends of transactions left out."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_record_counts_and_the_mentee_is_told(session: "Session", house: House) -> None:
    record_id = house.file(session, area_ids=(house.areas[0], house.areas[1]), minutes=45)
    session.commit()
    assert _count(session, house) == 1
    record = session.get_one(GuidanceRecord, record_id)
    assert (record.state, record.confirmation, record.filed_at) == (RecordState.FILED, Confirmation.UNCONFIRMED, NOW)
    assert set(session.scalars(select(GuidanceArea.area_id))) == {house.areas[0], house.areas[1]}
    notice = session.scalars(select(Notice).where(Notice.kind == "guidance_filed")).one()
    assert notice.recipient_id == house.cast.people[Persona.TRAINEE]
    assert "会议通知" not in str(notice.facts), "no words of guidance leave the pair"
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("file", "guidance_record", str(record_id))
    assert "会议通知" not in str(entry.facts)


def test_filing_takes_few_statements_and_one_commit(house: House, sent: list[str]) -> None:
    with house.cast.database.write() as session:
        mentor = house.actor(session, Persona.MENTOR)
        actions.save_draft(session, mentor, house.pairing_id, {"text": "一"}, now=NOW)
    with house.cast.database.write() as session:
        sent.clear()
        actions.file_guidance(session, mentor, [house.pairing_id], house.given(), key="k", **EDGE)
    waits_its_turn = [statement for statement in sent if "pg_advisory_xact_lock" in statement]
    assert len(sent) - len(waits_its_turn) <= 7, "the eighth says who is signed in"
    with house.cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(GuidanceDraft)) == 0


def test_the_same_key_again_shows_the_first(session: "Session", house: House) -> None:
    first = house.file(session, key="one")
    mentor = house.actor(session, Persona.MENTOR)
    again = actions.file_guidance(session, mentor, [house.pairing_id], house.given(text="anders"), key="one", **EDGE)
    assert (again.record_ids, again.repeated) == ((first,), True)
    assert _count(session, house) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_two_sendings_at_a_time_make_one_record(house: House) -> None:
    with house.cast.database.read() as session:
        mentor = house.actor(session, Persona.MENTOR)
    together, filed, faults = threading.Barrier(6), [], []

    def send() -> None:
        together.wait()
        try:
            with house.cast.database.write() as session:
                done = actions.file_guidance(session, mentor, [house.pairing_id], house.given(), key="k", **EDGE)
                filed.append(done)
        except DBAPIError as error:
            faults.append(error)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len({done.record_ids for done in filed}) == 1
    assert sorted(done.repeated for done in filed) == [False] + [True] * 5
    with house.cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(GuidanceRecord)) == 1


def test_the_same_words_of_the_same_day_are_refused(session: "Session", house: House) -> None:
    house.file(session, key="one")
    with pytest.raises(Refusal, match="same words") as refused:
        house.file(session, key="two")
    assert refused.value.field == "text"
    assert house.file(session, key="three", text="另一件事。")
    assert house.file(session, TODAY - timedelta(days=1), key="four")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": TODAY + timedelta(days=1)}, "day"),
        ({"day": date(2026, 2, 28)}, "day"),
        ({"text": "  "}, "text"),
        ({"area_ids": ()}, "areas"),
        ({"area_ids": (10**6,)}, "areas"),
        ({"mode_id": 10**6}, "mode"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"next_day": TODAY - timedelta(days=1)}, "next_day"),
    ],
)
def test_what_cannot_be_filed(session: "Session", house: House, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        house.file(session, **changes)
    assert refused.value.field == field


def test_a_text_that_is_too_long_is_refused(session: "Session", house: House) -> None:
    assert house.file(session, text="长" * 2000)
    with pytest.raises(Refusal, match="at most 2000 characters, this has 2001"):
        house.file(session, key="two", text="长" * 2001)


def test_a_day_of_a_suspension_is_refused(session: "Session", house: House) -> None:
    session.add(
        PairingPause(
            pairing_id=house.pairing_id, starts_on=date(2026, 11, 5), ends_on=date(2026, 11, 10), reason="借调"
        )
    )
    session.flush()
    for day in (date(2026, 11, 5), date(2026, 11, 9)):
        with pytest.raises(Refusal, match="suspended"):
            house.file(session, day)
    for number, day in enumerate((date(2026, 11, 4), date(2026, 11, 10))):
        assert house.file(session, day, key=f"key {number}")


@pytest.mark.parametrize("persona", [Persona.TRAINEE, Persona.ADMIN, Persona.OFFICER, Persona.STRANGER])
def test_only_the_mentor_files(session: "Session", house: House, persona: Persona) -> None:
    with pytest.raises(Missing):
        actions.file_guidance(
            session, house.actor(session, persona), [house.pairing_id], house.given(), key="k", **EDGE
        )


def test_the_month_is_that_of_the_organisations_zone(session: "Session", house: House) -> None:
    last_instant = datetime(2026, 10, 31, 15, 59, 59, 999_999, tzinfo=UTC)  # 23:59:59.999999 in Shanghai
    with pytest.raises(Refusal, match="still to come"):
        house.file(session, NOVEMBER, now=last_instant)
    house.file(session, date(2026, 10, 31), key="october", now=last_instant)
    house.file(session, NOVEMBER, key="november", now=last_instant + timedelta(microseconds=1))
    assert (_count(session, house, date(2026, 10, 1)), _count(session, house)) == (1, 1)


def test_a_joint_session_counts_for_each_pairing_that_it_names(session: "Session", house: House) -> None:
    session.execute(update(Programme).values(capacity=2))
    session.expire_all()
    other = house.begin(session, Persona.MENTOR, Persona.FELLOW)
    mentor, both = house.actor(session, Persona.MENTOR), [house.pairing_id, other.id]
    filed = actions.file_guidance(session, mentor, both, house.given(), key="k", **EDGE)
    records = [session.get_one(GuidanceRecord, key) for key in filed.record_ids]
    assert {record.pairing_id for record in records} == set(both)
    assert len({record.meeting for record in records}) == 1
    assert records[0].meeting
    assert session.scalar(select(func.count()).select_from(GuidanceArea)) == 2
    again = actions.file_guidance(session, mentor, both, house.given(), key="k", **EDGE)
    assert (again.record_ids, again.repeated) == (filed.record_ids, True)


def test_withdrawn_before_it_is_confirmed(session: "Session", house: House) -> None:
    mentor, record_id = house.actor(session, Persona.MENTOR), house.file(session)
    actions.withdraw_guidance(session, mentor, record_id, now=NOW)
    actions.withdraw_guidance(session, mentor, record_id, now=NOW + timedelta(hours=1))
    session.expire_all()
    record = session.get_one(GuidanceRecord, record_id)
    assert (record.state, record.withdrawn_at) == (RecordState.WITHDRAWN, NOW)
    assert _count(session, house) == 0
    assert house.file(session, key="two"), "the same words may be filed again"


def test_a_confirmed_record_is_corrected_not_withdrawn(session: "Session", house: House) -> None:
    mentor, record_id = house.actor(session, Persona.MENTOR), house.file(session)
    trainee = house.actor(session, Persona.TRAINEE)
    actions.answer_guidance(session, trainee, record_id, Confirmation.CONFIRMED, "", now=NOW)
    with pytest.raises(Refusal, match="Correct it instead"):
        actions.withdraw_guidance(session, mentor, record_id, now=NOW)
    later: dict[str, Any] = {"zone": ZONE, "now": NOW + timedelta(days=30)}
    corrected = actions.correct_guidance(session, mentor, record_id, house.given(minutes=90), key="two", **later)
    again = actions.correct_guidance(session, mentor, record_id, house.given(minutes=90), key="two", **later)
    assert (again.record_ids, again.repeated) == (corrected.record_ids, True)
    session.expire_all()
    old, new = session.get_one(GuidanceRecord, record_id), session.get_one(GuidanceRecord, corrected.record_ids[0])
    assert (old.state, new.corrects_id, new.minutes) == (RecordState.REPLACED, old.id, 90)
    assert (new.confirmation, new.first_filed_at) == (Confirmation.UNCONFIRMED, NOW)
    assert _count(session, house) == 1
    assert queries.correction_of(session, old.id) == new.id
    with pytest.raises(Refusal, match="newest one"):
        actions.correct_guidance(session, mentor, record_id, house.given(text="x"), key="three", **EDGE)


def test_only_the_mentor_withdraws_and_corrects(session: "Session", house: House) -> None:
    record_id = house.file(session)
    for persona in (Persona.TRAINEE, Persona.ADMIN):
        actor = house.actor(session, persona)
        with pytest.raises(Missing):
            actions.withdraw_guidance(session, actor, record_id, now=NOW)
        with pytest.raises(Missing):
            actions.correct_guidance(session, actor, record_id, house.given(), key="two", **EDGE)


@pytest.mark.parametrize(
    "change",
    [
        update(GuidanceRecord).values(text="anders"),
        update(GuidanceRecord).values(day=date(2026, 11, 1)),
        update(GuidanceRecord).values(filed_at=NOW - timedelta(days=9)),
        update(GuidanceRecord).values(minutes=5),
        delete(GuidanceRecord),
    ],
)
def test_the_database_keeps_what_was_filed(session: "Session", house: House, change: Any) -> None:
    house.file(session, area_ids=(house.areas[0],))
    session.execute(delete(GuidanceArea))
    with pytest.raises(DBAPIError, match="never edited"):
        session.execute(change.execution_options(synchronize_session=False))


def test_a_withdrawn_record_does_not_come_back(session: "Session", house: House) -> None:
    mentor, record_id = house.actor(session, Persona.MENTOR), house.file(session)
    actions.withdraw_guidance(session, mentor, record_id, now=NOW)
    back = update(GuidanceRecord).values(state=RecordState.FILED, withdrawn_at=None)
    with pytest.raises(DBAPIError, match="never edited"):
        session.execute(back.execution_options(synchronize_session=False))


def test_the_ledger_says_why_a_record_does_not_count(session: "Session", house: House) -> None:
    mentor, trainee = house.actor(session, Persona.MENTOR), house.actor(session, Persona.TRAINEE)
    ids = [house.file(session, TODAY - timedelta(days=number), key=str(number)) for number in range(4)]
    actions.withdraw_guidance(session, mentor, ids[1], now=NOW)
    actions.answer_guidance(session, trainee, ids[2], Confirmation.DISPUTED, "没有", now=NOW)
    actions.correct_guidance(session, mentor, ids[3], house.given(TODAY, "更正"), key="c", **EDGE)
    month = period_of(Cadence.MONTH, NOVEMBER)
    rows = {row.address: row for row in session.execute(queries.guidance_ledger(month))}
    assert [rows[f"/mentoring/records/{key}"].barred for key in ids] == [
        None,
        "Withdrawn",
        "Disputed by the mentee",
        "Replaced by a correction",
    ]
    assert {row.subject_id for row in rows.values()} == {house.pairing_id}
    assert sum(row.barred is None for row in rows.values()) == _count(session, house) == 2
    assert session.execute(queries.guidance_ledger(month.after)).all() == []


def test_drafts_are_for_their_author_alone(session: "Session", house: House) -> None:
    mentor, trainee = house.actor(session, Persona.MENTOR), house.actor(session, Persona.TRAINEE)
    actions.save_draft(session, mentor, house.pairing_id, {"text": "草稿", "place": ""}, now=NOW)
    actions.save_draft(session, mentor, house.pairing_id, {"text": "草稿二"}, now=NOW)
    found = queries.own_draft(session, mentor, house.pairing_id)
    assert found is not None
    session.refresh(found)
    assert found.fields == {"text": "草稿二"}
    assert queries.own_draft(session, trainee, house.pairing_id) is None
    with pytest.raises(Missing):
        actions.save_draft(session, trainee, house.pairing_id, {"text": "x"}, now=NOW)
    actions.save_draft(session, mentor, house.pairing_id, {"text": ""}, now=NOW)
    assert queries.own_draft(session, mentor, house.pairing_id) is None


def test_a_draft_about_oneself_stays_unseen(session: "Session", house: House) -> None:
    """The trainee guides another: as mentor of that one, never reads what the own mentor typed."""
    house.begin(session, Persona.TRAINEE, Persona.FELLOW)
    mentor, both = house.actor(session, Persona.MENTOR), house.actor(session, Persona.TRAINEE)
    actions.save_draft(session, mentor, house.pairing_id, {"text": "关于田瑞"}, now=NOW)
    assert queries.own_draft(session, both, house.pairing_id) is None
    assert [one.mentee for one in queries.own_standings(session, both, TODAY)] == ["方路", "田瑞"]


def test_a_pairing_that_is_only_proposed_takes_no_record(session: "Session", house: House) -> None:
    proposed = actions.propose(session, SYSTEM, house.plan(Persona.MENTOR, Persona.FELLOW), **EDGE)
    with pytest.raises(Refusal, match="not in force yet"):
        actions.file_guidance(
            session, house.actor(session, Persona.MENTOR), [proposed.id], house.given(), key="k", **EDGE
        )
    assert session.get_one(Pairing, proposed.id).status == "proposed"
