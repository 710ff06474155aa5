"""Items in Moodle XML: read and written."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from scheduler.core.errors import lazy
from scheduler.quizzes.rules.bank.answers import find_difficulty, find_truth
from scheduler.quizzes.rules.bank.categories import read_category, write_category
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.rules.bank.markup import Plain, looks_marked_up, marked_up, plain_text
from scheduler.quizzes.rules.bank.xml import Element
from scheduler.quizzes.terms.bank import CHOOSING, FALSE, LETTERS, TRUE, Difficulty, ItemKind, ItemText
from scheduler.quizzes.terms.reading import MOST_ITEMS, Format, Place, Reading, ReadItem

_WHOLE = 100.0
_NEVER_IN_XML = re.compile("[\ufffe\uffff]")


class UnsupportedQuestion(Exception):
    """A question of a type that the bank does not have."""


def read_moodle(root: Element) -> Reading:
    """Read the questions of a Moodle quiz; those of types that the bank does not have are named."""
    reading = Reading(Format.MOODLE)
    topic = ""
    for question in root.every("question"):
        kind, place = question.attributes.get("type", "").lower(), Place(question.line)
        if kind == "category":
            topic = read_category(question.said("category", "text"))
            continue
        if len(reading.items) + reading.refused >= MOST_ITEMS:
            reading.say(place, lazy("A file holds at most %(most)s items; the rest was not read."), most=MOST_ITEMS)
            break
        shown = (question.said("name", "text") or plain_text(question.said("questiontext", "text")).text)[:60]
        try:
            reading.items.append(ReadItem(place, check_item(_Question(question, place, reading).item(kind, topic))))
        except UnsupportedQuestion:
            reading.refuse(place, lazy("The bank has no such type of question: %(type)s."), shown, type=kind[:40])
        except UnfitItem as refusal:
            reading.refuse(place, refusal.message_id, shown, **refusal.facts)
    return reading


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer and what it is worth, in per cent."""

    fraction: float
    plain: Plain
    feedback: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One question on its way to an item."""

    element: Element
    place: Place
    reading: Reading

    def item(self, kind: str, topic: str) -> ItemText:
        """Return the item, not checked yet."""
        stem, general = (
            self._plain(self.element.first("questiontext")),
            self._plain(self.element.first("generalfeedback")),
        )
        notes = self._plain(self.element.first("graderinfo")).text
        tags = (tag.said("text") for tags in self.element.every("tags") for tag in tags.every("tag"))
        base = ItemText(
            ItemKind.SHORT,
            stem.text or self.element.said("name", "text"),
            stem_en=stem.english,
            explanation="\n".join(part for part in (general.text, notes) if part),
            explanation_en=general.english,
            topic=topic,
            difficulty=next(filter(None, map(find_difficulty, tags)), Difficulty.MEDIUM),
        )
        if kind == "essay":
            return base
        answers = list(self._answers())
        if kind == "multichoice":
            return self._choice(base, answers)
        if kind == "truefalse":
            right = max(answers, key=lambda answer: answer.fraction, default=None)
            key = (find_truth(right.plain.text) or "") if right else ""
            said = ((answer.plain.text, answer.feedback) for answer in answers)
            return replace(base, kind=ItemKind.TRUE_FALSE, key=key, explanation=_joined(base.explanation, said))
        if kind == "shortanswer":
            return self._fill(base, answers)
        raise UnsupportedQuestion

    def _choice(self, base: ItemText, answers: Sequence[_Answer]) -> ItemText:
        kind = ItemKind.MULTIPLE if self.element.said("single").lower() in {"false", "0"} else ItemKind.SINGLE
        worth = [answer.fraction for answer in answers]
        if kind is ItemKind.SINGLE:
            right = [fraction >= _WHOLE for fraction in worth]
            if any(0 < fraction < _WHOLE for fraction in worth):
                self.reading.warn(self.place, lazy("The choices that count in part are taken as wrong."))
        else:
            right = [fraction > 0 for fraction in worth]
        plains = [answer.plain for answer in answers]
        english = tuple(plain.english or plain.text for plain in plains) if any(p.english for p in plains) else ()
        said = zip(LETTERS, (answer.feedback for answer in answers), strict=False)
        return replace(
            base,
            kind=kind,
            key="".join(letter for letter, holds in zip(LETTERS, right, strict=False) if holds),
            choices=tuple(plain.text for plain in plains),
            choices_en=english,
            explanation=_joined(base.explanation, said),
        )

    def _fill(self, base: ItemText, answers: Sequence[_Answer]) -> ItemText:
        for answer in answers:
            if answer.fraction < _WHOLE:
                self.reading.warn(
                    self.place,
                    lazy("An answer that counts in part only is not accepted here: %(answer)s."),
                    answer=answer.plain.text[:60],
                )
            elif "*" in answer.plain.text.replace("\\*", ""):
                self.reading.warn(
                    self.place, lazy("The * in an accepted answer is taken for a letter, not for any text.")
                )
        accepted = tuple(answer.plain.text.replace("\\*", "*") for answer in answers if answer.fraction >= _WHOLE)
        said = ((answer.plain.text, answer.feedback) for answer in answers)
        return replace(base, kind=ItemKind.FILL, accepted=accepted, explanation=_joined(base.explanation, said))

    def _answers(self) -> Iterator[_Answer]:
        for answer in self.element.every("answer"):
            try:
                fraction = float(answer.attributes.get("fraction", "0"))
            except ValueError:
                fraction = 0.0
            yield _Answer(fraction, self._plain(answer), self._plain(answer.first("feedback")).text)

    def _plain(self, holder: Element | None) -> Plain:
        if holder is None:
            return Plain("")
        source, form = holder.said("text"), holder.attributes.get("format", "moodle_auto_format")
        if form == "html" or (form != "plain_text" and looks_marked_up(source)):
            found = plain_text(source)
            for lost in found.media:
                self.reading.warn(self.place, lazy("A picture or the like is left out: %(what)s."), what=lost)
            return found
        return Plain(source)


def _joined(explanation: str, said: Iterable[tuple[str, str]]) -> str:
    return "\n".join(part for part in (explanation, *(f"{label}: {text}" for label, text in said if text)) if part)


def write_moodle(items: Iterable[ItemText]) -> str:
    """Return the items as a Moodle quiz; `read_moodle` reads the same back. Topics are categories, difficulties tags."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    topic = None
    for number, text in enumerate(items, 1):
        if text.topic != topic:
            topic = text.topic
            path = _safe(write_category(topic))
            parts.append(f'<question type="category"><category><text>{path}</text></category></question>')
        parts.append(_written(text, number))
    return "\n".join([*parts, "</quiz>", ""])


_TYPES = {
    ItemKind.SINGLE: "multichoice",
    ItemKind.MULTIPLE: "multichoice",
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.FILL: "shortanswer",
    ItemKind.SHORT: "essay",
}


def _written(text: ItemText, number: int) -> str:
    name = _safe(f"{number} {text.stem.partition(chr(10))[0][:40]}")
    parts = [
        f'<question type="{_TYPES[text.kind]}">',
        f"<name><text>{name}</text></name>",
        _holder("questiontext", text.stem, text.stem_en),
        _holder("generalfeedback", text.explanation, text.explanation_en),
        f"<defaultgrade>1</defaultgrade><tags><tag><text>{text.difficulty.value}</text></tag></tags>",
        *_written_answers(text),
        "</question>",
    ]
    return "\n".join(parts)


def _written_answers(text: ItemText) -> Iterator[str]:
    if text.kind in CHOOSING:
        yield f"<single>{'true' if text.kind is ItemKind.SINGLE else 'false'}</single>"
        yield "<shuffleanswers>true</shuffleanswers><answernumbering>ABCD</answernumbering>"
        share = f"{_WHOLE / len(text.key):.5f}".rstrip("0").rstrip(".")
        wrong = "0" if text.kind is ItemKind.SINGLE else "-100"
        english = text.choices_en or ("",) * len(text.choices)
        for letter, choice, other in zip(LETTERS, text.choices, english, strict=False):
            yield _holder("answer", choice, other, fraction=share if letter in text.key else wrong)
    elif text.kind is ItemKind.TRUE_FALSE:
        for key, word in ((TRUE, "true"), (FALSE, "false")):
            yield _holder("answer", word, fraction="100" if key == text.key else "0")
    elif text.kind is ItemKind.FILL:
        yield "<usecase>0</usecase>"
        for accepted in text.accepted:
            yield _holder("answer", accepted.replace("*", "\\*"), fraction="100")


def _holder(name: str, text: str, english: str = "", fraction: str = "") -> str:
    worth = f' fraction="{fraction}"' if fraction else ""
    if english:
        return f'<{name}{worth} format="html"><text>{_safe(marked_up(text, english))}</text></{name}>'
    return f'<{name}{worth} format="plain_text"><text>{_safe(text)}</text></{name}>'


def _safe(text: str) -> str:
    return escape(_NEVER_IN_XML.sub("", text), quote=False)
