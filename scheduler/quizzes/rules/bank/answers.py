"""The right answer as offices write it: letters in many forms, true and false in many words, forms parted by |."""

import re
import unicodedata
from dataclasses import replace

from scheduler.core.errors import lazy
from scheduler.core.text import fold
from scheduler.quizzes.rules.bank.items import UnfitItem
from scheduler.quizzes.terms.bank import CHOOSING, FALSE, LETTERS, TRUE, Difficulty, ItemKind, ItemText
from scheduler.quizzes.terms.words import DIFFICULTY_WORDS, KIND_WORDS, TRUTH_WORDS

_LETTERS = re.compile(rf"[{LETTERS}]+")
_BETWEEN = re.compile(r"[\s,;、.。/|&+\-()\[\]和及与]+|AND")
_FORMS = re.compile(r"[|｜]|\s*[\r\n]+\s*")
_KINDS = {fold(word): kind for kind, words in KIND_WORDS.items() for word in (*words, kind.value)}
_DIFFICULTIES = {fold(word): level for level, words in DIFFICULTY_WORDS.items() for word in (*words, level.value)}
_TRUTHS = {fold(word): truth for truth, words in TRUTH_WORDS.items() for word in words}


def find_kind(word: str) -> ItemKind | None:
    """Return the kind that a word means, such as 单选题; None if it is not known."""
    return _KINDS.get(fold(word))


def find_difficulty(word: str) -> Difficulty | None:
    """Return the difficulty that a word means, such as 易; None if it is not known."""
    return _DIFFICULTIES.get(fold(word))


def find_truth(word: str) -> str | None:
    """Return T or F for a word that means it, such as 对 or ×; None for any other."""
    return _TRUTHS.get(fold(word))


def with_answer(text: ItemText, written: str) -> ItemText:
    """Return the item with the key, or the accepted forms, that `written` means for its kind; not checked yet.

    "ABCD", "A,B", "A、B" and "A C" are letters, also full-width; 对, √ and T are true; "2|两|二" are forms of a fill-in. What is
    written for a short answer, such as its main points, becomes part of the explanation. Refuses with UnfitItem what
    is none of this.
    """
    if text.kind in CHOOSING:
        return replace(text, key=read_letters(written))
    if text.kind is ItemKind.TRUE_FALSE:
        if not written.strip():
            return replace(text, key="")
        truth = find_truth(written)
        if truth is None:
            raise UnfitItem(lazy("This is neither true nor false. Write 正确 or 错误, or T or F."), field="key")
        return replace(text, key=truth)
    if text.kind is ItemKind.FILL:
        return replace(text, accepted=tuple(form for form in _FORMS.split(written) if form.strip()))
    parts = (part for part in (text.explanation.strip(), written.strip()) if part)
    return replace(text, explanation="\n".join(dict.fromkeys(parts)))


def read_letters(written: str) -> str:
    """Return the letters of an answer, in order, each once; refuses with UnfitItem what are no letters of choices."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", written).upper())
    if plain and not _LETTERS.fullmatch(plain):
        raise UnfitItem(
            lazy("This is no answer. Write the letters of the right choices, such as A or ABD."), field="key"
        )
    return "".join(sorted(set(plain)))


def write_answer(text: ItemText, *, english: bool = False) -> str:
    """Return the answer as a sheet or a form shows it; `with_answer` reads the same back."""
    if text.kind is ItemKind.TRUE_FALSE:
        return TRUTH_WORDS[TRUE if text.key == TRUE else FALSE][int(english)]
    return "|".join(text.accepted) if text.kind is ItemKind.FILL else text.key
