"""Reading the State Council's notice on public holidays as it is published and pasted.

Sentences such as 春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
The notice checks itself: weekdays in brackets and the number of days must agree with the dates.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.agenda.rules.workday_names import named
from scheduler.agenda.terms import DayKind, DayMark
from scheduler.core.errors import lazy

_TITLE = re.compile(r"关于(\d{4})年")
_SECTION = re.compile(r"^\s*[一二三四五六七八九十]+、\s*([^:：\n]{1,20})[:：]", re.MULTILINE)
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日")
_BRACKET = re.compile(r"\(([^)]*)\)")
_COUNT = re.compile(r"共(\d{1,2})天|放假(\d{1,2})天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_TO = re.compile(r"\s*(?:至|到|[-—–~])+\s*")
_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日")} | {"天": 6}
_LONGEST_HOLIDAY = 15


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the notice that does not agree with itself; `message_id` is filled with `facts`."""

    message_id: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class ReadYear:
    """What was read: the year, its days that depart from their weekday, and what was not understood."""

    year: int
    marks: tuple[DayMark, ...]
    problems: tuple[Problem, ...] = field(default=())


def year_of_notice(text: str) -> int | None:
    """Return the year that the notice's title names."""
    found = _TITLE.search(unicodedata.normalize("NFKC", text))
    return int(found[1]) if found else None


def read_notice(text: str, year: int) -> ReadYear:
    """Read all sections of the pasted text of the notice for `year`; sentences that order nothing are passed over."""
    plain = unicodedata.normalize("NFKC", text).replace("\r", "")
    heads = list(_SECTION.finditer(plain))
    marks: dict[date, DayMark] = {}
    problems: list[Problem] = []
    for place, head in enumerate(heads):
        end = heads[place + 1].start() if place + 1 < len(heads) else len(plain)
        body = re.sub(r"\s+", "", plain[head.end() : end])
        for mark in _read_section(head[1].strip(), body, year, problems):
            if mark.day in marks and marks[mark.day].kind is not mark.kind:
                problems.append(_problem(lazy("%(day)s is both a day off and a working day."), day=mark.day))
            marks[mark.day] = mark
    if not marks:
        problems.append(Problem(lazy("No section such as 一、元旦：1月1日…放假 was found in the text."), {}))
    return ReadYear(year, tuple(marks[day] for day in sorted(marks)), tuple(problems))


def _read_section(name: str, body: str, year: int, problems: list[Problem]) -> Iterator[DayMark]:
    month: int | None = None
    for sentence in body.split("。"):
        off: list[date] = []
        for clause in re.split("[,，;；]", sentence):
            kind = DayKind.OFF if "放假" in clause else DayKind.WORK if "上班" in clause else None
            if kind is None:
                continue
            days, month = _days(clause, year, month, problems)
            yield from (named(DayMark(day, kind, name, "")) for day in days)
            off += days if kind is DayKind.OFF else []
        count = _COUNT.search(sentence)
        if off and count and int(count[1] or count[2]) != len(off):
            problems.append(
                _problem(
                    lazy("%(name)s: the notice says %(count)s days, its dates give %(found)s."),
                    name=name,
                    count=int(count[1] or count[2]),
                    found=len(off),
                )
            )


def _days(clause: str, year: int, month: int | None, problems: list[Problem]) -> tuple[list[date], int | None]:
    days: list[date] = []
    previous: date | None = None
    joined = False
    place = 0
    while found := _DATE.search(clause, place):
        if found[2]:
            month = int(found[2])
        place = found.end()
        try:
            day = date(int(found[1] or year), month or 0, int(found[3]))
        except ValueError:
            problems.append(_problem(lazy("%(text)s is no date."), text=found[0]))
            continue
        bracket = _BRACKET.match(clause, place)
        if bracket:
            place = bracket.end()
            _check_weekday(day, bracket[1], problems)
        if joined and previous is not None and 0 < (day - previous).days < _LONGEST_HOLIDAY:
            days += [previous + timedelta(days=offset) for offset in range(1, (day - previous).days + 1)]
        elif joined:
            problems.append(_problem(lazy("%(text)s is not a span of dates."), text=clause))
        else:
            days.append(day)
        to = _TO.match(clause, place)
        joined, previous = to is not None, day
        place = to.end() if to else place
    return days, month


def _check_weekday(day: date, bracket: str, problems: list[Problem]) -> None:
    said = _WEEKDAY.search(bracket)
    if said and _WEEKDAYS[said[1]] != day.weekday():
        problems.append(
            _problem(lazy("%(day)s is not a 周%(weekday)s: is it the right year?"), day=day, weekday=said[1])
        )


def _problem(message_id: str, **facts: object) -> Problem:
    return Problem(message_id, {name: str(value) for name, value in facts.items()})
