from datetime import date

import pytest

from scheduler.agenda.actions.workdays import marks_by_year
from scheduler.agenda.rules.holiday_notice import read_notice, year_of_notice
from scheduler.agenda.rules.workday_changes import compare, from_lines, to_lines
from scheduler.agenda.terms import DayKind

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_the_notice_of_2026_reads_as_the_package_knows_it() -> None:
    read = read_notice(NOTICE_2026, 2026)
    assert read.problems == ()
    known = sorted(marks_by_year()[2026], key=lambda mark: mark.day)
    assert list(read.marks) == known
    assert len(read.marks) == 33 + 6
    assert year_of_notice(NOTICE_2026) == 2026


@pytest.mark.parametrize(
    ("text", "year", "off", "work"),
    [
        ("一、元旦：1月1日（周三）放假1天，不调休。", 2025, [date(2025, 1, 1)], []),
        ("一、元旦：1月1日放假，与周末连休。", 2024, [date(2024, 1, 1)], []),
        (
            "三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。",
            2024,
            [date(2024, 4, 4), date(2024, 4, 5), date(2024, 4, 6)],
            [date(2024, 4, 7)],
        ),
        (
            "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
            2023,
            [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)],
            [],
        ),
        (
            "二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。",
            2024,
            [date(2024, 2, day) for day in range(10, 18)],
            [date(2024, 2, 4), date(2024, 2, 18)],
        ),
        (
            "四、劳动节: ５月１日(周六)—2日放假，5月3日上班。",
            2027,
            [date(2027, 5, 1), date(2027, 5, 2)],
            [date(2027, 5, 3)],
        ),
    ],
)
def test_forms_of_other_years(text: str, year: int, off: list[date], work: list[date]) -> None:
    read = read_notice(text, year)
    assert read.problems == ()
    assert [mark.day for mark in read.marks if mark.kind is DayKind.OFF] == off
    assert [mark.day for mark in read.marks if mark.kind is DayKind.WORK] == work


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("一、元旦：1月1日（周五）放假。", "right year"),
        ("一、元旦：1月1日至3日放假，共4天。", "says"),
        ("一、元旦：1月32日放假。", "no date"),
        ("一、元旦：1日放假。", "no date"),
        ("一、元旦：1月5日至1月2日放假。", "not a span"),
        ("一、元旦：1月1日放假。1月1日上班。", "both"),
        ("各单位：1月1日放假。", "No section"),
        ("", "No section"),
    ],
)
def test_what_does_not_agree_with_itself_is_said(text: str, problem: str) -> None:
    assert any(problem in found.message_id for found in read_notice(text, 2026).problems)


def test_names_of_two_festivals_at_once() -> None:
    read = read_notice("七、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）上班。", 2025)
    assert {mark.name_en for mark in read.marks} == {
        "National Day and Mid-Autumn Festival",
        "Working day for National Day and Mid-Autumn Festival",
    }


def test_the_difference_of_two_versions_and_its_lines() -> None:
    old = {mark.day: mark for mark in read_notice("一、元旦：1月1日至2日放假。", 2027).marks}
    new = read_notice("一、元旦：1月1日放假。1月3日上班。", 2027).marks
    assert [(change.day.day, change.kind) for change in compare(2027, old, new)] == [(2, "removed"), (3, "added")]
    assert from_lines(to_lines(new)) == list(new)
    for bad in ("2027-01-01\toff", "x\toff\ta\tb", "2027-01-01\tmaybe\ta\tb"):
        with pytest.raises(ValueError, match=r".+"):
            from_lines(bad)
