"""What an answer is worth, and that the letters which a person sees and those of the bank are one answer."""

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.quizzes.rules.grading import (
    MOST_ANSWERED,
    Key,
    has_passed,
    kept_answer,
    marks_agreed,
    score_of,
    shown_answer,
)
from scheduler.quizzes.terms.bank import LETTERS, ItemKind
from scheduler.quizzes.terms.sittings import PartialCredit

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE, HALF, SHARE = PartialCredit.NONE, PartialCredit.HALF, PartialCredit.SHARE
ABD = Key(ItemKind.MULTIPLE, "ABD")
_CONTROLS = [*range(9), 11, 12, *range(14, 32), 127, 0xD800, 0xDFFF]
"""What is left out of a written answer: all control characters but the tab and the breaks, and halves of pairs."""
FILL = Key(ItemKind.FILL, accepted=("2", "两", "Two Times"))


@pytest.mark.parametrize(
    ("key", "answer", "points", "credit", "score"),
    [
        (Key(ItemKind.SINGLE, "C"), "C", 2, SHARE, 200),
        (Key(ItemKind.SINGLE, "C"), "B", 2, SHARE, 0),
        (Key(ItemKind.SINGLE, "C"), "", 2, SHARE, 0),
        (Key(ItemKind.TRUE_FALSE, "F"), "F", 1, NONE, 100),
        (Key(ItemKind.TRUE_FALSE, "F"), "T", 1, NONE, 0),
        *((ABD, "ABD", 3, credit, 300) for credit in PartialCredit),
        *((ABD, "AB", 3, credit, score) for credit, score in ((NONE, 0), (HALF, 150), (SHARE, 200))),
        *((ABD, "D", 1, credit, score) for credit, score in ((NONE, 0), (HALF, 50), (SHARE, 33))),
        *((ABD, "ABC", 3, credit, 0) for credit in PartialCredit),  # a wrong choice makes it worth nothing
        *((ABD, "ABCD", 3, credit, 0) for credit in PartialCredit),
        *((ABD, "", 3, credit, 0) for credit in PartialCredit),
        (FILL, "\uff12", 2, NONE, 200),
        (FILL, " 2\u3000", 2, NONE, 200),
        (FILL, "\uff54\uff37\uff2f times", 2, NONE, 200),
        (FILL, "\u200b两\ufeff", 2, NONE, 200),
        (FILL, "二", 2, NONE, 0),
        (FILL, "\u3000 ", 2, NONE, 0),
        (Key(ItemKind.SHORT), "选点", 4, NONE, None),
        (Key(ItemKind.SHORT), "", 4, NONE, 0),
        (Key(ItemKind.SHORT, void=True), "选点", 4, NONE, 400),
        (Key(ItemKind.SINGLE, void=True), "", 2, NONE, 200),
    ],
)
def test_worth(key: Key, answer: str, points: int, credit: PartialCredit, score: int | None) -> None:
    assert score_of(key, answer, points, credit) == score


_LETTERS = st.sets(st.sampled_from(LETTERS), min_size=1).map(lambda found: "".join(sorted(found)))


@given(_LETTERS, st.one_of(st.just(""), _LETTERS), st.integers(1, 100), st.sampled_from(PartialCredit))
def test_a_part_is_never_worth_all_and_more_right_choices_never_less(
    key: str, answer: str, points: int, credit: PartialCredit
) -> None:
    score = score_of(Key(ItemKind.MULTIPLE, key), answer, points, credit)
    assert score is not None
    assert 0 <= score <= points * 100
    assert (score == points * 100) == (answer == key)
    if set(answer) <= set(key):
        more = "".join(sorted({*answer, key[0]}))
        better = score_of(Key(ItemKind.MULTIPLE, key), more, points, credit)
        assert better is not None
        assert better >= score
    else:
        assert score == 0


@pytest.mark.parametrize(
    ("marks", "points", "double", "score"),
    [
        ([], 4, False, None),
        ([350], 4, False, 350),
        ([350, 0], 4, False, 350),
        ([400], 4, True, None),
        ([300, 400], 3, True, 350),  # apart by exactly a third
        ([299, 400], 3, True, None),
        ([0, 1], 1, True, 0),
        ([0, 400, 100], 4, True, 100),
        ([400, 0, 500], 4, True, 400),
    ],
)
def test_marks(marks: "Sequence[int]", points: int, double: bool, score: int | None) -> None:  # noqa: FBT001 - a column
    assert marks_agreed(marks, points, double=double) == score


@given(st.integers(0, 20_000), st.integers(1, 200), st.integers(1, 100))
def test_the_pass_mark_is_that_of_exact_fractions(score: int, out_of: int, mark: int) -> None:
    assert has_passed(score, out_of, mark) == (Fraction(score, 100 * out_of) >= Fraction(mark, 100))


@given(st.integers(2, 10).flatmap(lambda many: st.permutations(LETTERS[:many])).map("".join), st.data())
def test_what_is_shown_and_what_is_kept_are_each_others_inverse(order: str, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(order)))
    answer = "".join(sorted(chosen))
    shown = shown_answer(answer, order)
    assert {order[LETTERS.index(letter)] for letter in shown} == chosen
    sent = "".join(data.draw(st.permutations(shown)))
    assert kept_answer(ItemKind.MULTIPLE, sent, order) == answer
    assert kept_answer(ItemKind.SINGLE, shown, order) == (answer if len(answer) < 2 else None)


@pytest.mark.parametrize(
    ("kind", "sent", "order", "kept"),
    [
        (ItemKind.SINGLE, "A", "CAB", "C"),
        (ItemKind.SINGLE, "", "CAB", ""),
        (ItemKind.SINGLE, "D", "CAB", None),
        (ItemKind.SINGLE, "a", "CAB", None),
        (ItemKind.SINGLE, "\uff21", "CAB", None),
        (ItemKind.MULTIPLE, "AA", "CAB", None),
        (ItemKind.MULTIPLE, "BA", "CAB", "AC"),
        (ItemKind.TRUE_FALSE, "T", "", "T"),
        (ItemKind.TRUE_FALSE, "TF", "", None),
        (ItemKind.TRUE_FALSE, "A", "", None),
        (ItemKind.FILL, " \uff12 ", "", " \uff12 "),
        *((ItemKind.FILL, f"a{chr(control)}b", "", "ab") for control in _CONTROLS),
        *((ItemKind.SHORT, f"一{chr(control)}\n二{chr(control)}", "", "一\n二") for control in _CONTROLS),
        (ItemKind.FILL, "\x00\x1b\ud800", "", ""),
        (ItemKind.SHORT, "一\n\t二\n", "", "一\n\t二\n"),
        (ItemKind.SHORT, "一\r\n二\r三", "", "一\n二\n三"),
        (ItemKind.SHORT, "\u200b一\u3000二\x85三\U0001f600", "", "\u200b一\u3000二\x85三\U0001f600"),
        (ItemKind.SINGLE, "A\x00", "CAB", None),
        (ItemKind.TRUE_FALSE, "T\x00", "", None),
        (ItemKind.SHORT, "x" * MOST_ANSWERED + "\x00" * 9, "", "x" * MOST_ANSWERED),
        (ItemKind.SHORT, "x" * MOST_ANSWERED, "", "x" * MOST_ANSWERED),
        (ItemKind.SHORT, "x" * (MOST_ANSWERED + 1), "", None),
    ],
)
def test_what_is_kept(kind: ItemKind, sent: str, order: str, kept: str | None) -> None:
    assert kept_answer(kind, sent, order) == kept
