"""The grammar of GIFT: escapes, answer blocks, answers with their weights and feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.core.errors import lazy

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SPECIAL = re.compile(r"[\\~=#{}:]")
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a question; `weight` is None where none was written."""

    right: bool
    weight: float | None
    text: str
    feedback: str

    @property
    def counts(self) -> bool:
        return self.weight > 0 if self.weight is not None else self.right


class Unsupported(Exception):
    """The question is of a sort that the bank does not have, or is no question."""

    def __init__(self, message_id: str) -> None:
        super().__init__(message_id)
        self.message_id = message_id


def unescaped(text: str) -> str:
    """Return a text without its escapes; a backslash before any other letter stays, as in formulas."""

    def letter(found: re.Match[str]) -> str:
        if found[1] == "n":
            return "\n"
        return found[1] if SPECIAL.match(found[1]) else found[0]

    return ESCAPED.sub(letter, text)


def split_at(text: str, mark: str, most: int = 0) -> list[str]:
    """Part a text at each `mark` that is not escaped."""
    parts: list[str] = []
    begin = place = 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(mark, place) and not (most and len(parts) >= most):
            parts.append(text[begin:place])
            place += len(mark)
            begin = place
        else:
            place += 1
    return [*parts, text[begin:]]


def parted(text: str) -> tuple[str, str, str]:
    """Return what stands before, in and after the answer block; raises Unsupported if there is not exactly one."""
    before, *opened = split_at(text, "{")
    if not opened:
        raise Unsupported(lazy("There is no answer block {…}: a description, or a line of text."))
    if len(opened) > 1:
        raise Unsupported(lazy("A question with several answer blocks: the bank has no such type."))
    inside, *closed = split_at(opened[0], "}", 1)
    if not closed:
        raise Unsupported(lazy("The answer block is not closed: a } is missing, or the file was cut off."))
    return before, inside, closed[0]


def general_part(inside: str) -> tuple[str, str]:
    """Return the answers, and the general feedback behind ####."""
    answers, *general = split_at(inside, "####", 1)
    return answers, general[0].strip() if general else ""


def answers_of(inside: str) -> Iterator[Answer]:
    """Yield the answers; none if something else stands before the first."""
    marks = list(_marks(inside))
    if not marks or inside[: marks[0]].strip():
        return
    for begin, end in zip(marks, [*marks[1:], len(inside)], strict=True):
        if inside[begin] == "~" and inside[begin + 1 : end].strip() == "" and end < len(inside):
            continue  # "~=" is how some write a right choice
        body = inside[begin + 1 : end]
        weight = _WEIGHT.match(body)
        text, *feedback = split_at(body[weight.end() :] if weight else body, "#", 1)
        yield Answer(
            inside[begin] == "=", float(weight[1]) if weight else None, text.strip(), "".join(feedback).strip()
        )


def _marks(inside: str) -> Iterator[int]:
    place = 0
    while place < len(inside):
        if inside[place] == "\\":
            place += 1
        elif inside[place] in "=~":
            yield place
        place += 1
