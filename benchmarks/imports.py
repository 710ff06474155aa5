"""The import of a year's people: CPU and memory, and one transaction."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from xlsxwriter import Workbook

from benchmarks.generators import PER_UNIT, Size
from benchmarks.meter import Figure, compare, served, taken
from benchmarks.stage import House, line, process
from scheduler.office.terms.sheets import SHEET, SheetKey

PEOPLE, MANY = 10_000, 50_000
GRADES = ("乡科级正职", "乡科级副职", "一级主任科员", "四级调研员")


def workbook(path: Path, people: int) -> None:
    """Write a workbook of units and people with the office's own headings, all cells of a person filled."""
    units = people // PER_UNIT
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(SHEET[SheetKey.UNITS].titles[0])
        columns = SHEET[SheetKey.UNITS].columns
        sheet.write_row(0, 0, [column.headings[0] for column in columns])
        sheet.write_row(1, 0, ["U0", "全市", "", "市"])
        for number in range(1, units + 1):
            sheet.write_row(number + 1, 0, [f"U{number}", f"第{number}单位", "U0", "市直部门"])
        sheet = book.add_worksheet(SHEET[SheetKey.PEOPLE].titles[0])
        columns = SHEET[SheetKey.PEOPLE].columns
        sheet.write_row(0, 0, [column.headings[0] for column in columns])
        for number in range(1, people + 1):
            cells = {
                "staff_no": f"P{number:06}",
                "name": f"人员{number}",
                "gender": "女" if number % 2 else "男",
                "born_on": f"{1965 + number % 35}-{1 + number % 12:02}",
                "unit_code": f"U{1 + number % units}",
                "post": "主任科员",
                "grade": GRADES[number % len(GRADES)],
                "field": "宏观经济",
                "phone": f"1{number:010}",
                "email": f"p{number}@example.org",
                "joined_on": f"{1990 + number % 30}-07",
                "roles": "学员",
            }
            sheet.write_row(number, 0, [cells[column.key] for column in columns])


def run(house: House, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of imports."""
    with tempfile.TemporaryDirectory() as folder, served(house.database(Size())) as client:
        path = Path(folder) / "year.xlsx"
        workbook(path, PEOPLE)
        with process("benchmarks.acts", "sqlite:///unused", "import", "--workbook", str(path)) as running:
            line(running)
            yield compare(
                client,
                "import of 10,000 people",
                500,
                lambda: taken(line(running, house.database(None))),
                2 if quick else 5,
            )
        if quick:
            return
        workbook(path, MANY)
        with process("benchmarks.acts", "sqlite:///unused", "import", "--workbook", str(path)) as running:
            line(running)
            spent = taken(line(running, house.database(None)))
            yield Figure("import of 50,000 people, memory on top", spent.memory, 150, f"{spent.cpu:.1f} s CPU", "MiB")
