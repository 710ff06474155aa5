import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, Update, event, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from scheduler.core.access import Role
from scheduler.core.database import DatabaseClock, is_bad_luck, make_engine, make_room, retried, sessions
from scheduler.notices.models import Notice
from scheduler.people.models import RoleGrant

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from scheduler.core.database import Sessions

NOON = datetime(2026, 3, 5, 12, 0, 0, 123456, tzinfo=UTC)


def _notice(slot: str, posted_at: datetime = NOON) -> Notice:
    return Notice(
        kind="k", subject="s", recipient_id=1, slot=slot, message_id="m", facts={}, address="/", posted_at=posted_at
    )


def test_instants_come_back_aware_in_utc_whatever_zone_they_went_in_with(database: "Sessions") -> None:
    with database.write() as session:
        session.add(_notice("1", NOON.astimezone(timezone(timedelta(hours=8)))))
    with database.read() as session:
        found = session.scalars(select(Notice.posted_at)).one()
        assert (found, found.tzinfo) == (NOON, UTC)
        assert session.scalar(select(Notice.read_at)) is None
        assert session.scalars(select(Notice.slot).where(Notice.posted_at >= NOON)).all() == ["1"]


def test_a_naive_instant_is_refused(session: "Session") -> None:
    session.add(_notice("1", NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_instants_sort_and_compare_to_the_microsecond(database: "Sessions") -> None:
    with database.write() as session:
        session.add_all(_notice(str(step), NOON + timedelta(microseconds=step)) for step in (2, -1, 0))
        session.add(_notice("whole second", NOON.replace(microsecond=0)))
    with database.read() as session:
        ordered = session.scalars(select(Notice.slot).order_by(Notice.posted_at)).all()
        assert ordered == ["whole second", "-1", "0", "2"]


def test_an_enumeration_is_checked_by_the_database_itself(database: "Sessions") -> None:
    checks = inspect(database.engine).get_check_constraints("role_grant")
    assert any(role.value in str(check["sqltext"]) for check in checks for role in Role)
    bad = "INSERT INTO role_grant (person_id, role, unit_id, began_at) VALUES (1, 'emperor', 1, '2026-01-01 00:00:00+00:00')"
    with pytest.raises(IntegrityError, match=r"role_grant|rolegrant|role"), database.write() as session:
        session.execute(text(bad))


def test_foreign_keys_hold(session: "Session") -> None:
    session.add(RoleGrant(person_id=999, role=Role.TRAINEE, unit_id=999, began_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # pragmas are SQLite's
def test_sqlite_is_set_up_for_durability(engine: Engine) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 15000,
    }
    with engine.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # IMMEDIATE is SQLite's
def test_on_sqlite_writers_begin_immediate_and_readers_wait_for_nobody(database: "Sessions") -> None:
    begun: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: begun.append(statement))
    with database.write() as writer:
        writer.add(_notice("1"))
        writer.flush()
        with database.read() as reader:
            assert reader.scalars(select(Notice)).all() == []
    with database.read() as reader:
        assert len(reader.scalars(select(Notice)).all()) == 1
    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # levels are PostgreSQL's
def test_postgresql_reads_committed_rows_in_utc(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
        assert str(connection.exec_driver_sql("SHOW timezone").scalar()).upper() == "UTC"


def test_reading_never_changes_anything(database: "Sessions") -> None:
    with database.read() as session:
        session.add(_notice("1"))
        session.flush()
    with database.read() as session:
        assert session.scalars(select(Notice)).all() == []


def test_an_exception_rolls_back(database: "Sessions") -> None:
    class Broken(Exception):
        pass

    def act() -> None:
        with database.write() as session:
            session.add(_notice("1"))
            session.flush()
            raise Broken

    with pytest.raises(Broken):
        act()
    with database.read() as session:
        assert session.scalars(select(Notice)).all() == []


def test_the_clock_of_the_database_is_comparable_with_what_is_kept(database: "Sessions") -> None:
    with database.write() as session:
        first = session.scalars(select(DatabaseClock())).one()
        session.add(_notice("1", first))
    with database.read() as session:
        assert first.tzinfo is UTC
        assert session.scalars(select(Notice.slot).where(Notice.posted_at <= DatabaseClock())).all() == ["1"]
        assert session.scalars(select(Notice.slot).where(Notice.posted_at > DatabaseClock())).all() == []


def test_errors_do_not_carry_what_people_typed(session: "Session") -> None:
    session.add_all([_notice("a secret"), _notice("a secret")])
    with pytest.raises(IntegrityError) as raised:
        session.flush()
    assert "a secret" not in str(raised.value).replace(str(raised.value.orig), "")


class _Unlucky(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "lost", "tries"),
    [("40P01", False, 3), ("40001", False, 3), ("57P01", True, 3), ("23P01", False, 1), ("23505", False, 1)],
)
def test_only_bad_luck_is_tried_again(sqlstate: str, *, lost: bool, tries: int) -> None:
    calls = []

    def unit() -> str:
        calls.append(1)
        if len(calls) < 3:
            msg = "x"
            raise OperationalError(msg, {}, _Unlucky(sqlstate), connection_invalidated=lost)
        return "done"

    if tries == 3:
        assert retried(unit) == "done"
    else:
        with pytest.raises(OperationalError):
            retried(unit)
    assert len(calls) == tries


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where there is one writer at a time
def test_a_writer_that_did_not_get_its_turn_had_bad_luck(database: "Sessions", database_url: str) -> None:
    hasty = make_engine(database_url)
    event.listen(hasty, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    with database.write() as first:
        first.execute(select(1))
        with pytest.raises(OperationalError, match="locked") as raised, sessions(hasty).write() as second:
            second.execute(select(1))
    hasty.dispose()
    assert is_bad_luck(raised.value)


def test_bad_luck_without_end_is_told() -> None:
    calls = []

    def unit() -> None:
        calls.append(1)
        msg = "x"
        raise OperationalError(msg, {}, _Unlucky("40P01"))

    with pytest.raises(OperationalError):
        retried(unit, attempts=2)
    assert len(calls) == 2


def test_two_transactions_that_wait_for_each_other_both_come_through(postgresql_url: str) -> None:
    """A true deadlock on PostgreSQL: two writers lock two rows in opposite order."""
    engine = make_engine(postgresql_url)
    database = sessions(engine)
    with database.write() as session:
        session.add_all([_notice("1"), _notice("2")])
    both_hold_one = threading.Barrier(2)
    attempts = []

    def swap(first: str, second: str) -> None:
        tries = []

        def unit() -> None:
            tries.append(1)
            attempts.append(first)
            with database.write() as session:
                session.execute(_mark(first, at=first))
                if len(tries) == 1:
                    both_hold_one.wait(timeout=30)
                session.execute(_mark(first, at=second))

        retried(unit)

    threads = [threading.Thread(target=swap, args=order) for order in (("1", "2"), ("2", "1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.read() as session:
        kinds = session.scalars(select(Notice.kind)).all()
    engine.dispose()
    assert sorted(map(sorted, kinds)) == [["1", "2", "k"], ["1", "2", "k"]]
    assert len(attempts) == 3


def _mark(mark: str, *, at: str) -> Update:
    return update(Notice).where(Notice.slot == at).values(kind=Notice.kind + mark)


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        make_engine("mysql://localhost/x")


def test_a_sqlite_file_gets_its_folder(tmp_path: "Path") -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new' / 'folder' / 'x.sqlite3'}")
    make_room(engine)
    with engine.connect() as connection:
        assert connection.scalar(select(1)) == 1
    engine.dispose()


def test_a_half_read_answer_does_not_lock_the_next_writer_out(sqlite_url: str) -> None:
    pool = sessions(make_engine(sqlite_url, pool_size=1))
    with pool.write() as session:
        session.execute(text("CREATE TABLE shelf (book INTEGER)"))
        session.execute(text("INSERT INTO shelf VALUES (1), (2), (3)"))
    broken = pool.open(writing=True)
    half_read = broken.execute(text("SELECT book FROM shelf"))  # held on to, as the traceback of an error does
    broken.close()
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    other.execute("INSERT INTO shelf VALUES (4)")
    other.commit()
    other.close()
    with pool.write() as session:
        assert session.scalar(text("SELECT count(*) FROM shelf")) == 4
    half_read.close()
    pool.engine.dispose()


_FORKS = """
import os, sys
from sqlalchemy import text
from scheduler.core.database import make_engine
engine = make_engine(sys.argv[1])
with engine.connect() as connection:
    connection.execute(text("SELECT 1"))
before = engine.pool.checkedin()
child = os.fork()
if not child:
    os._exit(0 if engine.pool.checkedin() == 0 else 1)
_, status = os.waitpid(child, 0)
sys.exit(0 if (before, engine.pool.checkedin(), os.waitstatus_to_exitcode(status)) == (1, 1, 0) else 1)
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the pool is the same
def test_a_worker_that_is_forked_leaves_its_parents_connections_alone(database_url: str) -> None:
    """A server may load the product, fork, and two processes would then speak on one connection."""
    done = subprocess.run(
        [sys.executable, "-c", _FORKS, database_url], cwd=Path(__file__).resolve().parents[2], check=False
    )
    assert done.returncode == 0
