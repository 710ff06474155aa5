"""Reading one cell as offices type it: full-width digits, ideographic blanks, dates and times in many forms."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeGuard

from scheduler.core.errors import lazy
from scheduler.core.text import UnfitText, clean_line, clean_text, fold
from scheduler.office.terms.sheets import CellKind, Column

_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_NOTHING = frozenset({"", "-", "—", "－", "/", "无", "none", "n/a"})
_FORMULA = ("=", "+", "-", "@")
_CJK_BLANK = re.compile(r"(?<=[\u3400-\u9fff·]) +(?=[\u3400-\u9fff·])")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?$")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_CLOCK = re.compile(
    r"(上午|下午|晚上?|早上?|中午)?\s*(\d{1,2})\s*(?:[:.点时]\s*(\d{1,2}|半)?\s*分?(?::\d{1,2})?)\s*(am|pm)?$",
    re.IGNORECASE,
)
_CLOCK_COMPACT = re.compile(r"(\d{2})(\d{2})$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_SEPARATORS = re.compile(r"[;,、\n|]+")
_QUOTA = re.compile(r"(.+?)\s*(?::|=|\(|\s|-(?=\d+$))\s*(\d+(?:\.0+)?)\s*[人名个]?\)?$")
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff_.@-]*\Z")
"""A text that is fit as it stands; most are, and the full reading of 100,000 cells takes seconds."""
_LONGEST_NOTHING = max(len(word) for word in _NOTHING)
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 7306, 73415
"""1920-01-01 and 2100-12-31 as Excel counts days."""
_NOON = 12


class Unreadable(Exception):
    """The cell cannot be read; says why, for the report."""

    def __init__(self, message_id: str, **facts: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.facts = facts


def is_blank(value: object) -> bool:
    """Tell whether a cell says nothing: empty, only blanks of any width, or one of the marks for "none"."""
    if not isinstance(value, str):
        return value is None
    if len(value) > _LONGEST_NOTHING:
        return value.isspace()
    return not value or _BLANKS.sub("", value).lower() in _NOTHING


def shown(value: object) -> str:
    """Return what the report shows as found: bounded, without control characters."""
    text = _plain(value)
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:60]


def read_cell(value: object, column: Column) -> Any:
    """Return the value of a cell that is not blank; refuses with Unreadable."""
    return _READERS[column.kind](value, column)


def _is_plain(value: object, column: Column) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= column.limit and _PLAIN.match(value) is not None


def _plain(value: object) -> str:
    """Return a cell as text; a number that Excel keeps as 60.0 is 60, dates and times in their ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)


def _narrow(value: object) -> str:
    """Return text with half-width digits, letters and signs, outer blanks gone."""
    return unicodedata.normalize("NFKC", _plain(value)).strip()


def _line(value: object, column: Column) -> str:
    if _is_plain(value, column):
        return value
    text = _plain(value)
    if text.lstrip().startswith(_FORMULA):
        raise Unreadable(lazy("A text must not begin with = + - or @: it looks like a formula."))
    try:
        return clean_line(text, limit=column.limit)
    except UnfitText as refusal:
        if "limit" in refusal.facts:
            raise _too_long(refusal, column) from refusal
        raise Unreadable(lazy("Line breaks and control characters are not allowed here.")) from refusal


def _text(value: object, column: Column) -> str:
    """Return a text of several lines, as a record holds it."""
    if _is_plain(value, column):
        return value
    text = _plain(value)
    if text.lstrip().startswith("="):
        raise Unreadable(lazy("A text must not begin with = + - or @: it looks like a formula."))
    try:
        return clean_text(text, limit=column.limit)
    except UnfitText as refusal:
        if "limit" in refusal.facts:
            raise _too_long(refusal, column) from refusal
        raise Unreadable(lazy("Line breaks and control characters are not allowed here.")) from refusal


def _too_long(refusal: UnfitText, column: Column) -> Unreadable:
    return Unreadable(
        lazy("Too long: %(length)s characters, at most %(limit)s."), length=refusal.facts["length"], limit=column.limit
    )


def _name(value: object, column: Column) -> str:
    if _is_plain(value, column):
        return value
    # 张　三 is how two-letter names are padded to three in a column
    return _CJK_BLANK.sub("", _line(value, column))


def _code(value: object, column: Column) -> str:
    if _is_plain(value, column):
        return value
    return _BLANKS.sub("", _line(_narrow(value), column))


def _codes(value: object, column: Column) -> tuple[str, ...]:
    parts = _SEPARATORS.split(_narrow(value))
    return tuple(dict.fromkeys(_code(part, column) for part in parts if part.strip()))


def _day(value: object, _column: Column) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _narrow(value)
    found = _DAY.match(text) or _COMPACT.match(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if _NUMBER.match(text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
            return _EPOCH + timedelta(days=int(float(text)))
    except ValueError:
        pass
    raise Unreadable(lazy("This is not a date. Write it like 2026-03-05."))


def _month(value: object, column: Column) -> date:
    found = _MONTH.match(_narrow(value)) if isinstance(value, str) else None
    return _day(f"{found[1]}-{found[2]}-1" if found else value, column)


def _clock(value: object, _column: Column) -> time:
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, (int, float)) and 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = _narrow(value)
    found = _CLOCK.match(text) if isinstance(value, str) else None
    compact = _CLOCK_COMPACT.match(text)
    try:
        if found:
            hour = int(found[2])
            minute = 30 if found[3] == "半" else int(found[3] or 0)
            later = (found[1] or "").startswith(("下", "晚")) or (found[4] or "").lower() == "pm"
            return time(hour + _NOON if later and hour < _NOON else hour, minute)
        if compact:
            return time(int(compact[1]), int(compact[2]))
    except ValueError:
        pass
    raise Unreadable(lazy("This is not a time of day. Write it like 19:00."))


def _number(value: object) -> float:
    text = re.sub(r"[,，\s]|元$|人$|名$|期$|学时$", "", _narrow(value))
    text = text.removeprefix("第")
    if not _NUMBER.match(text):
        raise Unreadable(lazy("This is not a number."))
    return float(text)


def _count(value: object, column: Column) -> int:
    number = _number(value)
    if not number.is_integer() or number < 0:
        raise Unreadable(lazy("This must be a whole number, not below 0."))
    if number > column.limit:
        raise Unreadable(lazy("This is more than %(limit)s."), limit=column.limit)
    return int(number)


def _money(value: object, column: Column) -> float:
    number = _number(value)
    if number < 0 or number > column.limit:
        raise Unreadable(lazy("This must be between 0 and %(limit)s."), limit=column.limit)
    return round(number, 2)


@cache
def _dictionary(key: tuple[tuple[StrEnum, tuple[str, ...]], ...]) -> dict[str, StrEnum]:
    return {fold(word): member for member, words in key for word in (*words, member.value)}


@cache
def _meaning(text: str, key: tuple[tuple[StrEnum, tuple[str, ...]], ...]) -> StrEnum | None:
    return _dictionary(key).get(fold(text))


def _word(value: object, column: Column) -> StrEnum:
    words = tuple(column.words.items())
    found = _meaning(_plain(value)[:80], words)
    if found is None:
        raise Unreadable(
            lazy("This word is not known here. Known are: %(words)s."), words="、".join(w[0] for _, w in words)
        )
    return found


def _words(value: object, column: Column) -> tuple[StrEnum, ...]:
    parts = re.split(r"[;；,，、/+\n]+", _plain(value))
    return tuple(dict.fromkeys(_word(part, column) for part in parts if part.strip()))


def _quota(value: object, column: Column) -> tuple[tuple[str, int], ...]:
    places: dict[str, int] = {}
    for part in _SEPARATORS.split(_narrow(value)):
        if not part.strip():
            continue
        found = _QUOTA.match(part.strip())
        if not found:
            raise Unreadable(
                lazy("Quotas are written like A01:3；A02:5; this part is not: %(part)s."), part=shown(part)
            )
        code = _code(found[1], column)
        if code in places:
            raise Unreadable(lazy("The unit %(code)s has two quotas."), code=code)
        places[code] = int(float(found[2]))
    return tuple(sorted(places.items()))


_READERS: dict[CellKind, Callable[[object, Column], Any]] = {
    CellKind.CODE: _code,
    CellKind.CODES: _codes,
    CellKind.NAME: _name,
    CellKind.LINE: _line,
    CellKind.TEXT: _text,
    CellKind.DAY: _day,
    CellKind.MONTH: _month,
    CellKind.CLOCK: _clock,
    CellKind.COUNT: _count,
    CellKind.MONEY: _money,
    CellKind.WORD: _word,
    CellKind.WORDS: _words,
    CellKind.QUOTA: _quota,
}
