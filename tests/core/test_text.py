from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.core.errors import lazy_gettext
from scheduler.core.text import UnfitText, clean_line, clean_text, fold, whole_number

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  第一期　　培训班 ", "第一期 培训班"),
        ("a\u00a0\u2003b", "a b"),
        ("\ufeff张三\u200b", "张三"),
        ("e\u0301", "é"),
        ("（2026）：甲", "（2026）：甲"),
        ("\r\n outer breaks go \n", "outer breaks go"),
    ],
)
def test_a_line_is_freed_of_what_nobody_meant(typed: str, kept: str) -> None:
    assert clean_line(typed, limit=40) == kept


@pytest.mark.parametrize(
    "typed", ["a\r\nBEGIN:VEVENT", "a\nb", "a\tb", "a\x00b", "a\x1bb", "a\x85b", "a\u2028b", "a\u202eb", "a\ud800b"]
)
def test_what_could_break_a_line_or_deceive_the_eye_is_refused(typed: str) -> None:
    with pytest.raises(UnfitText):
        clean_line(typed, limit=40, label="Title")


def test_the_limit_counts_characters_after_cleaning() -> None:
    assert clean_line("  " + "字" * 40, limit=40) == "字" * 40
    with pytest.raises(UnfitText) as refused:
        clean_line("字" * 41, limit=40, label="Title")
    assert str(refused.value) == "Title: at most 40 characters, this has 41."


def test_a_text_keeps_its_lines_with_one_kind_of_end() -> None:
    assert clean_text(" one\r\ntwo\rthree\n\tfour ", limit=40) == "one\ntwo\nthree\n\tfour"
    with pytest.raises(UnfitText):
        clean_text("a\x07b", limit=40)


@given(st.text(max_size=60))
def test_what_is_kept_is_clean_and_stays_as_it_is(typed: str) -> None:
    try:
        kept = clean_line(typed, limit=200)
    except UnfitText:
        return
    assert clean_line(kept, limit=200) == kept
    assert kept == kept.strip()
    assert not set(kept) & {"\r", "\n", "\t", "\x00", "\u3000"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("\uff21\uff22\uff23－\uff11\uff12", "abc-12"), ("19：00", "19:00"), ("张 三", "张三"), ("a\ufeffb", "AB")],
)
def test_texts_that_only_typing_tells_apart_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("12", 12),
        (12, 12),
        ("0", 0),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.0", None),
        ("1234567890", None),
        ("x", None),
    ],
)
def test_a_whole_number_is_what_a_key_can_be(given: str | int | None, number: int | None) -> None:
    assert whole_number(given) == number


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_names_the_field_in_the_readers_language(app: "Flask") -> None:
    with pytest.raises(UnfitText) as refused:
        clean_line("a\nb", limit=9, label=lazy_gettext("Name"))
    for tag, name in (("zh", "名称"), ("en", "Name")):
        with app.test_request_context(headers={"Accept-Language": tag}):
            assert refused.value.text.startswith(name)
