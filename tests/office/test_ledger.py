"""A guidance ledger comes in by the same door as the year: checked row by row, once, and as it was exported."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select, update

from scheduler.core import clock
from scheduler.core.access import system_actor
from scheduler.core.workbooks import open_workbook
from scheduler.mentoring import actions, queries
from scheduler.mentoring.models import GuidanceArea, GuidanceRecord, PairingPause, Programme
from scheduler.mentoring.terms import Confirmation, WordsFor
from scheduler.notices.models import Notice
from scheduler.office.actions import import_year
from scheduler.office.terms.sheets import SheetKey
from tests.cast import Persona
from tests.mentoring.conftest import EDGE, NOW, TODAY, ZONE, House
from tests.mentoring.conftest import house as house  # noqa: PLC0414 - a fixture of this file too
from tests.office.workbooks import small

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from scheduler.office.terms.report import ImportReport

HEADINGS = ("导师工号", "帮带对象工号", "指导日期", "方式", "内容方面", "指导要点", "时长（分钟）", "地点", "学员确认")
GOOD = ("P-MENTOR", "P-TRAINEE", "2026-03-05", "面谈", "公文写作", "一起修改了会议通知。", 45, "办公室", "已确认")


def _row(**changes: object) -> tuple[object, ...]:
    places = {
        "mentor": 0,
        "mentee": 1,
        "day": 2,
        "mode": 3,
        "areas": 4,
        "text": 5,
        "minutes": 6,
        "place": 7,
        "state": 8,
    }
    row: list[object] = list(GOOD)
    for name, value in changes.items():
        row[places[name]] = value
    return tuple(row)


def _bring(session: "Session", data: bytes, *, good_rows: bool = False, dry_run: bool = False) -> "ImportReport":
    return import_year(
        session, system_actor("test"), data, good_rows=good_rows, dry_run=dry_run, installation_id="test", **EDGE
    )


def _book(*rows: tuple[object, ...], title: str = "指导台账") -> bytes:
    return small(**{title: [HEADINGS, *rows]})


def _records(session: "Session") -> list[GuidanceRecord]:
    return list(session.scalars(select(GuidanceRecord).order_by(GuidanceRecord.day, GuidanceRecord.id)))


def test_a_ledger_comes_in_and_a_second_time_changes_nothing(session: "Session", house: House) -> None:
    rows = (
        GOOD,
        _row(
            day="2026年3月12日",
            mode="面 谈",
            areas="政策解读、公文写作",
            text="第二次\n两行",
            minutes="\uff16\uff10",
            state="未确认",
        ),
        _row(
            day=datetime(2026, 4, 2, tzinfo=UTC).replace(tzinfo=None),
            areas="Official writing",
            mode="Conversation",
            text="三",
            state="",
        ),
        _row(day="20260409", text="四", minutes="", state="有异议"),
    )
    report = _bring(session, _book(*rows))
    assert [str(one) for one in report.problems] == []
    assert report.sheets[SheetKey.RECORDS].new == 4
    found = _records(session)
    assert [(one.day, one.minutes, one.confirmation) for one in found] == [
        (date(2026, 3, 5), 45, Confirmation.CONFIRMED),
        (date(2026, 3, 12), 60, Confirmation.UNCONFIRMED),
        (date(2026, 4, 2), 45, Confirmation.UNCONFIRMED),
        (date(2026, 4, 9), None, Confirmation.DISPUTED),
    ]
    assert found[1].text == "第二次\n两行"
    assert {one.filed_by_id for one in found} == {None}
    areas = dict(session.execute(select(GuidanceArea.record_id, func.count()).group_by(GuidanceArea.record_id)).all())
    assert [areas[one.id] for one in found] == [1, 2, 1, 1]
    assert queries.late_records(session, ("/",), date(2026, 3, 1), ZONE) == {}
    assert queries.standing_of(session, house.pairing_id, date(2026, 3, 1)).counted == 2  # type: ignore[union-attr]  # it is in force
    asked = select(func.count()).where(Notice.kind == "guidance_filed")
    assert session.scalar(asked) == 0
    again = _bring(session, _book(*rows))
    assert (again.sheets[SheetKey.RECORDS].new, again.sheets[SheetKey.RECORDS].unchanged) == (0, 4)
    assert len(_records(session)) == 4


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"mentor": "P-NOBODY"}, "帮带对象工号", "are in no pairing"),
        ({"mentee": "P-FELLOW"}, "帮带对象工号", "are in no pairing"),
        ({"day": "2026-02-28"}, "指导日期", "not in force on that day"),
        ({"day": "2026-05-05"}, "指导日期", "not in force on that day"),  # suspended
        ({"day": TODAY + timedelta(days=1)}, "指导日期", "still to come"),
        ({"day": "2026-10-08"}, "指导日期", "month is locked"),
        ({"day": "昨天"}, "指导日期", "not a date"),
        ({"mode": "托梦"}, "方式", "托梦 is not known"),
        ({"areas": "公文写作、钓鱼"}, "内容方面", "钓鱼 is not known"),
        ({"areas": "、"}, "内容方面", "at least one content area"),
        ({"text": ""}, "指导要点", "must be filled in"),
        ({"text": "长" * 2001}, "指导要点", "Too long"),
        ({"text": "=1+1"}, "指导要点", "formula"),
        ({"minutes": 1441}, "时长（分钟）", "more than 1440"),
        ({"state": "也许"}, "学员确认", "not known here"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # checked before the database is written
def test_what_is_refused_says_where_and_why(
    session: "Session", house: House, changes: dict[str, object], column: str, said: str
) -> None:
    session.add(
        PairingPause(pairing_id=house.pairing_id, starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 10), reason="x")
    )
    actions.lock_month(session, system_actor("test"), house.cast.units["CITY"], date(2026, 10, 1), **EDGE)
    data = _book(GOOD, _row(**{"text": "另一次", **changes}))
    report = _bring(session, data)
    assert not report.applied
    if said:
        (problem,) = report.errors
        assert (problem.sheet, problem.row, problem.column) == ("指导台账", 3, column)
        assert said in str(problem)
    assert report.sheets[SheetKey.RECORDS].refused == 1
    assert _records(session) == []
    assert _bring(session, data, good_rows=True).applied
    assert len(_records(session)) == 1


def test_the_same_words_twice_are_one_record(session: "Session", house: House) -> None:
    report = _bring(session, _book(GOOD, GOOD), dry_run=True)
    assert [problem.message_id for problem in report.errors] == ["This stands in row %(row)s already."]
    house.file(session, date(2026, 3, 5), key="typed", text=str(GOOD[5]))
    report = _bring(session, _book(GOOD))
    assert report.sheets[SheetKey.RECORDS].unchanged == 1
    assert len(_records(session)) == 1


@pytest.mark.usefixtures("house")
def test_what_was_withdrawn_stays_out(session: "Session") -> None:
    report = _bring(session, _book(GOOD, _row(day="2026-03-06", state="已撤回")))
    assert len(report.warnings) == 1
    assert report.applied
    assert len(_records(session)) == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_exported_log_comes_in_as_it_is(client: "FlaskClient", house: House, language: str) -> None:
    with house.cast.database.write() as session:
        session.execute(update(Programme).values(words_for=WordsFor.PAIR))
        for number in range(3):
            house.file(
                session,
                TODAY - timedelta(days=number),
                key=str(number),
                text=f"第{number}次，提纲",
                minutes=30 + number,
            )
        trainee = house.actor(session, Persona.TRAINEE)
        actions.answer_guidance(session, trainee, 1, Confirmation.CONFIRMED, "好", now=NOW)
        actions.withdraw_guidance(session, house.actor(session, Persona.MENTOR), 2, now=NOW)
    house.cast.sign_in(client, Persona.MENTOR)
    with clock.fixed(NOW):
        exported = client.get(f"/mentoring/pairings/{house.pairing_id}/log", headers={"Accept-Language": language}).data
    with house.cast.database.write() as session:
        facts: list[Any] = [
            (one.day, one.text, one.minutes, one.confirmation) for one in _records(session) if one.id != 2
        ]
        assert _bring(session, exported, dry_run=True).sheets[SheetKey.RECORDS].unchanged == 2
        other = house.begin(session, Persona.LECTURER, Persona.FELLOW)
        book = load_workbook(io.BytesIO(exported))
        for row in book.worksheets[0].iter_rows(min_row=2):
            row[2].value, row[4].value = "P-LECTURER", "P-FELLOW"
        copy = io.BytesIO()
        book.save(copy)
        assert _bring(session, copy.getvalue()).sheets[SheetKey.RECORDS].new == 2
        brought = [one for one in _records(session) if one.pairing_id == other.id]
        assert [(one.day, one.text, one.minutes, one.confirmation) for one in brought] == facts


@pytest.mark.usefixtures("house")
def test_many_records_take_few_statements(session: "Session", engine: "Engine") -> None:
    rows = [_row(day=date(2026, 3, 2) + timedelta(days=number % 200), text=f"第{number}次") for number in range(1500)]
    data = _book(*rows)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    report = _bring(session, data)
    assert report.sheets[SheetKey.RECORDS].new == 1500
    assert len(sent) < 45
    assert len(open_workbook(data)) == 1
