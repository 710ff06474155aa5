"""What an answer is worth, in hundredths of a point so that halves and shares stay whole numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.core.text import fold
from scheduler.quizzes.terms.bank import FALSE, LETTERS, TRUE, ItemKind
from scheduler.quizzes.terms.sittings import PartialCredit

POINT = 100
"""What one point is in a score."""
MOST_ANSWERED = 10_000
"""Characters of a written answer."""
_AGREE = 3
"""Two markers agree who differ by at most a third of the points."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is right: letters, T or F, or the accepted forms; `void`: whatever was answered gets the points."""

    kind: ItemKind
    key: str = ""
    accepted: tuple[str, ...] = ()
    void: bool = False


def score_of(key: Key, answer: str, points: int, credit: PartialCredit) -> int | None:
    """Return what `answer` is worth, in hundredths of a point; None where a person has to mark it."""
    full = points * POINT
    if key.void:
        return full
    if not answer:
        return 0
    if key.kind is ItemKind.SHORT:
        return None
    if key.kind is ItemKind.FILL:
        return full if fold(answer) in {fold(form) for form in key.accepted} else 0
    if key.kind is ItemKind.MULTIPLE and answer != key.key:
        return _part(key.key, answer, full, credit)
    return full if answer == key.key else 0


def _part(key: str, answer: str, full: int, credit: PartialCredit) -> int:
    if credit is PartialCredit.NONE or not set(answer) <= set(key):
        return 0
    return full // 2 if credit is PartialCredit.HALF else full * len(answer) // len(key)


def marks_agreed(marks: Sequence[int], points: int, *, double: bool) -> int | None:
    """Return the score that marks (in hundredths, in the order given) come to; None while another marker is needed.

    One marker's word holds; with double marking the mean of two who agree to within a third of the points, rounded
    down; where they do not, a third marks and the middle one holds.
    """
    if not double:
        return marks[0] if marks else None
    if len(marks) == 2 and abs(marks[0] - marks[1]) * _AGREE <= points * POINT:  # noqa: PLR2004 - both markers
        return sum(marks) // 2
    return sorted(marks)[1] if len(marks) > 2 else None  # noqa: PLR2004 - as above


def has_passed(score: int, out_of: int, pass_mark: int) -> bool:
    """Tell whether `score` (hundredths) of `out_of` points reaches `pass_mark` per cent; nothing is rounded."""
    return score >= pass_mark * out_of


def shown_answer(answer: str, order: str) -> str:
    """Return the letters of the bank's order as those that this person sees."""
    if not order:
        return answer
    return "".join(sorted(LETTERS[order.index(letter)] for letter in answer if letter in order))


def kept_answer(kind: ItemKind, sent: str, order: str) -> str | None:
    """Return what is kept of an answer as a browser sent it; None for what is no answer to such a question.

    Letters are those that the person sees; they are kept in the bank's order, each once. Nothing is an answer too. Of
    what was written, control characters are left out: they come with pasted text, and the words must not be lost for them.
    """
    if kind is ItemKind.TRUE_FALSE:
        return sent if sent in {"", TRUE, FALSE} else None
    if order:
        places = [LETTERS.find(letter) for letter in sent]
        if any(not 0 <= place < len(order) for place in places) or len(set(places)) != len(places):
            return None
        if kind is ItemKind.SINGLE and len(places) > 1:
            return None
        return "".join(sorted(order[place] for place in places))
    written = without_controls(sent)
    return written if len(written) <= MOST_ANSWERED else None


def without_controls(text: str) -> str:
    """Return `text` without what no database keeps or no page shows; tabs stay, and line breaks of whatever system."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


_CONTROLS = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff]")
