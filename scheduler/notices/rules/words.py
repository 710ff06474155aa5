"""How a notice is put into words."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

_ENGLISH = "_en"
_PLACE = re.compile(r"%\((\w+)\)s")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def fill(sentence: str, facts: Mapping[str, object], in_words: Callable[[datetime | date], str]) -> str:
    """Return `sentence` with its %(name)s places filled; instants and days (ISO 8601) as `in_words` says them.

    Notices outlive the code that wrote them: a fact that a newer sentence asks for in vain shows as an ellipsis.
    """

    def said(place: re.Match[str]) -> str:
        fact = str(facts.get(place[1], "…"))
        if _INSTANT.fullmatch(fact):
            return in_words(datetime.fromisoformat(fact))
        return in_words(date.fromisoformat(fact)) if _DAY.fullmatch(fact) else fact

    return _PLACE.sub(said, sentence).replace("%%", "%").strip()


def in_language(facts: Mapping[str, object], language: str) -> dict[str, object]:
    """Return facts for a reader of `language`: to an English one a fact's English twin (`x_en` of `x`) stands for it."""
    twins = {name.removesuffix(_ENGLISH): fact for name, fact in facts.items() if name.endswith(_ENGLISH)}
    return {**facts, **(twins if language == "en" else {})}
