"""Opening a workbook from outside: measured before anything is parsed, then read sheet by sheet."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from scheduler.core.errors import Refusal, lazy

LARGEST_FILE = 20 * 1024 * 1024
MOST_ENTRIES = 500
LARGEST_UNPACKED = 160 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A filled cell beyond column AZ or row 999,999: the reader lays out the whole rectangle before it.
_FAR = re.compile(rb'<(?:\w+:)?c [^>]*?\br="(?:[A-Z]{3}\d+|[B-Z][A-Z]\d+|[A-Z]+\d{7,})"[^>/]*>')
_FORMULA = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f[ />]')
_SHEET = re.compile(r'<(?:\w+:)?sheet [^>]*?name="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship [^>]*>")


class UnreadableWorkbook(Refusal):
    """The file is no workbook that we read, or is too large."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as found. `formulas` holds the (row, column) of cells that hold a formula, both from 0."""

    title: str
    sheet: CalamineSheet
    formulas: frozenset[tuple[int, int]]

    def rows(self) -> Iterator[list[object]]:
        """Yield the cells of each row, from the first row and column of the sheet on, also where the table begins later."""
        if self.sheet.height:
            lead: list[object] = [""] * (self.sheet.start[1] if self.sheet.start else 0)
            # the reader itself begins with the sheet's first row, yet with the first column that is filled
            for row in self.sheet.iter_rows():
                yield [*lead, *row]


def open_workbook(data: bytes) -> list[RawSheet]:
    """Return the visible sheets of an xlsx or xls file.

    Refuses with UnreadableWorkbook a file that is too large (packed or unpacked), has too many entries, is
    damaged or protected, or is of another kind.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableWorkbook(
            lazy("The file is too large: at most %(limit)s MiB."), limit=LARGEST_FILE // 1024 // 1024
        )
    if not data.startswith((_ZIP, _OLE)):
        raise UnreadableWorkbook(lazy("This is not an Excel workbook. Save it as .xlsx and try again."))
    formulas = _unpack(data) if data.startswith(_ZIP) else {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [found.name for found in workbook.sheets_metadata if found.visible is SheetVisibleEnum.Visible]
        return [RawSheet(name, workbook.get_sheet_by_name(name), formulas.get(name, frozenset())) for name in visible]
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableWorkbook(
            lazy("The workbook cannot be opened: it is damaged, protected by a password, or of another kind.")
        ) from error


def _unpack(data: bytes) -> dict[str, frozenset[tuple[int, int]]]:
    """Unpack and count every part, so that a lying size is found out; return which cells of which sheets are formulas.

    The reader itself shows only the values of formulas. One part is held at a time.
    """
    too_large = UnreadableWorkbook(
        lazy("The workbook is too large once unpacked: at most %(limit)s MiB."), limit=LARGEST_UNPACKED // 1024 // 1024
    )
    cells: dict[str, frozenset[tuple[int, int]]] = {}
    names = relations = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise too_large
            for entry in entries:
                part = archive.read(entry)
                if entry.filename.startswith("xl/worksheets/sheet"):
                    if found := _scan(part):
                        cells[entry.filename.removeprefix("xl/")] = found
                elif entry.filename == "xl/workbook.xml":
                    names = part.decode("utf-8", "replace")
                elif entry.filename == "xl/_rels/workbook.xml.rels":
                    relations = part.decode("utf-8", "replace")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableWorkbook(
            lazy("The workbook cannot be opened: it is damaged, protected by a password, or of another kind.")
        ) from error
    return _by_title(cells, names, relations)


def _scan(part: bytes) -> frozenset[tuple[int, int]]:
    if _FAR.search(part):
        raise UnreadableWorkbook(lazy("A sheet holds cells far outside of any table: delete them and try again."))
    if b"<f" not in part and b":f>" not in part:
        return frozenset()
    return frozenset((int(row) - 1, _column(letters)) for letters, row in _FORMULA.findall(part))


def _by_title(
    cells: dict[str, frozenset[tuple[int, int]]], names: str, relations: str
) -> dict[str, frozenset[tuple[int, int]]]:
    targets = {}
    for relation in _RELATION.findall(relations):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        targets[fields.get("Id", "")] = fields.get("Target", "").removeprefix("/").removeprefix("xl/")
    return {
        html.unescape(title): cells[targets[relation_id]]
        for title, relation_id in _SHEET.findall(names)
        if targets.get(relation_id) in cells
    }


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
