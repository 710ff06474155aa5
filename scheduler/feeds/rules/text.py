"""Text that may stand in a calendar, whatever was typed or imported."""

import re

# C0 controls but the line feed, DEL and C1, lone surrogates
_UNFIT = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_LINE_ENDS = re.compile("\\r\\n|[\\r\\x0b\\x0c\\x85\\u2028\\u2029]")


def plain(text: str) -> str:
    """Return `text` with line feeds as its only line ends and no other control character."""
    fit = _UNFIT.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    # icalendar takes a typed backslash and N for a line break; the full-width one means the same to a reader
    return fit.replace("\\N", "\uff3cN")


def line(text: str) -> str:
    """Return `text` as one line."""
    return " ".join(plain(text).split("\n")).strip()
