"""Both catalogues are whole: every text that the source asks for is there, with the same places to fill."""

import re

import pytest
from babel.messages.catalog import Message

from tests.harness import catalogues

_PLACES = re.compile(r"%\((\w+)\)")


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_of_the_source_has_a_translation(language: str) -> None:
    asked = {_key(message) for message in catalogues.extracted() if message.id}
    catalogue = catalogues.translated(language)
    given = {_key(message) for message in catalogue if message.id}
    assert sorted(asked - given) == [], "run: python3 dev.py catalogues"
    assert sorted(given - asked) == [], "run: python3 dev.py catalogues"
    assert catalogues.untranslated(catalogue) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_fill_the_same_places(language: str) -> None:
    wrong = []
    for message in catalogues.translated(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        places = {place for text in ids for place in _PLACES.findall(text)}
        # one form of a plural may do without its number ("one class"), none may ask for more than is given
        needed = set.intersection(*(set(_PLACES.findall(text)) for text in ids))
        for text in strings:
            named = set(_PLACES.findall(text))
            if not needed <= named <= places:
                wrong.append((ids[0], text))
    assert wrong == []


def test_english_says_what_the_source_says() -> None:
    assert [message.id for message in catalogues.translated("en") if message.id and message.string != message.id] == []
