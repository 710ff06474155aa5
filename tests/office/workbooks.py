"""Workbooks for tests: the office's real year, and the same with dirt in it."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

YEAR = Path(__file__).resolve().parents[1] / "data" / "year-plan-2026.xlsx"
Spoil = Callable[[Workbook], None]


def real_year() -> bytes:
    return YEAR.read_bytes()


def spoiled(*spoils: Spoil) -> bytes:
    """Return the real year after each of `spoils` was let loose on it."""
    book = load_workbook(YEAR)
    for spoil in spoils:
        spoil(book)
    return saved(book)


def cell(sheet: str, place: str, value: object) -> Spoil:
    """Return what writes `value` into one cell."""

    def spoil(book: Workbook) -> None:
        target: Any = book[sheet][place]
        target.value = value
        target.number_format = "General"

    return spoil


def row(sheet: str, *values: object) -> Spoil:
    """Return what adds a row at the end of a sheet."""

    def spoil(book: Workbook) -> None:
        book[sheet].append(list(values))

    return spoil


def small(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of the given sheets, each a list of rows, the headings first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page: Any = book.create_sheet(title)
        for line in rows:
            page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
