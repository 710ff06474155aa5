"""Lists as sheets that Excel and WPS open: any list's address with `as=xlsx` answers all its rows, as filtered."""

import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
"""What a list's sheet holds at most; an organisation of 10,000 stays far below."""
_WIDTH = 20


def sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int] = ()) -> bytes:
    """Return an .xlsx with one row for each of `rows`; every cell is text, also where it begins with = + - or @.

    `widths` are those of the columns, in characters.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - 13 MB that a web process has no need of until a sheet is asked for

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    book.set_properties({"title": name})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, len(headings) - 1, _WIDTH)
    for column, width in enumerate(widths[: len(headings)]):
        page.set_column(column, column, width)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            page.write_string(number, column, "" if value is None else str(value), wrapped)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    book.close()
    return file.getvalue()


def sheet_asked() -> bool:
    """Tell whether the reader wants this list as a sheet instead of a page."""
    return request.args.get("as") == "xlsx"


def sheet_answer(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the list `name` as a download."""
    return download(sheet(name, headings, rows), XLSX, name, "list", "xlsx")


def download(body: bytes, content_type: str, name: str, plain: str, ending: str) -> Response:
    """Return a file to be kept: `name` is what it is called, `plain` the same for programs that read ASCII only."""
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
