"""Workbooks that leave the house: the template of the year, and the problems of an import."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scheduler.office.terms.sheets import EXAMPLE_MARKS, NOTE_TITLES, SHEETS, CellKind, Column, Sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LAST_ROW = 5000
_FORMULA = ("=", "+", "-", "@")
_HINTS = {
    CellKind.CODE: "编码，全表唯一，可含字母、数字和连字符",
    CellKind.CODES: "编码；多个用分号隔开",
    CellKind.NAME: "姓名",
    CellKind.LINE: "文字",
    CellKind.TEXT: "文字，可分行",
    CellKind.DAY: "日期，如 2026-03-05",
    CellKind.MONTH: "日期，如 1988-05-01；只知年月可写 1988-05",
    CellKind.CLOCK: "时间，如 19:00",
    CellKind.COUNT: "整数",
    CellKind.MONEY: "金额（元）",
    CellKind.WORD: "从下拉列表中选择",
    CellKind.WORDS: "从下拉列表中选择；多个用顿号隔开",
    CellKind.QUOTA: "单位编码:名额；单位编码:名额",
}
_INTRODUCTION = (
    "每张工作表一类信息，表名和列名请保留；列的顺序可以调整，不需要的表可以删除。",
    "红色列名为必填。首格写“示例”的行只供参考，导入时自动跳过，可删除。",
    "先填单位、人员、师资库、场地，再填研修班、课程表、夜校、学员名单和结对；指导记录用于导入以往台账，结对导入之后再传；后面的表用编码引用前面的表。",
    "导入前系统会先试运行，逐行列出问题；同一份表导入两次不会产生重复数据。",
)


def template_workbook() -> bytes:
    """Return the template as xlsx: headings, drop-downs, notes for each column and an example row in each sheet."""
    buffer = io.BytesIO()
    with _workbook(buffer) as book:
        looks = {
            "must": book.add_format({"bold": True, "font_color": "#B3201B", "bg_color": "#EFEDEA", "border": 1}),
            "may": book.add_format({"bold": True, "bg_color": "#EFEDEA", "border": 1}),
            "example": book.add_format({"italic": True, "font_color": "#6B6661"}),
            "text": book.add_format({"num_format": "@"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_notes(book.add_worksheet(NOTE_TITLES[0]), looks)
        for sheet in SHEETS:
            _write_sheet(book.add_worksheet(sheet.titles[0]), sheet, looks)
    return buffer.getvalue()


def problem_sheet(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """Return a sheet with a filter; a text that could be taken for a formula is written as text."""
    buffer = io.BytesIO()
    with _workbook(buffer, strings_to_urls=False) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, headings, book.add_format({"bold": True}))
        last = 0
        for last, line in enumerate(lines, 1):
            for place, value in enumerate(line):
                if isinstance(value, int):
                    page.write_number(last, place, value)
                else:
                    text = str(value)
                    page.write_string(last, place, f"'{text}" if text.startswith(_FORMULA) else text)
        page.autofilter(0, 0, last, len(headings) - 1)
        page.freeze_panes(1, 0)
        page.set_column(0, 3, 12)
        page.set_column(4, 4, 70)
        page.set_column(5, 5, 24)
    return buffer.getvalue()


def _workbook(buffer: io.BytesIO, **options: bool) -> "Workbook":
    from xlsxwriter import Workbook  # noqa: PLC0415 - 13 MB that a web process has no need of until a sheet is asked for

    return Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, **options})


def _write_notes(page: "Worksheet", looks: "dict[str, Format]") -> None:
    page.write_string(0, 0, "年度培训计划导入模板", looks["title"])
    row = 0
    for row, line in enumerate(_INTRODUCTION, 2):
        page.write_string(row, 0, line, looks["wrap"])
    row += 2
    page.write_row(row, 0, ("工作表", "列", "必填", "怎么填", "示例"), looks["may"])
    for sheet in SHEETS:
        for column in sheet.columns:
            row += 1
            need = "必填" if column.needed else ""
            page.write_row(row, 0, (sheet.titles[0], column.headings[0], need, _HINTS[column.kind], column.example))
    page.set_column(0, 0, 60)
    page.set_column(1, 2, 16)
    page.set_column(3, 4, 46)


def _write_sheet(page: "Worksheet", sheet: Sheet, looks: "dict[str, Format]") -> None:
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.headings[0], looks["must" if column.needed else "may"])
        page.write_comment(0, place, _note(column), {"x_scale": 2})
        page.set_column(place, place, max(12, len(column.headings[0]) * 2 + 4), looks["text"])
        if column.words:
            words = [spelled[0] for spelled in column.words.values()]
            several = column.kind is CellKind.WORDS
            page.data_validation(
                1,
                place,
                _LAST_ROW,
                place,
                {"validate": "list", "source": words, "error_type": "information" if several else "stop"},
            )
        example = f"{EXAMPLE_MARKS[0]}：{column.example}" if place == 0 else column.example
        page.write_string(1, place, example, looks["example"])
    page.freeze_panes(1, 0)


def _note(column: Column) -> str:
    known = "，".join(column.headings[1:5])
    also = f"\n也认得：{known}" if known else ""
    return f"{_HINTS[column.kind]}{also}"
