"""What a text from outside must satisfy before it is kept: clean, of bounded length, normalised."""

import re
import unicodedata

from scheduler.core.errors import Refusal, lazy

# Cc: controls, Cs: lone surrogates, Co/Cn are left alone (rare names use private characters); U+2028/9 break lines,
# the bidirectional controls make a text read otherwise than it is.
_FORBIDDEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]"
)
_INVISIBLE = re.compile("[\\u200b\\u2060\\ufeff]")  # of no width: come along when texts are pasted from a sheet
_BREAK = re.compile(r"[\r\n\t]")
_SPACES = re.compile(r"[ \u3000\u00a0\u2000-\u200a\u202f\u205f]+")


class UnfitText(Refusal):
    """A text holds characters that are not allowed, or is too long."""


def clean_line(value: str, *, limit: int, label: str = "") -> str:
    """Return one line of text: NFC, outer and repeated blanks (also ideographic ones) folded.

    Refuses control characters, line breaks and more than `limit` characters with UnfitText.
    """
    line = _INVISIBLE.sub("", value).strip()
    if _BREAK.search(line):
        raise UnfitText(lazy("%(label)s: line breaks are not allowed here."), label=label)
    return _bounded(_SPACES.sub(" ", line), limit, label)


def clean_text(value: str, *, limit: int, label: str = "") -> str:
    """Return a text of several lines: NFC, line feeds as line ends; refuses control characters and excess length."""
    lines = _INVISIBLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _bounded(lines, limit, label)


def _bounded(value: str, limit: int, label: str) -> str:
    if _FORBIDDEN.search(value):
        raise UnfitText(lazy("%(label)s: control characters are not allowed."), label=label)
    normal = unicodedata.normalize("NFC", value)
    if len(normal) > limit:
        raise UnfitText(
            lazy("%(label)s: at most %(limit)s characters, this has %(length)s."),
            label=label,
            limit=limit,
            length=len(normal),
        )
    return normal


MOST_DIGITS = 9
"""No key of a row, page or year has more; a longer number no database could take."""


def whole_number(text: str | int | None) -> int | None:
    """Return the number that `text` writes in at most nine digits; None for anything else that came from outside.

    A form's field that was not sent holds the number that the page gave it; that comes back as it is.
    """
    written = str(text)
    return int(written) if written.isdecimal() and len(written) <= MOST_DIGITS else None


def fold(value: str) -> str:
    """Return the form used to compare texts typed by hand: NFKC (full-width to half-width), no blanks, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _INVISIBLE.sub("", value))).casefold()
