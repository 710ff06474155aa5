import io
import zipfile

import pytest
from openpyxl import load_workbook

from scheduler.core.workbooks import UnreadableWorkbook, open_workbook
from scheduler.office.rules.reading import Reading, read_sheets
from scheduler.office.rules.sheets import template_workbook
from scheduler.office.terms import Severity
from scheduler.office.terms.sheets import SHEETS, SheetKey
from tests.office.workbooks import cell, real_year, saved, small, spoiled


def read(data: bytes) -> Reading:
    return read_sheets(open_workbook(data))


def said(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def test_the_real_year_is_read_whole() -> None:
    reading = read(real_year())
    assert said(reading) == []
    sizes = [len(reading.sheets[sheet.key].rows) for sheet in SHEETS if sheet.key in reading.sheets]
    assert sizes == [101, 864, 104, 30, 24, 168, 62, 1100, 56]


def test_columns_may_stand_in_any_order_under_other_words() -> None:
    reading = read(
        small(
            Units=[["Type", "Parent", "Unit name", "Unit code *"], ["City", "", "Whole city", "CITY"]],
            人员名册=[
                ["2026年人员名册"],
                [],
                ["姓  名", "所在单位", "员工编号（必填）", "联系电话"],
                ["张　三", "CITY", "P1", 10000000001.0],
                [None, None, None, None],
                ["示例：李四", "CITY", "P2", ""],
            ],
        )
    )
    assert said(reading) == []
    assert reading.sheets[SheetKey.UNITS].rows[0].name == "Whole city"
    (person,) = reading.sheets[SheetKey.PEOPLE].rows
    assert (person.number, person.name, person.staff_no, person.phone) == (4, "张三", "P1", "10000000001")


def test_a_sheet_of_another_title_is_known_by_its_headings() -> None:
    reading = read(small(Sheet1=[["编码", "名称", "类型", "容量"], ["V01", "一号教室", "教室", "60"]]))
    assert [row.capacity for row in reading.sheets[SheetKey.VENUES].rows] == [60]


def test_what_is_wrong_with_sheets_is_said() -> None:
    reading = read(small(单位=[["单位编码", "单位名称"], ["CITY", "全市"]], 食堂=[["菜"], ["鱼"]], 单位表=[["x"]]))
    assert said(reading) == [
        "单位!-1: These columns are missing: 类型.",
        "食堂!-0: This sheet is not known and was not read.",
        "单位表!-0: The workbook has this sheet twice: 单位.",
    ]
    assert [problem.severity for problem in reading.problems] == [Severity.ERROR, Severity.WARNING, Severity.ERROR]
    assert said(read(small(空=[[]]))) == ["!-0: There is no sheet in the workbook that can be read."]


def test_problems_name_sheet_row_column_and_what_was_found() -> None:
    reading = read(
        spoiled(
            cell("人员", "C9", "未知"),
            cell("课程表", "D4", "25:00"),
            cell("研修班", "I3", "很多"),
            cell("场地", "B3", None),
            cell("人员", "B6", '=CONCATENATE("a","b")'),
            cell("人员", "B7", "张\u3000三"),
        )
    )
    assert [(one.sheet, one.row, one.column, one.value) for one in reading.problems] == [
        ("人员", 6, "姓名", ""),
        ("人员", 9, "性别", "未知"),
        ("场地", 3, "名称", ""),
        ("研修班", 3, "计划人数", "很多"),
        ("课程表", 4, "开始时间", "25:00"),
    ]
    assert reading.sheets[SheetKey.PEOPLE].rows[4].name == "张三"


def test_a_formula_with_a_value_is_no_name_but_may_be_a_number() -> None:
    data = saved(load_workbook(io.BytesIO(small(场地=[["编码", "名称", "类型", "容量"], ["V01", "X", "教室", "60"]]))))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                start = part.index(b'<c r="B2"')
                end = part.index(b"</c>", start)
                part = part[:start] + b'<c r="B2" t="str"><f>UPPER("x")</f><v>X</v>' + part[end:]
            new.writestr(entry, part)
    assert said(read(buffer.getvalue())) == ["场地!名称2: Here stands a formula; write the text itself."]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", b"name,unit\n", b"PK\x05\x06" + b"\0" * 18],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableWorkbook):
        open_workbook(data)


def _packed(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in entries:
            archive.writestr(name, part)
    return buffer.getvalue()


def test_a_table_may_begin_anywhere() -> None:
    sheet = open_workbook(small(场地=[[], [], [None, "编码"], [None, "V01"]]))[0]
    assert list(sheet.rows()) == [["", ""], ["", ""], ["", "编码"], ["", "V01"]]


def test_a_workbook_is_measured_before_it_is_read() -> None:
    with pytest.raises(UnreadableWorkbook, match="once unpacked"):
        open_workbook(_packed(("xl/worksheets/sheet1.xml", b" " * (161 * 1024 * 1024))))
    with pytest.raises(UnreadableWorkbook, match="once unpacked"):
        open_workbook(_packed(*((f"part{number}", b"") for number in range(501))))
    with pytest.raises(UnreadableWorkbook, match="too large"):
        open_workbook(b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024))
    far = _packed(("xl/worksheets/sheet1.xml", b'<row><c r="XFD1048576" t="n"><v>1</v></c></row>'))
    with pytest.raises(UnreadableWorkbook, match="far outside"):
        open_workbook(far)


def test_the_template_can_be_read_and_holds_only_examples() -> None:
    reading = read(template_workbook())
    assert said(reading) == []
    assert set(reading.sheets) == set(SheetKey)
    assert all(read.rows == [] for read in reading.sheets.values())
    book = load_workbook(io.BytesIO(template_workbook()))
    assert book["人员"].data_validations.dataValidation


def test_a_template_that_was_filled_in_with_its_examples_can_be_read() -> None:
    book = load_workbook(io.BytesIO(template_workbook()))
    for page in book.worksheets[1:]:
        page["A2"].value = str(page["A2"].value).partition("：")[2]
    reading = read(saved(book))
    assert said(reading) == []
    assert all(len(read.rows) == 1 for read in reading.sheets.values())
