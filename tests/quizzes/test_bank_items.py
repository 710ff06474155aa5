# ruff: noqa: RUF001 - full-width letters as offices type them
from dataclasses import replace

import pytest

from scheduler.quizzes.rules.bank.answers import read_letters, with_answer, write_answer
from scheduler.quizzes.rules.bank.duplicates import find_alike, shingles
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item, item_digest
from scheduler.quizzes.terms.bank import ItemKind, ItemText

SINGLE = ItemText(ItemKind.SINGLE, "几次？", ("1次", "2次", "3次"), "B")
MULTIPLE = replace(SINGLE, kind=ItemKind.MULTIPLE, key="CA")
TRUTH = ItemText(ItemKind.TRUE_FALSE, "对吗。", key="T")
FILL = ItemText(ItemKind.FILL, "____次", accepted=("2", "２", " 两 ", "二", ""))
SHORT = ItemText(ItemKind.SHORT, "说明。", key="A", accepted=("x",), choices=("y",))


def test_an_item_is_kept_clean() -> None:
    assert check_item(replace(SINGLE, stem="  几次？\r\n ", choices=("无", " -\n", "+5"))) == replace(
        SINGLE, choices=("无", "-", "+5")
    )
    assert check_item(MULTIPLE).key == "AC"
    assert check_item(FILL).accepted == ("2", "两", "二")
    assert check_item(SHORT) == ItemText(ItemKind.SHORT, "说明。")
    assert check_item(replace(TRUTH, explanation_en="why")).explanation == "why"
    assert check_item(replace(SINGLE, choices=("kB", "KB", "m²", "m2"), key="D")).key == "D"


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (replace(SINGLE, stem=" \u3000\n"), "stem", "The stem is empty."),
        (replace(SINGLE, stem="x" * 2001), "stem", "Too long: 2001 characters, at most 2000."),
        (replace(SINGLE, stem="a\x00b"), "stem", "Control characters are not allowed here."),
        (replace(SINGLE, choices=("1",), key="A"), "choices", "An item has between 2 and 10 choices, this has 1."),
        (replace(SINGLE, choices=tuple("abcdefghijk")), "choices", "An item has between 2 and 10 choices, this has 11."),
        (replace(SINGLE, choices=("1", "", "3")), "choices", "Choice B is empty."),
        (replace(SINGLE, choices=("80%", "8 0%", "3")), "choices", "The choices A and B are the same."),
        (replace(SINGLE, choices=("80%", "８０％", "3")), "choices", "The choices A and B are the same."),
        (replace(SINGLE, choices_en=("1", "2")), "choices_en", "There must be as many English choices as Chinese ones, or none."),
        (replace(SINGLE, key=""), "key", "The right answer is missing."),
        (replace(SINGLE, key="D"), "key", "The answer names D, which is no choice."),
        (replace(SINGLE, key="AB"), "key", "A single choice item has exactly one right answer, this has AB."),
        (replace(TRUTH, key="A"), "key", "Say whether the statement is true or false."),
        (replace(FILL, accepted=(" ",)), "accepted", "A fill-in item needs at least one accepted answer."),
        (replace(FILL, accepted=("a|b",)), "accepted", "An accepted answer cannot hold a |, which parts one from the next."),
        (replace(FILL, accepted=tuple(map(str, range(21)))), "accepted", "A fill-in item accepts at most 20 forms, this has 21."),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_refused(text: ItemText, field: str, said: str) -> None:
    with pytest.raises(UnfitItem) as refused:
        check_item(text)
    assert (refused.value.field, str(refused.value)) == (field, said)


def test_items_that_ask_the_same_have_one_digest() -> None:
    same = [
        SINGLE,
        replace(SINGLE, stem="几 次?", key="A", topic="x"),
        replace(SINGLE, choices=("１次", "2 次", "3次")),
    ]
    others = [
        MULTIPLE,
        replace(SINGLE, choices=("2次", "1次", "3次")),
        replace(SINGLE, choices=("1次2次", "3次")),
        replace(SINGLE, stem="几次？1次", choices=("2次", "3次")),
    ]
    assert len({item_digest(one) for one in same}) == 1
    assert len({item_digest(one) for one in [SINGLE, *others]}) == 5
    assert len(item_digest(SINGLE)) == 32


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        *((MULTIPLE, one, "ABC") for one in ("ABC", "A,B,C", "A、B、C", "A B C", "ＡＢＣ", "a;b；c", "CBAA", "A,B和C", "（ABC）", "A|B|C")),
        *((TRUTH, one, "T") for one in ("正确", "对", "是", "√", "T", "true", "Ｔ", "1")),
        *((TRUTH, one, "F") for one in ("错误", "错", "否", "×", "F", "False", "x", "0")),
        (FILL, "2|两｜二\n贰", ("2", "两", "二", "贰")),
        (FILL, "A,B", ("A,B",)),
    ],
)  # fmt: skip
def test_answers_are_read_as_offices_write_them(text: ItemText, written: str, meant: str | tuple[str, ...]) -> None:
    read = with_answer(replace(text, key="", accepted=()), written)
    assert (read.key or read.accepted) == meant
    for english in (False, True):
        assert with_answer(text, write_answer(read, english=english)) == replace(text, key=read.key, accepted=read.accepted or text.accepted)  # fmt: skip


def test_what_is_no_answer_is_refused() -> None:
    for text, written in ((SINGLE, "80%"), (SINGLE, "AZ"), (TRUTH, "也许")):
        with pytest.raises(UnfitItem):
            with_answer(text, written)
    assert read_letters(" ") == ""
    assert with_answer(SHORT, "要点").explanation == "要点"


def test_near_duplicates_are_found() -> None:
    bank = ["干部夜校固定在每周哪一天晚上举办？", "导师每月对帮带对象至少进行几次业务指导？", "短"]
    new = ["干部夜校固定在每周哪一天晚上举办", "导师 每月对帮带对象至少进行几次业务指导呢？", "短", "挂职锻炼时间不少于多久？", "挂职锻炼时间不少于多久?!"]  # fmt: skip
    assert find_alike(new, bank) == {0: 0, 1: 1, 2: 2, 4: -4}
    assert shingles("ab c") == {"abc"}
    many = [f"单位{number}的合格率以应考为分母是多少？" for number in range(3000)]
    assert len(find_alike(many, many)) == 3000
