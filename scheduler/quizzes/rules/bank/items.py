"""What holds of an item, and when two are the same."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from scheduler.core.errors import Refusal, lazy
from scheduler.core.text import UnfitText, clean_line, clean_text, fold
from scheduler.quizzes.terms.bank import (
    ACCEPTED_LIMIT,
    CHOICE_LIMIT,
    CHOOSING,
    EXPLANATION_LIMIT,
    FALSE,
    LETTERS,
    MOST_CHOICES,
    STEM_LIMIT,
    TOPIC_LIMIT,
    TRUE,
    ItemKind,
    ItemText,
)

FEWEST_CHOICES = 2
MOST_ACCEPTED = 20
_BREAKS = re.compile(r"\s*[\r\n\t]\s*")
_BLANKS = re.compile(r"\s+")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_PART = "\x1f"  # no text holds it


class UnfitItem(Refusal):
    """An item does not hold; `field` says which part of it."""


def check_item(text: ItemText) -> ItemText:
    """Return the item as the bank keeps it: texts cleaned, letters in order, forms of a fill-in each once.

    Refuses with UnfitItem a blank stem, fewer than two or more than ten choices, choices that are alike, a key that does
    not suit the kind, a fill-in that accepts nothing, texts that are too long, and control characters.
    """
    stem = _block("stem", text.stem, STEM_LIMIT)
    if not fold(stem):
        raise UnfitItem(lazy("The stem is empty."), field="stem")
    cleaned = replace(
        text,
        stem=stem,
        stem_en=_block("stem_en", text.stem_en, STEM_LIMIT),
        explanation=_block("explanation", text.explanation, EXPLANATION_LIMIT),
        explanation_en=_block("explanation_en", text.explanation_en, EXPLANATION_LIMIT),
        topic=_line("topic", text.topic, TOPIC_LIMIT),
    )
    if not cleaned.explanation:
        cleaned = replace(cleaned, explanation=cleaned.explanation_en, explanation_en="")
    if text.kind in CHOOSING:
        return _choosing(cleaned)
    cleaned = replace(cleaned, choices=(), choices_en=())
    if text.kind is ItemKind.TRUE_FALSE:
        if text.key not in {TRUE, FALSE}:
            raise UnfitItem(lazy("Say whether the statement is true or false."), field="key")
        return replace(cleaned, accepted=())
    if text.kind is ItemKind.FILL:
        return replace(cleaned, key="", accepted=_accepted(text.accepted))
    return replace(cleaned, key="", accepted=())


def item_digest(text: ItemText) -> str:
    """Return 32 hexadecimal digits, the same for items that ask the same: of kind, stem and choices, folded."""
    parts = (text.kind.value, fold(text.stem), *(fold(choice) for choice in text.choices))
    return blake2b(_PART.join(parts).encode(), digest_size=16).hexdigest()


def _choosing(text: ItemText) -> ItemText:
    choices = tuple(_line("choices", choice, CHOICE_LIMIT) for choice in text.choices)
    choices_en = tuple(_line("choices_en", choice, CHOICE_LIMIT) for choice in text.choices_en)
    if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        raise UnfitItem(
            lazy("An item has between %(fewest)s and %(most)s choices, this has %(count)s."),
            field="choices",
            fewest=FEWEST_CHOICES,
            most=MOST_CHOICES,
            count=len(choices),
        )
    for letter, choice in zip(LETTERS, choices, strict=False):
        if not choice:
            raise UnfitItem(lazy("Choice %(letter)s is empty."), field="choices", letter=letter)
    _refuse_alike("choices", choices)
    if any(choices_en):
        if len(choices_en) != len(choices) or not all(choices_en):
            raise UnfitItem(lazy("There must be as many English choices as Chinese ones, or none."), field="choices_en")
        _refuse_alike("choices_en", choices_en)
    else:
        choices_en = ()
    return replace(text, choices=choices, choices_en=choices_en, accepted=(), key=_key(text, choices))


def _key(text: ItemText, choices: Sequence[str]) -> str:
    key = "".join(sorted(set(text.key)))
    if not key:
        raise UnfitItem(lazy("The right answer is missing."), field="key")
    for letter in key:
        if letter not in LETTERS[: len(choices)]:
            raise UnfitItem(lazy("The answer names %(letter)s, which is no choice."), field="key", letter=letter)
    if text.kind is ItemKind.SINGLE and len(key) > 1:
        raise UnfitItem(
            lazy("A single choice item has exactly one right answer, this has %(key)s."), field="key", key=key
        )
    return key


def _refuse_alike(field: str, choices: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for letter, choice in zip(LETTERS, choices, strict=False):
        # kB and KB, m² and m2 are different answers, so letters' case and raised figures count here
        first = seen.setdefault(_BLANKS.sub("", choice.translate(_NARROW)), letter)
        if first != letter:
            raise UnfitItem(
                lazy("The choices %(first)s and %(second)s are the same."), field=field, first=first, second=letter
            )


def _accepted(forms: Sequence[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for form in forms:
        clean = _line("accepted", form, ACCEPTED_LIMIT)
        if "|" in clean:
            raise UnfitItem(
                lazy("An accepted answer cannot hold a |, which parts one from the next."), field="accepted"
            )
        if fold(clean):
            kept.setdefault(fold(clean), clean)
    if not kept:
        raise UnfitItem(lazy("A fill-in item needs at least one accepted answer."), field="accepted")
    if len(kept) > MOST_ACCEPTED:
        raise UnfitItem(
            lazy("A fill-in item accepts at most %(most)s forms, this has %(count)s."),
            field="accepted",
            most=MOST_ACCEPTED,
            count=len(kept),
        )
    return tuple(kept.values())


def _line(field: str, value: str, limit: int) -> str:
    try:
        return clean_line(_BREAKS.sub(" ", value.strip()), limit=limit)
    except UnfitText as refusal:
        raise _unfit(field, refusal) from refusal


def _block(field: str, value: str, limit: int) -> str:
    try:
        return clean_text(value, limit=limit)
    except UnfitText as refusal:
        raise _unfit(field, refusal) from refusal


def _unfit(field: str, refusal: UnfitText) -> UnfitItem:
    """Return the refusal without a label: it stands beside the field, or beside the column of a sheet."""
    if "limit" in refusal.facts:
        facts = {name: refusal.facts[name] for name in ("limit", "length")}
        return UnfitItem(lazy("Too long: %(length)s characters, at most %(limit)s."), field=field, **facts)
    return UnfitItem(lazy("Control characters are not allowed here."), field=field)
