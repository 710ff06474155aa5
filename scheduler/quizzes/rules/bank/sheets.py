"""Items in a workbook: by heading, whatever the order and language of the columns; and the bank as a sheet."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from scheduler.core.errors import lazy
from scheduler.core.text import fold
from scheduler.core.workbooks import RawSheet
from scheduler.quizzes.rules.bank.answers import find_difficulty, find_kind, with_answer, write_answer
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.terms.bank import LETTERS, Difficulty, ItemKind, ItemText
from scheduler.quizzes.terms.reading import MOST_ITEMS, Format, Place, Reading, ReadItem
from scheduler.quizzes.terms.words import (
    DIFFICULTY_WORDS,
    EXAMPLE_MARKS,
    HEADINGS,
    KIND_WORDS,
    NEEDED,
    NOTE_TITLES,
    NUMBER_HEADINGS,
)

_DEEPEST_HEADING = 10
_REMARK = re.compile(r"\*|\(必填\)|\(选填\)|\(required\)|\(optional\)|:$")
_KNOWN = {fold(heading): key for key, headings in HEADINGS.items() for heading in headings}
_COUNTING = {fold(heading) for heading in NUMBER_HEADINGS}
_NOTES = {fold(title) for title in NOTE_TITLES}
_FEWEST_WRITTEN = 4
_MARKED = re.compile(r"([A-J])[.、\uff0e:：)）]\s*(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column stands, and how its heading is written; `depth` counts the rows above the headings."""

    places: dict[str, int]
    written: dict[str, str]
    depth: int


def read_workbook(sheets: Sequence[RawSheet]) -> Reading:
    """Read the items of every sheet that has the columns of items; other sheets are named."""
    reading = Reading(Format.WORKBOOK)
    read = 0
    for raw in sheets:
        if fold(raw.title) in _NOTES:
            continue
        read += _read_sheet(raw, reading)
    if not read and not reading.findings:
        reading.say(Place(), lazy("There is no sheet of items in the workbook."))
    return reading


def _read_sheet(raw: RawSheet, reading: Reading) -> int:
    lines = raw.rows()
    head = list(islice(lines, _DEEPEST_HEADING))
    columns = _columns(head)
    if not columns.places:
        if any(_is_filled(cell) for line in head for cell in line):
            reading.warn(Place(0, raw.title), lazy("This sheet is not known and was not read."))
        return 0
    missing = [HEADINGS[key][0] for key in NEEDED if key not in columns.places]
    if missing:
        reading.say(
            Place(columns.depth + 1, raw.title),
            lazy("These columns are missing: %(columns)s."),
            columns="、".join(missing),
        )
        return 1
    _name_unknown(raw, head[columns.depth], columns, reading)
    below: Iterator[list[object]] = (line for part in (head[columns.depth + 1 :], lines) for line in part)
    for number, line in enumerate(below, columns.depth + 2):
        if not any(_is_filled(cell) for cell in line) or _is_example(line, columns):
            continue
        if len(reading.items) + reading.refused >= MOST_ITEMS:
            reading.say(
                Place(number, raw.title),
                lazy("A file holds at most %(most)s items; the rest was not read."),
                most=MOST_ITEMS,
            )
            break
        _Row(raw, columns, number, line, reading).read()
    return 1


def _columns(head: Sequence[Sequence[object]]) -> _Columns:
    best = _Columns({}, {}, 0)
    for depth, line in enumerate(head):
        places: dict[str, int] = {}
        written: dict[str, str] = {}
        for place, cell in enumerate(line):
            key = _KNOWN.get(_bare(cell)) if isinstance(cell, str) else None
            if key is not None and key not in places:
                places[key], written[key] = place, str(cell).strip()
        if len(places) > max(1, len(best.places)):
            best = _Columns(places, written, depth)
    return best


def _bare(heading: str) -> str:
    return _REMARK.sub("", fold(heading))


def _name_unknown(raw: RawSheet, line: Sequence[object], columns: _Columns, reading: Reading) -> None:
    taken = set(columns.places.values())
    for place, cell in enumerate(line):
        if place not in taken and _is_filled(cell) and _bare(str(cell)) not in _COUNTING:
            reading.warn(
                Place(columns.depth + 1, raw.title, str(cell).strip()[:40]),
                lazy("This column is not known and was not read."),
            )


def _is_example(line: Sequence[object], columns: _Columns) -> bool:
    place = columns.places["stem"]
    return place < len(line) and fold(str(line[place])).startswith(EXAMPLE_MARKS)


def _is_filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


class _Row:
    """One row on its way to an item; whatever is said of its cells, it is refused once."""

    def __init__(self, raw: RawSheet, columns: _Columns, number: int, line: Sequence[object], reading: Reading) -> None:
        self._raw, self._columns, self._number, self._line, self._reading = raw, columns, number, line, reading
        self._wrong = False

    def read(self) -> None:
        """Add the item to the reading, or say why it is none, cell by cell."""
        cells = {key: self._cell(key) for key in self._columns.places}
        kind = find_kind(cells["kind"])
        if kind is None:
            known = "、".join(words[0] for words in KIND_WORDS.values())
            self._refuse("kind", lazy("This type is not known. Known are: %(words)s."), words=known)
        level = find_difficulty(cells.get("difficulty", ""))
        if level is None and cells.get("difficulty"):
            self._warn("difficulty", lazy("This difficulty is not known; taken as medium."))
        if kind is not None and not self._wrong:
            try:
                text = check_item(_item(kind, level or Difficulty.MEDIUM, cells))
                self._reading.items.append(ReadItem(self._place(), text))
            except UnfitItem as refusal:
                self._refuse(
                    _COLUMN_OF.get(refusal.field or "", refusal.field or ""), refusal.message_id, **refusal.facts
                )
        self._reading.refused += self._wrong

    def _cell(self, key: str) -> str:
        """Return the cell as text: 80 for a number that the sheet keeps as 80.0."""
        cell = self._found(key)
        if (self._number - 1, self._columns.places[key]) in self._raw.formulas:
            self._refuse(key, lazy("Here stands a formula; write the text itself."))
        elif isinstance(cell, (datetime, date, time, timedelta)):
            # 1/3 typed into a cell that is not text becomes the 3rd of January, and what was meant is lost
            self._refuse(key, lazy("Here stands a date or time. Format the cell as text and write it again."))
        elif isinstance(cell, bool):
            return "T" if cell else "F"
        elif isinstance(cell, float):
            if cell.is_integer():
                return str(int(cell))
            said = lazy("Read as %(number)s. If the sheet shows it otherwise, such as in per cent, write it as text.")
            self._warn(key, said, number=str(cell))
        return "" if cell is None else str(cell).strip()

    def _found(self, key: str) -> object:
        place = self._columns.places.get(key, len(self._line))
        return self._line[place] if place < len(self._line) else None

    def _refuse(self, key: str, message_id: str, **facts: object) -> None:
        self._wrong = True
        self._reading.say(self._place(key), message_id, self._shown(key), **facts)

    def _warn(self, key: str, message_id: str, **facts: object) -> None:
        self._reading.warn(self._place(key), message_id, self._shown(key), **facts)

    def _place(self, key: str = "") -> Place:
        return Place(self._number, self._raw.title, self._columns.written.get(key, ""))

    def _shown(self, key: str) -> str:
        cell = self._found(key)
        text = "" if cell is None else str(cell)
        return "".join(letter if letter.isprintable() else "�" for letter in text)[:60]


_COLUMN_OF = {"key": "answer", "accepted": "answer", "choices": "choice A", "choices_en": "choice_en A"}


def _item(kind: ItemKind, level: Difficulty, cells: dict[str, str]) -> ItemText:
    choices, answer = _listed(cells, "choice"), cells["answer"]
    if kind is ItemKind.TRUE_FALSE and choices and len(answer) == 1:
        # many banks write 正确 and 错误 as the choices of a statement, and the letter of one as its answer
        answer = dict(zip(LETTERS, choices, strict=False)).get(unicodedata.normalize("NFKC", answer).upper(), answer)
    text = ItemText(
        kind,
        cells["stem"],
        choices=choices,
        explanation=cells.get("explanation", ""),
        topic=cells.get("topic", ""),
        difficulty=level,
        stem_en=cells.get("stem_en", ""),
        choices_en=_listed(cells, "choice_en"),
        explanation_en=cells.get("explanation_en", ""),
    )
    return with_answer(text, answer)


def _listed(cells: dict[str, str], name: str) -> tuple[str, ...]:
    """Return the choices up to the last that is filled; the letter that some write before each is not part of it."""
    found = [cells.get(f"{name} {letter}", "") for letter in LETTERS]
    while found and not found[-1]:
        found.pop()
    marked = [_MARKED.match(choice) for choice in found]
    if found and all(mark and mark[1] == letter for mark, letter in zip(marked, LETTERS, strict=False)):
        return tuple(mark[2] for mark in marked if mark)
    return tuple(found)


def write_sheet(items: Iterable[ItemText], *, english: bool = False) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of a sheet that reads back as the same items; in Chinese words, or in English."""
    items = list(items)
    longest = max((len(text.choices) for text in items), default=0)
    letters = LETTERS[: max(longest, _FEWEST_WRITTEN)]
    columns = [
        "kind",
        "stem",
        *(f"choice {letter}" for letter in letters),
        "answer",
        "explanation",
        "topic",
        "difficulty",
    ]
    if any(text.stem_en or text.choices_en or text.explanation_en for text in items):
        columns += ["stem_en", *(f"choice_en {letter}" for letter in letters), "explanation_en"]
    headings = [HEADINGS[column][int(english)] for column in columns]
    return headings, [[_cells(text, english=english)[column] for column in columns] for text in items]


def _cells(text: ItemText, *, english: bool) -> defaultdict[str, str]:
    word = int(english)
    return defaultdict(
        str,
        kind=KIND_WORDS[text.kind][word],
        stem=text.stem,
        answer=write_answer(text, english=english),
        explanation=text.explanation,
        topic=text.topic,
        difficulty=DIFFICULTY_WORDS[text.difficulty][word],
        stem_en=text.stem_en,
        explanation_en=text.explanation_en,
        **{f"choice {letter}": choice for letter, choice in zip(LETTERS, text.choices, strict=False)},
        **{f"choice_en {letter}": choice for letter, choice in zip(LETTERS, text.choices_en, strict=False)},
    )
