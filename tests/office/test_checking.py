"""Each kind of dirt is refused by sheet, row and column, or warned of."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from scheduler.agenda.terms import DayKind, DayMark
from scheduler.classes.terms import PartOfDay
from scheduler.core.workbooks import open_workbook
from scheduler.office.rules.checking import check
from scheduler.office.rules.findings import Findings
from scheduler.office.rules.reading import read_sheets
from scheduler.office.terms.known import Booking, Known, KnownSlot
from scheduler.office.terms.rows import ClassRow, PairingRow, PersonRow, SessionRow, UnitRow, VenueRow
from scheduler.office.terms.sheets import SheetKey
from scheduler.people.terms import UnitKind
from tests.office.workbooks import Spoil, cell, row, small, spoiled

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 1, 5)


def checked(data: bytes, known: Known | None = None) -> Findings:
    return check(read_sheets(open_workbook(data)), known or Known(), zone=ZONE, today=TODAY)


def errors(*spoils: Spoil, known: Known | None = None) -> list[str]:
    return [str(one) for one in checked(spoiled(*spoils), known).problems if one.severity == "error"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cell("人员", "A3", "P00001"), "人员!工号3: This stands in row 2 already."),
        (cell("单位", "C4", "A99"), "单位!上级编码4: A99 is not known."),
        (cell("单位", "C4", "A01-01"), "单位!上级编码4: A unit cannot be its own superior."),
        (cell("单位", "C8", None), "单位!上级编码8: Only a city may be without a superior unit."),
        (cell("人员", "E3", "Z99"), "人员!单位编码3: Z99 is not known."),
        (cell("场地", "D3", 0), "场地!容量3: A venue holds at least one person."),
        (cell("研修班", "H2", "2026/1/1"), "研修班!结束日期2: The end is before the start."),
        (cell("研修班", "D2", "办公室"), "研修班!主办单位2: There are 20 units 办公室."),
        (cell("研修班", "D2", "市水利局（筹）"), "研修班!主办单位2: There is no unit 市水利局（筹）."),
        (cell("研修班", "J2", "A01:61"), "研修班!名额分配2: The quotas add up to 61, the class has 60 places."),
        (cell("研修班", "J2", "Z99:1"), "研修班!名额分配2: Z99 is not known."),
        (cell("课程表", "E2", "8:00"), "课程表!结束时间2: The end is before the start."),
        (cell("课程表", "B2", "2026-02-16"), "课程表!日期2: This day is outside of the class"),
        (cell("课程表", "G2", "L999"), "课程表!授课人编号2: L999 is not known."),
        (cell("课程表", "H2", "V99"), "课程表!场地编码2: V99 is not known."),
        (cell("夜校", "F2", "L999"), "夜校!授课人编号2: L999 is not known."),
        (row("学员名单", "2026-01", "P00001"), "学员名单!班次编号1102: The class 2026-01 is full"),
        (row("学员名单", "2026-01", "P00601"), "学员名单!工号1102: This stands in row 2 already."),
        (row("学员名单", "2026-99", "P00601"), "学员名单!班次编号1102: 2026-99 is not known."),
        (row("学员名单", "2026-01", "P99999"), "学员名单!工号1102: P99999 is not known."),
        (cell("结对", "B2", "P00765"), "结对!帮带对象工号2: Nobody can be paired with themselves."),
        (cell("结对", "B2", "P99999"), "结对!帮带对象工号2: P99999 is not known."),
        (cell("结对", "E2", "2025-12-31"), "结对!结束日期2: The end is before the start."),
        (cell("结对", "B3", "P00580"), "结对!帮带对象工号3: P00580 has an open pairing already, with P00765."),
    ],
)
def test_dirt_is_refused_by_sheet_row_and_column(spoil: Spoil, said: str) -> None:
    assert errors(spoil)[0].startswith(said)


def test_rings_of_units_are_refused() -> None:
    data = small(
        单位=[
            ["单位编码", "单位名称", "上级编码", "类型"],
            ["CITY", "全市", "", "市"],
            ["A", "甲", "B", "市直部门"],
            ["B", "乙", "A", "市直部门"],
            ["C", "丙", "CITY", "市直部门"],
        ]
    )
    findings = checked(data)
    assert [one.row for one in findings.problems] == [3, 4]
    assert [unit.code for unit in findings.rows(SheetKey.UNITS)] == ["CITY", "C"]


def test_double_bookings_within_the_workbook_are_refused_once() -> None:
    found = errors(cell("课程表", "H4", "V06"), cell("课程表", "B4", "2026-01-16"), cell("课程表", "C4", "晚上"))
    assert found == ["课程表!场地编码4: The venue V06 is taken at this time by: 数字经济：形势与政策（课程表 2）."]


def test_a_booking_of_the_database_is_kept_unless_its_own_row_moves_it() -> None:
    starts, ends = datetime(2026, 1, 16, 1, tzinfo=UTC), datetime(2026, 1, 16, 3, tzinfo=UTC)
    standing = Booking(("venue_code", "V06"), starts, ends, "别的活动", 7)
    assert errors(known=Known(bookings=(standing,))) == [
        "课程表!场地编码2: The venue V06 is taken at this time by: 别的活动."
    ]
    session = SessionRow(
        0, "2026-01", date(2026, 1, 16), PartOfDay.MORNING, time(9), time(11), "数字经济", ("L029",), "V06"
    )
    slot = KnownSlot(7, session, starts, ends, cancelled=False, holds=True, planned_on=())
    assert errors(known=Known(bookings=(standing,), sessions={"2026-01": (slot,)})) == []


def test_what_is_doubtful_is_warned_of() -> None:
    holiday = date(2026, 1, 16)
    marks = {holiday: DayMark(holiday, DayKind.OFF, "元宵", "Lantern")}
    findings = checked(
        spoiled(
            cell("场地", "D7", 10),
            cell("人员", "K3", "1980-07-01"),
            cell("课程表", "B4", "2026-01-18"),
            cell("课程表", "D6", "14:00"),
            cell("课程表", "E6", "16:00"),
            cell("课程表", "C6", "晚上"),
        ),
        Known(marks=marks),
    )
    said = [str(one) for one in findings.problems if one.severity == "warning"]
    assert "人员!参加工作时间3: Began to work before being born." in said
    assert "课程表!日期2: 2026-01-16 is a public holiday: Lantern." in said
    assert "课程表!场地编码2: The venue V06 has 10 seats, the class has 60 people." in said
    assert "课程表!日期4: 2026-01-18 is not a working day." in said
    assert "课程表!开始时间6: 14:00 does not look like this part of the day." in said
    assert "夜校!日期3: 2026-01-15 is the eve of a public holiday: Lantern." in said
    assert [one for one in findings.problems if one.severity == "error"] == []


def test_a_person_in_two_classes_at_the_same_time_is_warned_of() -> None:
    def both(book: object) -> None:
        page = book["学员名单"]  # type: ignore[index]  # a workbook
        page["A3"].value, page["B3"].value = "2026-08", page["B2"].value
        page["A2"].value = "2026-07"

    said = [str(one) for one in checked(spoiled(both)).problems if "same time" in one.message_id]
    assert said == ["学员名单!工号3: P00601 is also in the class 2026-07, at the same time."]


def test_what_the_database_knows_counts() -> None:
    units = {"A": (1, UnitRow(0, "A", "局", UnitKind.BUREAU)), "B": (2, UnitRow(0, "B", "科", UnitKind.BUREAU))}
    people = {number: (place, PersonRow(0, number, number, "A")) for place, number in enumerate(("P1", "P2", "P3"))}
    standing = ClassRow(0, "C1", "班", "A", date(2026, 1, 6), date(2026, 1, 8), 2)
    known = Known(
        units=units,
        people=people,
        classes={"C1": (1, standing)},
        rosters={"C1": frozenset({"P1"})},
        withdrawn=frozenset({("C1", "P2")}),
        pairings={
            ("P1", "P2", date(2025, 6, 1)): (1, PairingRow(0, "P1", "P2", "x", date(2025, 6, 1), date(2026, 6, 1)))
        },
        open_mentees={"P2": ("P1", date(2025, 6, 1))},
        venues={"V1": (1, VenueRow(0, "V1", "室", None, 5))},  # type: ignore[arg-type]  # its kind is not looked at
    )
    data = small(
        研修班=[
            ["班次编号", "班次名称", "主办单位", "开始日期", "结束日期", "计划人数"],
            ["C1", "班", "科", "2026-01-06", "2026-01-08", 0],
        ],
        学员名单=[["班次编号", "工号"], ["C1", "P1"], ["C1", "P2"], ["C1", "P3"]],
        结对=[
            ["导师工号", "帮带对象工号", "项目", "起始日期", "结束日期"],
            ["P1", "P2", "x", "2025-06-01", "2026-07-01"],
            ["P3", "P2", "x", "2026-01-01", "2026-12-31"],
        ],
    )
    assert [str(one) for one in checked(data, known).problems] == [
        "研修班!计划人数2: A class has at least one place.",
        "研修班!主办单位2: The host of a class that stands cannot be changed.",
        "研修班!计划人数2: 1 people are enrolled already, more than the 0 places.",
        "学员名单!工号3: P2 has left this class; the import does not bring back anybody.",
        "结对!帮带对象工号3: P2 has an open pairing already, with P1.",
    ]
