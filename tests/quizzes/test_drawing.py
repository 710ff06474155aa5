"""Drawing: each item once, as its rule asks, what was seen lately last."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.quizzes.rules.drawing import Drawable, TooFewItems, arrange, draws, fits, pick
from scheduler.quizzes.terms.bank import LETTERS, Difficulty, ItemKind
from scheduler.quizzes.terms.papers import DrawRule

TOPICS = ("法规", "写作", "公文")
_KINDS = st.sampled_from(ItemKind)
_LEVELS = st.sampled_from(Difficulty)
_POOLS = st.lists(st.tuples(_KINDS, st.sampled_from(TOPICS), _LEVELS), max_size=30).map(
    lambda rows: [Drawable(number, 1000 + number, *row, choices=4) for number, row in enumerate(rows)]
)
_RULES = st.lists(
    st.builds(
        DrawRule,
        st.integers(1, 4),
        st.integers(1, 100),
        st.one_of(st.none(), st.sampled_from(TOPICS)),
        st.one_of(st.none(), _KINDS),
        st.one_of(st.none(), _LEVELS),
    ),
    min_size=1,
    max_size=4,
)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable


def law(number: int, topic: str = "法规") -> Drawable:
    return Drawable(number, 1000 + number, ItemKind.SINGLE, topic, Difficulty.EASY, 4)


@given(_POOLS, _RULES, st.integers())
def test_a_draw_takes_each_item_once_in_the_order_of_its_rules(
    pool: list[Drawable], rules: list[DrawRule], seed: int
) -> None:
    try:
        picked = pick(rules, pool, dice(seed))
    except TooFewItems:
        with pytest.raises(TooFewItems):
            draws(rules, pool)  # chance decides which, never whether
        return
    draws(rules, pool)
    assert len({item.item_id for item, _points in picked}) == len(picked) == sum(rule.count for rule in rules)
    asked = [rule for rule in rules for _each in range(rule.count)]
    assert all(fits(rule, item) and points == rule.points for rule, (item, points) in zip(asked, picked, strict=True))


@given(st.integers())
def test_a_wide_rule_leaves_a_narrow_one_what_it_needs(seed: int) -> None:
    pool = [law(1), *(law(number, "写作") for number in range(2, 5))]
    picked = pick([DrawRule(3, 1), DrawRule(1, 5, "法规")], pool, dice(seed))
    assert [points for _item, points in picked] == [1, 1, 1, 5]
    assert picked[3][0].item_id == 1


@given(st.integers())
def test_whether_rules_can_be_met_is_no_matter_of_chance(seed: int) -> None:
    both = replace(law(2), kind=ItemKind.FILL)
    pool = [law(1), both, *(replace(law(number, "写作"), kind=ItemKind.FILL) for number in (3, 4))]
    picked = pick([DrawRule(1, 1, "法规"), DrawRule(3, 1, kind=ItemKind.FILL)], pool, dice(seed))
    assert picked[0][0].item_id == 1


@given(st.sets(st.integers(0, 9)), st.integers(1, 10), st.integers())
def test_what_was_seen_comes_only_where_nothing_else_is_left(seen: set[int], count: int, seed: int) -> None:
    pool = [law(number) for number in range(10)]
    picked = {item.item_id for item, _points in pick([DrawRule(count, 1)], pool, dice(seed), seen=seen)}
    assert len(picked & seen) == max(0, count - (10 - len(seen)))


@given(st.integers())
def test_people_get_different_draws(seed: int) -> None:
    chance, pool = dice(seed), [law(number) for number in range(40)]
    drawn = {tuple(item.item_id for item, _points in pick([DrawRule(5, 1)], pool, chance)) for _each in range(4)}
    assert len(drawn) > 1


@pytest.mark.parametrize(
    ("rules", "facts"),
    [
        ([DrawRule(4, 1)], {"number": 1, "wanted": 4, "found": 3}),
        ([DrawRule(2, 1), DrawRule(2, 1, "法规")], {"number": 2, "wanted": 2, "found": 1}),
        ([DrawRule(1, 1), DrawRule(1, 1, kind=ItemKind.FILL)], {"number": 2, "wanted": 1, "found": 0}),
    ],
)
def test_too_few_are_refused_with_the_rule_that_wants_them(rules: list[DrawRule], facts: dict[str, int]) -> None:
    with pytest.raises(TooFewItems) as refused:
        draws(rules, [law(number) for number in range(3)])
    assert refused.value.facts == facts


@given(_POOLS, st.booleans(), st.booleans(), st.integers())
def test_arranging_loses_nothing(pool: list[Drawable], questions: bool, choices: bool, seed: int) -> None:  # noqa: FBT001
    items = [(item, number + 1) for number, item in enumerate(pool)]
    drawn = arrange(items, dice(seed), shuffle_questions=questions, shuffle_choices=choices)
    assert sorted((one.version_id, one.points) for one in drawn) == [
        (item.version_id, points) for item, points in items
    ]
    if not questions:
        assert [one.points for one in drawn] == [points for _item, points in items]
    kinds = {item.version_id: item.kind for item in pool}
    for one in drawn:
        whole = LETTERS[:4] if kinds[one.version_id] in {ItemKind.SINGLE, ItemKind.MULTIPLE} else ""
        assert "".join(sorted(one.order)) == whole
        assert choices or one.order == whole
