# ruff: noqa: RUF001, DTZ001 - full-width letters as offices type them, naive times as the reader of workbooks gives them
from datetime import date, datetime, time, timedelta

import pytest

from scheduler.core.access import Role
from scheduler.office.rules.cells import Unreadable, is_blank, read_cell, shown
from scheduler.office.terms.sheets import SHEET, CellKind, Column, SheetKey
from scheduler.office.terms.words import PARTS_OF_DAY, ROLES
from scheduler.people.terms import UnitKind


def read(kind: CellKind, value: object, *, limit: int = 40) -> object:
    return read_cell(value, Column("any", kind, ("any",), limit=limit, words=ROLES))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-16", "2026/1/16", "2026年1月16日", "20260116", "2026.1.16", "２０２６－０１－１６", "２０２６年１月１６日",
        "　2026-1-16 ", "2026-01-16 00:00:00", 46038, 46038.0, "46038", date(2026, 1, 16), datetime(2026, 1, 16, 9),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form_that_offices_type(typed: object) -> None:
    assert read(CellKind.DAY, typed) == date(2026, 1, 16)


@pytest.mark.parametrize("typed", ["2026-02-30", "16/1/2026", "明天", "2026-13-01", 12, "20261301", "99999999"])
def test_what_is_no_date_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read(CellKind.DAY, typed)


@pytest.mark.parametrize("typed", ["1968-05", "1968年5月", "1968.05", "１９６８／５", date(1968, 5, 1)])
def test_a_birthday_may_be_a_month(typed: object) -> None:
    assert read(CellKind.MONTH, typed) == date(1968, 5, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "14:30", "１４：３０", "14：30", "14:30:00", "14点30分", "14时30分", "14点半", "下午2:30", "2:30 pm", "1430", "下午2点半",
        time(14, 30), 14.5 / 24, timedelta(hours=14, minutes=30), datetime(1899, 12, 30, 14, 30),
    ],
)  # fmt: skip
def test_a_time_is_read_in_every_form(typed: object) -> None:
    assert read(CellKind.CLOCK, typed) == time(14, 30)


@pytest.mark.parametrize("typed", ["25:00", "9", "上午", "19:75", 1.5, "2460"])
def test_what_is_no_time_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read(CellKind.CLOCK, typed)


@pytest.mark.parametrize("typed", [60.0, 60, "60", "60.0", "６０", "60人", " 60 ", "第60期"])
def test_a_count_is_read(typed: object) -> None:
    assert read(CellKind.COUNT, typed, limit=1000) == 60


@pytest.mark.parametrize("typed", ["六十", 60.5, -1, 1001, "NaN", "inf"])
def test_what_is_no_count_is_refused(typed: object) -> None:
    with pytest.raises(Unreadable):
        read(CellKind.COUNT, typed, limit=1000)


def test_money_is_read() -> None:
    assert read(CellKind.MONEY, "72,000.50元", limit=10**9) == 72000.5
    with pytest.raises(Unreadable):
        read(CellKind.MONEY, -1, limit=10**9)


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (CellKind.CODE, "Ａ０１－０１ ", "A01-01"),
        (CellKind.CODE, 10000000001.0, "10000000001"),
        (CellKind.NAME, "张　三", "张三"),
        (CellKind.NAME, "Anna  Maria", "Anna Maria"),
        (CellKind.LINE, "　政策解读、 公文写作　", "政策解读、 公文写作"),
        (CellKind.CODES, "L001；L002、L001", ("L001", "L002")),
        (CellKind.QUOTA, "A01:3；A02：5", (("A01", 3), ("A02", 5))),
        (CellKind.QUOTA, "Ａ０１：３人，A02=5、A03 2\nA04(7)", (("A01", 3), ("A02", 5), ("A03", 2), ("A04", 7))),
    ],
)
def test_texts_are_read(kind: CellKind, typed: object, expected: object) -> None:
    assert read(kind, typed, limit=100_000) == expected


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (CellKind.NAME, "=1+1"),
        (CellKind.LINE, "+86"),
        (CellKind.LINE, "@SUM(A1)"),
        (CellKind.NAME, "-张三"),
        (CellKind.LINE, "长" * 41),
        (CellKind.LINE, "两\n行"),
        (CellKind.LINE, "控\x07制"),
        (CellKind.QUOTA, "A01"),
        (CellKind.QUOTA, "A01:3；A01:4"),
        (CellKind.WORD, "董事长"),
    ],
)
def test_texts_that_do_not_fit_are_refused(kind: CellKind, typed: object) -> None:
    with pytest.raises(Unreadable):
        read(kind, typed)


def test_words_have_synonyms_in_both_languages() -> None:
    assert read(CellKind.WORDS, "学员、导师") == (Role.TRAINEE, Role.MENTOR)
    assert read(CellKind.WORD, "　联络员") is Role.UNIT_OFFICER
    kind = next(column for column in SHEET[SheetKey.UNITS].columns if column.key == "kind")
    assert read_cell("市直部门", kind) is UnitKind.BUREAU
    assert {read_cell(word, kind) for word in ("科室", "Section", "ＳＥＣＴＩＯＮ")} == {UnitKind.SECTION}


def test_every_word_of_our_own_means_one_thing() -> None:
    for sheet in SHEET.values():
        for column in sheet.columns:
            for member, words in column.words.items():
                assert [read_cell(word, column) for word in words] == [member] * len(
                    words
                ) or column.kind is CellKind.WORDS
    assert PARTS_OF_DAY


@pytest.mark.parametrize("typed", [None, "", "  ", "　", "无", "-", "—", "/"])
def test_what_says_nothing_is_blank(typed: object) -> None:
    assert is_blank(typed)


def test_what_was_found_is_shown_without_control_characters() -> None:
    assert shown("a\x00b") == "a�b"
    assert shown(60.0) == "60"
    assert len(shown("长" * 200)) == 60
