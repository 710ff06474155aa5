import io
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from scheduler.agenda.rules.holiday_files import UnreadableFile, kind_of, read_file
from scheduler.agenda.terms import DayKind

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20271001
DTEND;VALUE=DATE:20271004
SUMMARY:国庆节（休）
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20271009
SUMMARY:国庆 补班
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20270101T000000Z
DTEND:20270102T000000Z
SUMMARY:元旦 假期 第1天/共1天
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20270312
SUMMARY:植树节
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART;VALUE=DATE:20281001
SUMMARY:国庆节（休）
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def sheet(*rows: tuple[object, ...]) -> bytes:
    data = io.BytesIO()
    book = Workbook(data, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.write(number, place, cell)
    book.close()
    return data.getvalue()


def test_a_calendar_file() -> None:
    read = read_file(CALENDAR, None)
    assert read.year == 2027
    assert [(mark.day, mark.kind, mark.name_zh) for mark in read.marks] == [
        (date(2027, 1, 1), DayKind.OFF, "元旦"),
        (date(2027, 10, 1), DayKind.OFF, "国庆节"),
        (date(2027, 10, 2), DayKind.OFF, "国庆节"),
        (date(2027, 10, 3), DayKind.OFF, "国庆节"),
        (date(2027, 10, 9), DayKind.WORK, "国庆节调休上班"),
    ]
    assert [problem.facts for problem in read.problems] == [{"text": "植树节"}]
    assert [mark.day.year for mark in read_file(CALENDAR, 2028).marks] == [2028]


def test_a_sheet() -> None:
    read = read_file(
        sheet(
            ("日期", "类型", "名称"),
            (datetime(2027, 1, 1), "休", "元旦"),  # noqa: DTZ001 - sheets know no zone
            ("２０２７年2月6日", "放假", "春节"),  # noqa: RUF001 - full-width digits, as they are typed
            ("2027-02-14", "班", "春节"),
            ("2027-13-40", "休", "错"),
            ("2027-03-01", "", "无"),
        ),
        None,
    )
    assert [(mark.day, mark.kind, mark.name_zh) for mark in read.marks] == [
        (date(2027, 1, 1), DayKind.OFF, "元旦"),
        (date(2027, 2, 6), DayKind.OFF, "春节"),
        (date(2027, 2, 14), DayKind.WORK, "春节调休上班"),
    ]
    assert [problem.facts["row"] for problem in read.problems] == [5, 6]


def test_what_is_no_such_file_is_refused() -> None:
    huge = io.BytesIO()
    with ZipFile(huge, "w") as archive:
        for number in range(300):
            archive.writestr(str(number), "")
    for data in (b"hello", b"PK\x03\x04 broken", huge.getvalue(), b"x" * (2 * 1024 * 1024 + 1)):
        with pytest.raises(UnreadableFile):
            read_file(data, None)
    empty = read_file(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", 2027)
    assert (empty.marks, len(empty.problems)) == ((), 1)


def test_kinds() -> None:
    assert [kind_of(text) for text in ("班", "休", "ALTERNATE-WORKDAY", "WORK-HOLIDAY", "x")] == [
        DayKind.WORK,
        DayKind.OFF,
        DayKind.WORK,
        DayKind.OFF,
        None,
    ]


PLAIN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
{events}END:VCALENDAR
"""


def _plain(*titles: str, instant: bool = False) -> bytes:
    start = "DTSTART:20271001T010000Z" if instant else "DTSTART;VALUE=DATE:20271001"
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\n{start}\nSUMMARY:{title}\nEND:VEVENT\n" for number, title in enumerate(titles)
    )
    return PLAIN.format(events=events).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("春节", "春节"),
        ("国庆", "国庆节"),
        ("国庆节、中秋节", "国庆节、中秋节"),
        ("National Day", "国庆节"),
        ("Labor Day", "劳动节"),
        ("New Year’s Day", "元旦"),
    ],
)
def test_a_public_holiday_by_its_plain_name_is_off_and_pointed_out(title: str, name: str) -> None:
    read = read_file(_plain(title), 2027)
    assert [(mark.day, mark.kind, mark.name_zh) for mark in read.marks] == [(date(2027, 10, 1), DayKind.OFF, name)]
    assert "was read as days off" in read.problems[0].message_id


@pytest.mark.parametrize("title", ["植树节", "Mother's Day", "国庆晚会", ""])
def test_other_plain_titles_are_passed_over_and_pointed_out(title: str) -> None:
    read = read_file(_plain(title), 2027)
    assert read.marks == ()
    assert "passed over" in read.problems[0].message_id


def test_an_hour_is_no_holiday_whatever_it_is_called() -> None:
    assert read_file(_plain("国庆节", instant=True), 2027).marks == ()
