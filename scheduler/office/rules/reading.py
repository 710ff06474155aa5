"""From the sheets of a workbook to typed rows: by title and headings, whatever their order and language."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from scheduler.core.errors import lazy
from scheduler.core.text import fold
from scheduler.core.workbooks import RawSheet
from scheduler.office.rules.cells import Unreadable, is_blank, read_cell, shown
from scheduler.office.terms import Severity, rows
from scheduler.office.terms.report import Problem
from scheduler.office.terms.sheets import EXAMPLE_MARKS, NOTE_TITLES, SHEETS, CellKind, Column, Sheet, SheetKey

_DEEPEST_HEADING = 10
_MOST_SEEN = 2000
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[*:]")
_TEXTUAL = frozenset({CellKind.NAME, CellKind.LINE, CellKind.TEXT, CellKind.CODE, CellKind.CODES})
_ROW: dict[SheetKey, Callable[..., rows.AnyRow]] = {
    SheetKey.UNITS: rows.UnitRow,
    SheetKey.PEOPLE: rows.PersonRow,
    SheetKey.LECTURERS: rows.LecturerRow,
    SheetKey.VENUES: rows.VenueRow,
    SheetKey.CLASSES: rows.ClassRow,
    SheetKey.SESSIONS: rows.SessionRow,
    SheetKey.EVENINGS: rows.EveningRow,
    SheetKey.ROSTER: rows.RosterRow,
    SheetKey.PAIRINGS: rows.PairingRow,
    SheetKey.RECORDS: rows.RecordRow,
}


@dataclass(slots=True)
class Read:
    """A sheet once read: good rows, the rows refused (identity -> number), the headings found by column key."""

    key: SheetKey
    title: str
    headings: dict[str, str] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)
    refused: dict[tuple[Any, ...], int] = field(default_factory=dict)
    refused_count: int = 0
    seen: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What texts were read as, by column: a year repeats itself, and each repetition is one object."""


@dataclass(slots=True)
class Reading:
    """All sheets of a workbook once read, and what was wrong with their cells."""

    sheets: dict[SheetKey, Read] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_sheets(found: Sequence[RawSheet]) -> Reading:
    """Read every sheet that is one of ours; other sheets are named in a warning, no sheet at all is an error."""
    reading = Reading()
    for raw in found:
        _read_sheet(raw, reading)
    if not reading.sheets and not reading.problems:
        reading.problems.append(Problem("", 0, "", lazy("There is no sheet in the workbook that can be read.")))
    return reading


def _read_sheet(raw: RawSheet, reading: Reading) -> None:
    title = _bare(raw.title)
    if title in {fold(note) for note in NOTE_TITLES}:
        return
    lines = raw.rows()
    head = list(islice(lines, _DEEPEST_HEADING))
    sheet = next((sheet for sheet in SHEETS if title in {fold(known) for known in sheet.titles}), None)
    sheet = sheet or _sheet_by_headings(head)
    if sheet is None:
        if any(not is_blank(cell) for line in head for cell in line):
            reading.problems.append(
                Problem(raw.title, 0, "", lazy("This sheet is not known and was not read."), severity=Severity.WARNING)
            )
        return
    if sheet.key in reading.sheets:
        reading.problems.append(
            Problem(
                raw.title,
                0,
                "",
                lazy("The workbook has this sheet twice: %(first)s."),
                {"first": reading.sheets[sheet.key].title},
            )
        )
        return
    read = reading.sheets[sheet.key] = Read(sheet.key, raw.title)
    places, depth = _heading_row(sheet, head)
    missing = [column.headings[0] for column in sheet.columns if column.needed and column.key not in places]
    if missing:
        reading.problems.append(
            Problem(
                raw.title,
                depth + 1,
                "",
                lazy("These columns are missing: %(columns)s."),
                {"columns": "、".join(missing)},
            )
        )
        return
    read.headings = {key: str(head[depth][place]).strip() for key, place in places.items()}
    chosen = [(column, places[column.key]) for column in sheet.columns if column.key in places]
    below: Iterator[list[object]] = (line for part in (head[depth + 1 :], lines) for line in part)
    for number, line in enumerate(below, depth + 2):
        _read_row(raw, sheet, chosen, number, line, read, reading.problems)


def _bare(heading: object) -> str:
    return _REMARK.sub("", fold(str(heading)))


def _places(sheet: Sheet, line: Sequence[object]) -> dict[str, int]:
    """Return at which place of the line each column's heading stands; an exact word wins over its synonyms' order."""
    words: dict[str, int] = {}
    for place, cell in enumerate(line):
        if isinstance(cell, str) and cell.strip():
            words.setdefault(_bare(cell), place)
    places: dict[str, int] = {}
    for rank in range(max(len(column.headings) for column in sheet.columns)):
        for column in sheet.columns:
            if column.key not in places and rank < len(column.headings):
                at = words.get(_bare(column.headings[rank]))
                if at is not None and at not in places.values():
                    places[column.key] = at
    return places


def _heading_row(sheet: Sheet, head: Sequence[Sequence[object]]) -> tuple[dict[str, int], int]:
    """Return the row among the first ten in which most headings are found, and where; a title may stand above."""
    best: tuple[dict[str, int], int] = ({}, 0)
    for depth, line in enumerate(head):
        places = _places(sheet, line)
        if len(places) > len(best[0]):
            best = places, depth
    return best


def _sheet_by_headings(head: Sequence[Sequence[object]]) -> Sheet | None:
    """Return the one sheet whose needed columns are all here; None if none or several fit."""
    fitting = []
    for sheet in SHEETS:
        places, _ = _heading_row(sheet, head)
        if all(column.key in places for column in sheet.columns if column.needed):
            fitting.append((len(places), sheet))
    fitting.sort(key=lambda pair: -pair[0])
    if not fitting or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        return None
    return fitting[0][1]


def _read_row(
    raw: RawSheet,
    sheet: Sheet,
    chosen: Sequence[tuple[Column, int]],
    number: int,
    line: Sequence[object],
    read: Read,
    problems: list[Problem],
) -> None:
    if all(is_blank(cell) for cell in line) or _is_example(line):
        return
    values: dict[str, Any] = {}
    wrong = False
    for column, place in chosen:
        cell = line[place] if place < len(line) else None
        try:
            if raw.formulas and column.kind in _TEXTUAL and (number - 1, place) in raw.formulas:
                raise Unreadable(lazy("Here stands a formula; write the text itself."))  # noqa: TRY301 - one place makes the problem
            if is_blank(cell):
                if column.needed:
                    raise Unreadable(lazy("This must be filled in."))  # noqa: TRY301 - one place makes the problem
                continue
            values[column.key] = _remembered(cell, column, read)
        except Unreadable as error:
            wrong = True
            problems.append(
                Problem(
                    read.title,
                    number,
                    read.headings[column.key],
                    error.message_id,
                    error.facts,
                    value="" if is_blank(cell) else shown(cell),
                )
            )
    if wrong:
        read.refused_count += 1
        read.refused.setdefault(tuple(values.get(key) for key in sheet.identity), number)
    else:
        read.rows.append(_ROW[sheet.key](number=number, **values))


def _remembered(cell: object, column: Column, read: Read) -> Any:
    if not isinstance(cell, str):
        return read_cell(cell, column)
    found = read.seen.get((column.key, cell))
    if found is None:
        found = read_cell(cell, column)
        if len(read.seen) < _MOST_SEEN:
            read.seen[column.key, cell] = found
    return found


def _is_example(line: Sequence[object]) -> bool:
    first = next((cell for cell in line if not is_blank(cell)), "")
    return isinstance(first, str) and fold(first).startswith(EXAMPLE_MARKS)
