import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from scheduler.audit.models import AuditEntry
from scheduler.core.errors import Missing, Refusal, Stale
from scheduler.quizzes.actions.bank import (
    AlreadyThere,
    add_item,
    import_items,
    restore_item,
    retire_item,
    revise_item,
)
from scheduler.quizzes.actions.bank_files import discard_file, import_file, upload_items
from scheduler.quizzes.models import Item, ItemFile, ItemVersion
from scheduler.quizzes.queries.bank import (
    get_item,
    item_texts,
    list_items,
    recent_files,
    topics,
)
from scheduler.quizzes.rules.bank.files import read_file
from scheduler.quizzes.terms.bank import BankFilter, Difficulty, ItemKind, ItemText
from tests.cast import Cast, Persona
from tests.quizzes.bank_items import BANK

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from scheduler.core.access import Actor
    from scheduler.core.database import Sessions

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
TEXT = ItemText(ItemKind.SINGLE, "几次？", ("1次", "2次"), "B", topic="导师帮带")
REAL = [read.text for read in read_file(BANK.read_bytes()).items]


def admin(cast: Cast, session: "Session") -> "Actor":
    return cast.actor(session, Persona.ADMIN)


def sent(database: "Sessions", act: "Callable[[], object]") -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(statements)


def test_an_item_is_revised_in_versions(cast: Cast) -> None:
    with cast.database.write() as session:
        actor = admin(cast, session)
        item = add_item(session, actor, TEXT, now=NOW)
        seen = item.version
        revise_item(
            session, actor, item.id, replace(TEXT, topic="考核", difficulty=Difficulty.HARD), version=seen, now=NOW
        )
        assert (item.newest, item.topic) == (1, "考核")
        reworded = replace(TEXT, stem="每月几次？", topic="考核", difficulty=Difficulty.HARD)
        with pytest.raises(Stale):
            revise_item(session, actor, item.id, reworded, version=seen, now=NOW)
        revise_item(session, actor, item.id, reworded, version=item.version, now=NOW)
        before = item.version
        revise_item(session, actor, item.id, reworded, version=before, now=NOW)
        assert (item.newest, item.version) == (2, before)
        shown = get_item(session, actor, item.id)
        assert shown.text == reworded
        assert [(one.row.number, one.row.stem, one.by) for one in shown.versions] == [(2, "每月几次？", "安明"), (1, "几次？", "安明")]  # fmt: skip
        item_id = item.id
    with cast.database.read() as session:
        entries = session.execute(select(AuditEntry.verb, AuditEntry.subject_id).order_by(AuditEntry.id))
        assert entries.all() == [("add", str(item_id)), ("revise", str(item_id)), ("revise", str(item_id))]


def test_no_item_stands_twice_unless_retired(cast: Cast) -> None:
    with cast.database.write() as session:
        actor = admin(cast, session)
        item = add_item(session, actor, TEXT, now=NOW)
        other = add_item(session, actor, replace(TEXT, stem="几回？"), now=NOW)
        twin = replace(TEXT, stem=" 几 次? ", key="A")
        with pytest.raises(AlreadyThere):
            add_item(session, actor, twin, now=NOW)
        with pytest.raises(AlreadyThere):
            revise_item(session, actor, other.id, twin, version=other.version, now=NOW)
        for _again in range(2):
            retire_item(session, actor, item.id, now=NOW)
        with pytest.raises(Refusal):
            revise_item(session, actor, item.id, TEXT, version=item.version, now=NOW)
        assert import_items(session, actor, [TEXT], now=NOW) == []
        add_item(session, actor, twin, now=NOW)
        with pytest.raises(AlreadyThere):
            restore_item(session, actor, item.id, now=NOW)
        retire_item(session, actor, other.id, now=NOW)
        assert [row.id for row in list_items(session, actor, BankFilter(retired=True)).rows] == [other.id, item.id]
        assert restore_item(session, actor, other.id, now=NOW).retired_at is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite one writer waits for the other
def test_two_add_the_same_at_once(cast: Cast) -> None:
    outcomes: list[str] = []
    both = threading.Barrier(2, timeout=10)

    def add() -> None:
        with cast.database.write() as session:
            actor = admin(cast, session)
            both.wait()
            try:
                add_item(session, actor, TEXT, now=NOW)
            except AlreadyThere:
                outcomes.append("refused")
            else:
                outcomes.append("added")

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "refused"]


def test_the_real_bank_comes_in_once_in_a_few_statements(cast: Cast) -> None:
    with cast.database.write() as session:
        actor = admin(cast, session)
        one = sent(cast.database, lambda: import_items(session, actor, REAL[:1], now=NOW))
        rest = sent(cast.database, lambda: import_items(session, actor, REAL, now=NOW))
        assert (one, rest) == (3, 3)
        assert import_items(session, actor, REAL, now=NOW) == []
        assert item_texts(session, actor) == REAL
    with cast.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ItemVersion)) == 32
        many = [replace(TEXT, stem=f"第{number}题") for number in range(2500)]
        assert sent(cast.database, lambda: import_items(session, actor, many, now=NOW)) < 40


def test_the_bank_is_searched_and_counted(cast: Cast) -> None:
    with cast.database.write() as session:
        actor = admin(cast, session)
        import_items(session, actor, REAL, now=NOW)
        retire_item(session, actor, list_items(session, actor).rows[0].id, now=NOW)
        for wanted, total in (
            (BankFilter(), 31),
            (BankFilter("恰为80%"), 1),
            (BankFilter("_"), 4),
            (BankFilter(topic="导师帮带"), 5),
            (BankFilter(kind=ItemKind.FILL, difficulty=Difficulty.EASY), 3),
            (BankFilter("没有"), 0),
            (BankFilter(retired=True), 1),
        ):
            listed = list_items(session, actor, wanted)
            assert (listed.total, len(item_texts(session, actor, wanted))) == (total, total)
        assert sent(cast.database, lambda: list_items(session, actor, size=3)) == 2
        assert sent(cast.database, lambda: list_items(session, actor, size=30)) == 2
        assert [row.id for row in list_items(session, actor, page=99, size=30).rows] == [1]
        assert len(topics(session)) == len({text.topic for text in REAL})
        assert len(topics(session, kept=True)) == len({text.topic for text in REAL[1:]})


def test_a_file_is_tried_out_then_imported_or_discarded(cast: Cast) -> None:
    data = BANK.read_bytes()
    with cast.database.write() as session:
        actor = admin(cast, session)
        row = upload_items(session, actor, r"C:\tmp\题库.xlsx", data, now=NOW)
        assert (row.file_name, row.report["new"]) == ("题库.xlsx", 32)
        assert session.scalar(select(func.count()).select_from(Item)) == 0
        assert import_file(session, actor, row.id, now=NOW).new == 32
        again = upload_items(session, actor, "x", data, now=NOW)
        assert (again.report["new"], again.report["present"], len(again.report["findings"])) == (0, 32, 0)
        assert import_file(session, actor, again.id, now=NOW).present == 32
        third = upload_items(session, actor, "", data, now=NOW)
        discard_file(session, actor, third.id, now=NOW)
        for done in (row, third):
            with pytest.raises(Refusal):
                import_file(session, actor, done.id, now=NOW)
        assert next((one.row.file_name, one.by) for one in recent_files(session, actor)) == ("items", "安明")
        session.expire_all()
        assert session.scalars(select(ItemFile.content).where(ItemFile.content.is_not(None))).all() == []
        assert session.scalar(select(func.count()).select_from(Item)) == 32


def test_only_who_keeps_the_bank_reaches_it(cast: Cast) -> None:
    with cast.database.write() as session:
        item = add_item(session, admin(cast, session), TEXT, now=NOW)
        for persona in (Persona.OFFICER, Persona.LECTURER, Persona.TRAINEE):
            actor = cast.actor(session, persona)
            acts: tuple[Callable[[], object], ...] = (
                partial(list_items, session, actor),
                partial(get_item, session, actor, item.id),
                partial(add_item, session, actor, TEXT, now=NOW),
                partial(retire_item, session, actor, item.id, now=NOW),
                partial(import_items, session, actor, [TEXT], now=NOW),
                partial(upload_items, session, actor, "x", b"a {T}", now=NOW),
            )
            for act in acts:
                with pytest.raises(Missing):
                    act()


def test_the_database_refuses_nonsense(cast: Cast) -> None:
    with cast.database.write() as session:
        item_id = add_item(session, admin(cast, session), TEXT, now=NOW).id
        digest = session.scalars(select(Item.digest)).one()
    same = {"kind": "single", "topic": "", "difficulty": "easy", "digest": digest, "newest": 1, "version": 1}
    version = {"item_id": item_id, "number": 2, "kind": "single", "stem": "x", "made_at": NOW}
    nonsense = (
        insert(Item.__table__).values(same),  # type: ignore[arg-type]
        insert(Item.__table__).values({**same, "digest": "x", "kind": "riddle"}),  # type: ignore[arg-type]
        insert(ItemVersion).values({**version, "stem": ""}),
        insert(ItemVersion).values({**version, "number": 0}),
        insert(ItemVersion).values({**version, "number": 1}),
        insert(ItemVersion).values({**version, "item_id": 999}),
        update(ItemVersion).values(key="A"),
        delete(ItemVersion),
    )
    for statement in nonsense:
        with pytest.raises((DatabaseError, LookupError)), cast.database.write() as session:
            session.connection().execute(statement)
