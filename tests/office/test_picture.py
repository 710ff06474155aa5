from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from scheduler.agenda.terms import DayKind, DayMark
from scheduler.office.rules.picture import DAY, draw_year, heat_level, label_of, lanes, tone_of
from scheduler.office.terms.picture import YearClass, YearLecture

ZONE = ZoneInfo("Asia/Shanghai")


def study(number: int, first: date, last: date, title: str = "班") -> YearClass:
    return YearClass(number, f"C{number}", title, first, last)


def test_classes_that_overlap_lie_in_lanes_of_their_own() -> None:
    classes = [
        study(1, date(2026, 4, 1), date(2026, 4, 5)),
        study(2, date(2026, 4, 3), date(2026, 4, 4)),
        study(3, date(2026, 4, 5), date(2026, 4, 6)),
        study(4, date(2026, 4, 7), date(2026, 4, 8)),
    ]
    assert lanes(classes) == [0, 1, 1, 0]


def test_a_class_over_two_months_has_a_bar_in_each() -> None:
    months = draw_year(
        2026,
        [study(1, date(2026, 1, 30), date(2026, 2, 2)), study(2, date(2025, 12, 30), date(2026, 1, 2))],
        [YearLecture(9, "讲", datetime(2026, 1, 31, 17, tzinfo=UTC))],
        {},
        {date(2026, 1, 30): 2, date(2026, 2, 1): 4},
        today=date(2026, 2, 1),
        language="en",
        zone=ZONE,
    )
    assert len(months) == 12
    january, february = months[:2]
    assert [(bar.one.id, bar.x, bar.width) for bar in january.bars] == [
        (2, 1, 2 * DAY - 2),
        (1, 29 * DAY + 1, 2 * DAY - 2),
    ]
    assert [(bar.x, bar.width) for bar in february.bars] == [(1, 2 * DAY - 2)]
    assert [dot.day for dot in february.dots] == [date(2026, 2, 1)]
    assert january.dots == ()
    assert (len(january.cells), len(february.cells)) == (31, 28)
    assert [cell.day.day for cell in february.cells if cell.today] == [1]
    assert (january.heat[29].level, february.heat[0].level, february.heat[1].level) == (2, 4, 0)
    assert january.width == february.width == 31 * DAY


def test_days_have_tones() -> None:
    off, work = date(2026, 1, 1), date(2026, 1, 4)
    marks = {off: DayMark(off, DayKind.OFF, "元旦", "New Year"), work: DayMark(work, DayKind.WORK, "元旦", "New Year")}
    days = (off, work, date(2026, 1, 10), date(2026, 1, 12))
    assert [tone_of(day, marks) for day in days] == ["off", "adjusted", "rest", "work"]


def test_heat_is_a_share_of_the_busiest_day() -> None:
    assert [heat_level(count, 8) for count in (0, 1, 2, 3, 8)] == [0, 1, 1, 2, 4]


def test_a_bar_says_what_it_can_hold() -> None:
    one = YearClass(1, "C", "数字经济专题研修班", date(2026, 1, 1), date(2026, 1, 2), theme="数字经济")
    assert label_of(one, 200) == "数字经济专题研修班"
    assert label_of(one, 60) == "数字经济"
    assert label_of(one, 40) == "数字…"
    assert label_of(one, 5) == ""
