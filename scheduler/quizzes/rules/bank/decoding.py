"""Bytes from outside into text: UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030; a file cut in half is refused."""

import codecs
import re

from scheduler.core.errors import Refusal, lazy

LARGEST_TEXT = 5 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,20})[\"']")
_CHINESE = frozenset({"gb18030", "gbk", "gb2312", "cp936"})
_LONGEST = 4
"""Bytes of the longest letter in UTF-8 and in GB18030."""


class UnreadableFile(Refusal):
    """The file is of no form that we read, is damaged, or is too large."""


def decode(data: bytes) -> str:
    """Return the text of a file, with line feeds as line ends. Refuses with UnreadableFile."""
    if len(data) > LARGEST_TEXT:
        raise UnreadableFile(lazy("The file is too large: at most %(limit)s MiB."), limit=LARGEST_TEXT // 1024 // 1024)
    text = _decoded(data)
    if "\0" in text:
        raise UnreadableFile(lazy("This is no text file: it holds bytes that no text has."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    declared = _DECLARED.match(data)
    if declared and declared[1].decode().lower() in _CHINESE:
        return _strictly(data, "gb18030")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) - error.start < _LONGEST and error.start > 0 and _is_beginning(data[error.start :]):
            raise _cut() from error
    return _strictly(data, "gb18030")


def _is_beginning(rest: bytes) -> bool:
    """Tell whether the last bytes are a letter of UTF-8 that was begun: of a file in GB18030 they rarely are."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(rest, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) - error.start < _LONGEST:
            raise _cut() from error
        raise UnreadableFile(lazy("The text is neither UTF-8 nor GB18030. Save it as UTF-8 and try again.")) from error


def _cut() -> UnreadableFile:
    return UnreadableFile(lazy("The file ends in the middle of a letter: it was cut off. Export it once more."))
