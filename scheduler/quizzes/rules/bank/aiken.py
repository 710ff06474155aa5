"""Items in Aiken: a stem, lettered choices, and a line ANSWER."""

import re
import unicodedata

from scheduler.core.errors import lazy
from scheduler.quizzes.rules.bank.answers import read_letters
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.terms.bank import LETTERS, ItemKind, ItemText
from scheduler.quizzes.terms.reading import MOST_ITEMS, Format, Place, Reading, ReadItem

_CHOICE = re.compile(rf"([{LETTERS}])\s?[.)、\uff0e）]\s*(.*)")
ANSWER = re.compile(r"(?:ANSWER|答案|正确答案)\s*[:：]\s*(.*)", re.IGNORECASE)
_EXPLANATION = re.compile(r"(?:解析|答案解析|EXPLANATION)\s*[:：]\s*(.*)", re.IGNORECASE)


def read_aiken(text: str) -> Reading:
    """Read the questions of an Aiken text; several letters behind ANSWER make a multiple choice item."""
    reading = Reading(Format.AIKEN)
    question = _Question(0)
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if len(reading.items) + reading.refused >= MOST_ITEMS:
            said = lazy("A file holds at most %(most)s items; the rest was not read.")
            reading.say(Place(number), said, most=MOST_ITEMS)
            return reading
        if question.answer is not None and stripped and not _EXPLANATION.match(stripped):
            question.end(reading)
            question = _Question(0)
        if stripped:
            question.line = question.line or number
            question.take(stripped)
    if question.line:
        question.end(reading)
    return reading


class _Question:
    """The lines of one question."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.answer: str | None = None
        self._stem: list[str] = []
        self._choices: list[str] = []
        self._explanation = ""
        self._gap = ""

    def take(self, line: str) -> None:
        """Add a line, which is not blank."""
        marked = _CHOICE.match(unicodedata.normalize("NFKC", line[:1]).upper() + line[1:])
        if said := _EXPLANATION.match(line):
            self._explanation = said[1]
        elif found := ANSWER.match(line):
            self.answer = found[1]
        elif marked and marked[1] == LETTERS[min(len(self._choices), len(LETTERS) - 1)]:
            self._choices.append(marked[2])
        elif self._choices and marked:
            self._gap = self._gap or marked[1]
        elif self._choices:
            self._choices[-1] = f"{self._choices[-1]} {line}"
        else:
            self._stem.append(line)

    def end(self, reading: Reading) -> None:
        """Add the item to the reading, or say why it is none."""
        place = Place(self.line)
        shown = " ".join(self._stem)[:60]
        if self._gap:
            reading.refuse(place, lazy("The choices are not lettered in order: %(letter)s."), shown, letter=self._gap)
        elif self.answer is None:
            reading.refuse(place, lazy("A question without a line ANSWER, or the file was cut off."), shown)
        else:
            try:
                key = read_letters(self.answer)
                kind = ItemKind.MULTIPLE if len(key) > 1 else ItemKind.SINGLE
                text = ItemText(kind, "\n".join(self._stem), tuple(self._choices), key, explanation=self._explanation)
                reading.items.append(ReadItem(place, check_item(text)))
            except UnfitItem as refusal:
                reading.refuse(place, refusal.message_id, shown, **refusal.facts)
