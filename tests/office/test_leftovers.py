"""What the workbook no longer names is told, and stays."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from scheduler.agenda.models import Activity, Membership
from scheduler.classes.models import StudyClass
from scheduler.core.access import system_actor
from scheduler.mentoring.models import Pairing
from scheduler.office.terms import Severity
from scheduler.office.terms.report import ImportReport, Problem
from scheduler.office.terms.sheets import SheetKey
from scheduler.people import actions
from scheduler.people.models import Person
from tests.office.test_importing import LATER, bring
from tests.office.workbooks import Spoil, real_year, small, spoiled

if TYPE_CHECKING:
    from openpyxl import Workbook

    from scheduler.core.database import Sessions

UNITS = [["单位编码", "单位名称", "上级编码", "类型"], ["CITY", "全市", "", "市"], ["A", "财政局", "CITY", "市直部门"], ["B", "教育局", "CITY", "市直部门"]]  # fmt: skip
HEADINGS = ["工号", "姓名", "单位编码"]
P1, P2, P3 = ["P1", "张三", "A"], ["P2", "李四", "A"], ["P3", "王五", "B"]


def without(*titles: str) -> "Spoil":
    """Return what takes a row out of the middle of each of these sheets."""

    def spoil(book: "Workbook") -> None:
        for title in titles:
            page: Any = book[title]
            page.delete_rows(page.max_row // 2)

    return spoil


def left(report: ImportReport) -> list[Problem]:
    return [problem for problem in report.problems if problem.severity is Severity.LEFT]


def test_rows_that_left_the_real_year_are_told_and_stay(database: "Sessions") -> None:
    bring(database, real_year())
    models = (Activity, Membership, Pairing, StudyClass, Person)
    with database.read() as session:
        before = [session.scalar(select(func.count()).select_from(model)) for model in models]
    shorter = spoiled(without("课程表", "夜校", "学员名单", "结对"))
    report = bring(database, shorter, now=LATER)
    assert report.errors == []
    assert report.good_rows == 0
    told = {problem.sheet: problem for problem in left(report)}
    assert sorted(told) == sorted(("课程表", "夜校", "学员名单", "结对"))
    assert told["课程表"].address.startswith("/activities/")
    assert told["学员名单"].address.endswith("/roster")
    assert told["结对"].address.startswith("/mentoring/pairings/")
    keys = (SheetKey.SESSIONS, SheetKey.EVENINGS, SheetKey.ROSTER, SheetKey.PAIRINGS)
    assert {key: report.sheets[key].left for key in keys} == dict.fromkeys(keys, 1)
    assert report.sheets[SheetKey.PEOPLE].left == report.sheets[SheetKey.CLASSES].left == 0
    assert ImportReport.from_json(report.as_json()).problems == report.problems
    with database.read() as session:
        assert [session.scalar(select(func.count()).select_from(model)) for model in models] == before


def test_people_are_missed_in_the_units_that_the_sheet_names(database: "Sessions") -> None:
    bring(database, small(单位=UNITS, 人员=[HEADINGS, P1, P2, P3]))
    report = bring(database, small(人员=[HEADINGS, P1]), now=LATER)
    assert [(problem.value, problem.row) for problem in left(report)] == [("P2 李四", 0)]
    with database.write() as session:
        gone = session.scalars(select(Person).where(Person.staff_no == "P2")).one()
        assert left(report)[0].address == f"/people/{gone.id}"
        actions.note_departure(session, system_actor("test"), gone.id, now=LATER)
    assert left(bring(database, small(人员=[HEADINGS, P1]), now=LATER)) == []


def test_a_sheet_with_rows_that_cannot_be_read_misses_nobody(database: "Sessions") -> None:
    bring(database, small(单位=UNITS, 人员=[HEADINGS, P1, P2]))
    report = bring(database, small(人员=[HEADINGS, P1, ["", "李四", "A"]]), now=LATER)
    assert report.errors
    assert left(report) == []


def test_a_class_is_missed_in_the_years_that_the_sheet_names(database: "Sessions") -> None:
    bring(database, real_year())
    report = bring(database, spoiled(without("研修班")), dry_run=True, now=LATER)
    assert [problem.sheet for problem in left(report)] == ["研修班"]
    only_new = small(
        研修班=[
            ["班次编号", "班次名称", "主办单位", "开始日期", "结束日期", "计划人数"],
            ["2027-01", "来年的班", "市委组织部", "2027-03-01", "2027-03-02", "30"],
        ]
    )
    assert left(bring(database, only_new, dry_run=True, now=LATER)) == []
