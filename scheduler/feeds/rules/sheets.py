"""A schedule as a sheet that Excel and WPS open."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

_WIDTHS = (18, 8, 8, 44, 14, 30, 24, 30, 12)


def schedule_sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return an .xlsx with one row for each of `rows`; every cell is text, also where it begins with = + - or @."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    book.set_properties({"title": name})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(_WIDTHS[: len(headings)]):
        sheet.set_column(column, column, width)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, wrapped)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    book.close()
    return file.getvalue()
