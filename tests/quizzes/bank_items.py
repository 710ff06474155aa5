# ruff: noqa: RUF001 - full-width letters as offices type them
"""Items for tests: the office's own workbook, and any item that the bank can hold."""

from pathlib import Path

from hypothesis import strategies as st

from scheduler.core.text import fold
from scheduler.quizzes.rules.bank.items import UnfitItem, check_item
from scheduler.quizzes.terms.bank import LETTERS, Difficulty, ItemKind, ItemText

BANK = Path(__file__).resolve().parents[1] / "data" / "item-bank.xlsx"
"""The bank as the training office keeps it: 32 items."""

# every sign that one of the forms gives a meaning to, and letters of several sorts
_LETTERS = st.sampled_from("甲乙８80ab Z²，。%|~={}#:\\/<>&;[]\"'*-+@!?()\n\t_.\u3000$n，é")
_LINES = st.sampled_from("甲乙８80ab Z²，。%~={}#:\\/<>&;[]\"'*-+@!?()_.\u3000$n，é")


def _text(letters: st.SearchStrategy[str], most: int = 25) -> st.SearchStrategy[str]:
    marks = st.sampled_from(
        ["->", "[html]", "//", "::", "%50%", "####", "<b>", "&lt;", "T", "=", "$CATEGORY: x", "\\n"]
    )
    piece = st.one_of(st.text(letters, max_size=most), marks)
    return st.lists(piece, min_size=1, max_size=3).map("".join)


@st.composite
def items(draw: st.DrawFn) -> ItemText:
    """Draw an item that holds."""
    kind = draw(st.sampled_from(ItemKind))
    english = draw(st.booleans())
    choices = draw(st.lists(_text(_LINES), min_size=2, max_size=5))
    key = draw(st.sets(st.sampled_from(LETTERS[: len(choices)]), min_size=1))
    keys = {ItemKind.SINGLE: min(key), ItemKind.TRUE_FALSE: draw(st.sampled_from("TF"))}
    text = ItemText(
        kind,
        draw(_text(_LETTERS)),
        tuple(choices),
        keys.get(kind, "".join(key)),
        tuple(draw(st.lists(_text(_LINES), min_size=1, max_size=4))),
        explanation=draw(_text(_LETTERS)) if draw(st.booleans()) else "",
        topic=draw(st.sampled_from(["", "培训评估", "a/b", "x: {y} = z"])),
        difficulty=draw(st.sampled_from(Difficulty)),
        stem_en=draw(_text(_LETTERS)) if english else "",
        choices_en=tuple(f"{place} {choice}" for place, choice in enumerate(choices)) if english else (),
        explanation_en=draw(_text(_LETTERS)) if english else "",
    )
    try:
        return check_item(text)
    except UnfitItem:
        return check_item(
            ItemText(
                ItemKind.TRUE_FALSE, fold(text.stem) or "题", key="T", topic=text.topic, difficulty=text.difficulty
            )
        )
