from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from scheduler.audit.actions import record
from scheduler.audit.models import AuditEntry
from scheduler.audit.queries import history, verify
from scheduler.core.access import Actor, system_actor
from scheduler.notices.models import Notice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 11, tzinfo=UTC)
ACTOR = Actor(name="王芳", person_id=7)


def _subjects(database: "Sessions") -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.subject_id).order_by(AuditEntry.id)))


def _note(session: "Session", subject: str) -> None:
    record(session, ACTOR, "moved", "activity", subject, now=NOW)


def test_an_entry_says_who_did_what_to_which_thing_with_which_facts(database: "Sessions") -> None:
    shanghai = timezone(timedelta(hours=8))
    with database.write() as session:
        record(session, ACTOR, "moved", "activity", 42, now=NOW.astimezone(shanghai), reason="停电", start=NOW)
    with database.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor_id, entry.actor_name, entry.verb, entry.subject_kind) == (7, "王芳", "moved", "activity")
        assert (entry.subject_id, entry.recorded_at, entry.facts["reason"]) == ("42", NOW, "停电")
        assert repr(entry) == "<AuditEntry 1 moved activity:42>"
        assert verify(session).broken_at is None


def test_entries_are_written_at_commit_in_the_order_of_the_acts(database: "Sessions") -> None:
    with database.write() as session:
        _note(session, "1")
        _note(session, "2")
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    with database.write() as session:
        _note(session, "3")
    assert _subjects(database) == ["1", "2", "3"]


def test_a_rolled_back_act_leaves_no_entry_not_even_with_a_later_commit(database: "Sessions") -> None:
    with database.open(writing=True) as session:
        _note(session, "undone")
        session.rollback()
        _note(session, "done")
        session.commit()
    assert _subjects(database) == ["done"]


def test_a_session_closed_without_commit_forgets_its_entries(database: "Sessions") -> None:
    session = database.open(writing=True)
    session.execute(select(1))
    _note(session, "dropped")
    session.close()
    _note(session, "kept")
    session.execute(select(1))
    session.commit()
    session.close()
    assert _subjects(database) == ["kept"]


def test_a_savepoint_takes_back_only_what_was_noted_within_it(database: "Sessions") -> None:
    with database.write() as session:
        _note(session, "before")
        with session.begin_nested():
            _note(session, "kept savepoint")
        savepoint = session.begin_nested()
        _note(session, "undone")
        with session.begin_nested():
            _note(session, "undone with the outer one")
        savepoint.rollback()
        _note(session, "after")
    assert _subjects(database) == ["before", "kept savepoint", "after"]


def test_if_the_entry_cannot_be_written_the_act_has_not_happened(database: "Sessions") -> None:
    with database.open(writing=True) as session:
        session.add(_notice("lost"))
        record(session, ACTOR, "moved", "activity", "lost", now=NOW.replace(tzinfo=None))  # refused by the column
        with pytest.raises(StatementError, match="naive"):
            session.commit()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def test_a_fault_at_any_statement_of_the_act_undoes_the_whole_act(database: "Sessions", engine: Engine) -> None:
    """The N-th statement fails, for each N: the change, the outbox, the lock, the chain, the entry."""
    count = _act_with_fault(database, engine, None)
    assert count >= 4
    for fatal in range(1, count + 1):
        with pytest.raises(RuntimeError, match="the disk is full"):
            _act_with_fault(database, engine, fatal)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 2
        assert verify(session).entries == 1
        assert verify(session).broken_at is None


def _act_with_fault(database: "Sessions", engine: Engine, fatal: int | None) -> int:
    """Add two rows and note it; returns how many statements that took. The statement number `fatal` fails."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == fatal:
            msg = "the disk is full"
            raise RuntimeError(msg)

    event.listen(engine, "before_cursor_execute", count)
    try:
        with database.write() as session:
            seen = 0  # the beginning of the transaction is no statement of the act
            session.add(_notice(f"first {fatal}"))
            session.flush()
            session.add(_notice(f"second {fatal}"))
            _note(session, str(fatal))
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return seen


def _notice(slot: str) -> Notice:
    return Notice(
        kind="moved",
        subject="activity:1",
        recipient_id=1,
        slot=slot,
        message_id="x",
        facts={},
        address="/",
        posted_at=NOW,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = 'nobody' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
    ],
)
def test_the_record_cannot_be_changed(database: "Sessions", statement: str) -> None:
    _three_entries(database)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(statement))
    assert _subjects(database) == ["1", "2", "3"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # only SQLite has REPLACE
def test_the_record_cannot_be_replaced(database: "Sessions") -> None:
    _three_entries(database)
    replace = (
        "INSERT OR REPLACE INTO audit_entry SELECT id, recorded_at, actor_id, 'nobody', verb, subject_kind, subject_id, "
        "facts, previous_digest, digest FROM audit_entry WHERE id = 2"
    )
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(replace))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # only PostgreSQL has TRUNCATE
def test_the_record_cannot_be_truncated(database: "Sessions") -> None:
    _three_entries(database)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text("TRUNCATE audit_entry"))


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("DELETE FROM audit_entry WHERE id = 2", 2),
        ("UPDATE audit_entry SET actor_name = 'nobody' WHERE id = 2", 2),
        ('UPDATE audit_entry SET facts = \'{"reason": "x"}\' WHERE id = 3', 3),
        ("DELETE FROM audit_entry WHERE id = 1", 1),
    ],
)
def test_whoever_drops_the_triggers_and_tampers_is_found_out(
    database: "Sessions", tampering: str, broken_at: int
) -> None:
    _three_entries(database)
    with database.write() as session:
        if database.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entry_no_update"))
            session.execute(text("DROP TRIGGER audit_entry_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        session.execute(text(tampering))
    with database.read() as session:
        verdict = verify(session)
        assert (verdict.entries, verdict.broken_at) == (broken_at - 1, broken_at)


def test_two_entries_cannot_follow_the_same_one(database: "Sessions") -> None:
    _three_entries(database)
    fork = (
        "INSERT INTO audit_entry SELECT 9, recorded_at, actor_id, actor_name, verb, subject_kind, subject_id, facts, "
        "previous_digest, '0' || substr(digest, 2) FROM audit_entry WHERE id = 2"
    )
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text(fork))


def test_the_history_of_a_thing_is_newest_first_and_its_own(database: "Sessions") -> None:
    with database.write() as session:
        for verb in ("created", "moved"):
            record(session, system_actor("test"), verb, "activity", 5, now=NOW)
            record(session, ACTOR, verb, "activity", 6, now=NOW)
            record(session, ACTOR, verb, "venue", 5, now=NOW)
    with database.read() as session:
        assert [entry.verb for entry in history(session, "activity", 5)] == ["moved", "created"]
        assert [entry.verb for entry in history(session, "activity", 5, limit=1)] == ["moved"]


def _three_entries(database: "Sessions") -> None:
    with database.write() as session:
        for subject in ("1", "2", "3"):
            _note(session, subject)
