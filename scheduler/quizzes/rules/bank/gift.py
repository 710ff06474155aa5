"""Items in GIFT, the text form of Moodle."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scheduler.core.errors import lazy
from scheduler.quizzes.rules.bank.answers import find_difficulty
from scheduler.quizzes.rules.bank.categories import read_category
from scheduler.quizzes.rules.bank.gift_syntax import (
    ESCAPED,
    Answer,
    Unsupported,
    answers_of,
    general_part,
    parted,
    split_at,
    unescaped,
)
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.rules.bank.markup import Plain, looks_marked_up, plain_text
from scheduler.quizzes.terms.bank import FALSE, LETTERS, TRUE, Difficulty, ItemKind, ItemText
from scheduler.quizzes.terms.reading import MOST_ITEMS, Format, Place, Reading, ReadItem

_FORMAT = re.compile(r"\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)", re.IGNORECASE)
_TAG = re.compile(r"\[tag:([^\]]*)\]")
_TITLE = re.compile(r"\s*::((?:\\.|[^\\:]|:(?!:))*)::", re.DOTALL)
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?=#|$)", re.IGNORECASE)
_GAP = "____"
_FULL = 100.0


@dataclass(slots=True)
class _Block:
    """The lines of one question, without comments; `line` is where it begins."""

    line: int
    topic: str
    tags: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    open: int = 0
    """How many answer blocks are begun and not ended."""

    def take(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)
        bare = ESCAPED.sub("", line)
        self.open += bare.count("{") - bare.count("}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_gift(text: str) -> Reading:
    """Read the questions of a GIFT text; those of sorts that the bank does not have are named."""
    reading = Reading(Format.GIFT)
    for block in _blocks(text):
        place = Place(block.line)
        if len(reading.items) + reading.refused >= MOST_ITEMS:
            reading.say(place, lazy("A file holds at most %(most)s items; the rest was not read."), most=MOST_ITEMS)
            break
        try:
            reading.items.append(ReadItem(place, check_item(_Question(block, place, reading).item())))
        except Unsupported as error:
            reading.refuse(place, error.message_id, block.text.strip()[:60])
        except UnfitItem as refusal:
            reading.refuse(place, refusal.message_id, block.text.strip()[:60], **refusal.facts)
    return reading


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the questions: parted by blank lines, save where an answer block is still open and goes on."""
    topic, tags = "", list[str]()
    lines = text.split("\n")
    block: _Block | None = None
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            tags.extend(_TAG.findall(stripped))
        elif block is None and (found := _CATEGORY.match(stripped)):
            topic, tags = read_category(found[1]), []
        elif stripped:
            if block is None:
                block, tags = _Block(number, topic, tags), []
            block.take(line)
        elif block is not None and not (block.open > 0 and _goes_on(lines, number)):
            yield block
            block = None
    if block is not None:
        yield block


def _goes_on(lines: Sequence[str], start: int) -> bool:
    following = next((line.strip() for line in lines[start : start + 5] if line.strip()), "")
    return following.startswith(("=", "~", "}", "#"))


@dataclass(frozen=True, slots=True)
class _Question:
    """One question on its way to an item."""

    block: _Block
    place: Place
    reading: Reading

    def item(self) -> ItemText:
        """Return the item, not checked yet; raises Unsupported."""
        text = self.block.text
        title = ""
        if found := _TITLE.match(text):
            title, text = unescaped(found[1]).strip(), text[found.end() :]
        marked = _FORMAT.match(text.lstrip())
        form = marked[1].lower() if marked else "moodle"
        text = text.lstrip()[marked.end() :] if marked else text
        before, inside, after = parted(text)
        gap = _GAP if after.strip() else ""
        stem = self._taken(unescaped(f"{before}{gap}{after}"), form)
        if not stem.text.strip():
            stem = Plain(title)
        answers, general = general_part(inside)
        explanation = self._plain(unescaped(general), form)
        base = ItemText(
            ItemKind.SHORT,
            stem.text,
            stem_en=stem.english,
            explanation=explanation.text,
            explanation_en=explanation.english,
            topic=self.block.topic,
            difficulty=next(filter(None, map(find_difficulty, self.block.tags)), Difficulty.MEDIUM),
        )
        return self._of_kind(base, answers, form)

    def _of_kind(self, base: ItemText, inside: str, form: str) -> ItemText:
        if not inside.strip():
            return base
        if inside.lstrip().startswith("#"):
            raise Unsupported(lazy("A numerical question: the bank has no such type. Write it as a fill-in."))
        if _TRUTH.match(inside):
            return self._truth(base, inside, form)
        answers = list(answers_of(inside))
        if not answers:
            raise Unsupported(lazy("The answer block cannot be read: answers begin with = or ~."))
        if any("->" in answer.text for answer in answers) and all(answer.right for answer in answers):
            raise Unsupported(lazy("A matching question: the bank has no such type."))
        if all(answer.right for answer in answers):
            return self._fill(base, answers, form)
        return self._choice(base, answers, form)

    def _truth(self, base: ItemText, inside: str, form: str) -> ItemText:
        word, *feedback = split_at(inside, "#")
        key = TRUE if word.strip().upper().startswith("T") else FALSE
        said = [self._plain(unescaped(part), form).text.strip() for part in feedback]
        return replace(base, kind=ItemKind.TRUE_FALSE, key=key, explanation=_joined(base.explanation, said))

    def _fill(self, base: ItemText, answers: Sequence[Answer], form: str) -> ItemText:
        whole = [answer for answer in answers if answer.weight is None or answer.weight >= _FULL]
        for answer in answers:
            if answer not in whole:
                self.reading.warn(
                    self.place,
                    lazy("An answer that counts in part only is not accepted here: %(answer)s."),
                    answer=unescaped(answer.text).strip()[:60],
                )
        accepted = tuple(self._plain(unescaped(answer.text), form).text for answer in whole)
        said = _labelled((answer.text.strip(), answer.feedback) for answer in answers)
        return replace(base, kind=ItemKind.FILL, accepted=accepted, explanation=_joined(base.explanation, said))

    def _choice(self, base: ItemText, answers: Sequence[Answer], form: str) -> ItemText:
        choices = [self._plain(unescaped(answer.text), form) for answer in answers]
        key = "".join(letter for letter, answer in zip(LETTERS, answers, strict=False) if answer.counts)
        weighed = any(answer.weight is not None for answer in answers)
        one = sum(answer.right for answer in answers) == 1
        if one:
            key = next((letter for letter, answer in zip(LETTERS, answers, strict=False) if answer.right), "")
        if one and any(answer.counts and not answer.right for answer in answers):
            self.reading.warn(self.place, lazy("The choices that count in part are taken as wrong."))
        elif not one and not weighed and key:
            self.reading.warn(self.place, lazy("Several right answers without weights: taken as multiple choice."))
        kind = ItemKind.SINGLE if one else ItemKind.MULTIPLE
        said = _labelled(zip(LETTERS, (answer.feedback for answer in answers), strict=False))
        return replace(
            base,
            kind=kind,
            key=key,
            choices=tuple(choice.text for choice in choices),
            choices_en=_english(choices),
            explanation=_joined(base.explanation, said),
        )

    def _plain(self, source: str, form: str) -> Plain:
        """Return an answer or a feedback, which may name a form of its own."""
        marked = _FORMAT.match(source.lstrip())
        if marked is None:
            return self._taken(source, form)
        return self._taken(source.lstrip()[marked.end() :], marked[1].lower())

    def _taken(self, source: str, form: str) -> Plain:
        if form == "html" or (form != "plain" and looks_marked_up(source)):
            found = plain_text(source)
            for lost in found.media:
                self.reading.warn(self.place, lazy("A picture or the like is left out: %(what)s."), what=lost)
            return found
        return Plain(source.strip())


def _english(choices: Sequence[Plain]) -> tuple[str, ...]:
    if not any(choice.english for choice in choices):
        return ()
    return tuple(choice.english or choice.text for choice in choices)


def _labelled(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label}: {plain_text(unescaped(said)).text}" for label, said in pairs if said]


def _joined(explanation: str, said: Iterable[str]) -> str:
    return "\n".join(part for part in (explanation, *said) if part)
