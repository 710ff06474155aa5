"""A small bank, a paper and a sitting for the section A1, written by the product's own actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.core.access import system_actor
from scheduler.core.periods import Span
from scheduler.quizzes.actions.papers import create_paper
from scheduler.quizzes.actions.sittings import plan_sitting
from scheduler.quizzes.models import Item, ItemVersion, Sitting
from scheduler.quizzes.terms.bank import Difficulty, ItemKind
from scheduler.quizzes.terms.papers import PaperPlan
from scheduler.quizzes.terms.sittings import SittingPlan, SittingRules

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = system_actor("tests")
CANARY = "金丝雀"
"""In every key field of the bank: it may appear in no answer before the release."""


@dataclass(frozen=True)
class Stage:
    """Ids of the sitting, its paper and the versions of its items by kind."""

    sitting_id: int
    paper_id: int
    activity_id: int
    versions: dict[ItemKind, int]


def fill_bank(session: "Session", *, now: datetime) -> dict[ItemKind, tuple[int, int]]:
    """Write one item of each type and return (item id, version id) of each."""
    made = {}
    for kind, facts in _ITEMS.items():
        item = Item(kind=kind, topic="培训评估", difficulty=Difficulty.EASY, digest=kind.value)
        session.add(item)
        session.flush()
        version = ItemVersion(item_id=item.id, number=1, kind=kind, made_at=now, explanation=CANARY, **facts)
        session.add(version)
        session.flush()
        made[kind] = (item.id, version.id)
    return made


_ITEMS: dict[ItemKind, dict[str, Any]] = {
    ItemKind.SINGLE: {"stem": "合格率低于多少的单位重新培训？", "choices": ["60%", "70%", "80%", "90%"], "key": "C"},
    ItemKind.MULTIPLE: {
        "stem": "学习机制包括哪些？",
        "choices": ["每日一题", "每周一课", "每月一考", "每季一赛"],
        "key": "ABC",
    },
    ItemKind.TRUE_FALSE: {"stem": "替训必须经过批准。", "key": "T"},
    ItemKind.FILL: {"stem": "导师每月至少指导____次。", "accepted": ["2", "两", CANARY]},
    ItemKind.SHORT: {"stem": "写出组织一次现场教学的步骤。"},
}
POINTS = {ItemKind.SINGLE: 2, ItemKind.MULTIPLE: 3, ItemKind.TRUE_FALSE: 1, ItemKind.FILL: 2, ItemKind.SHORT: 4}


def set_stage(
    session: "Session",
    cast: "Cast",
    *,
    opens: datetime,
    hours: int = 2,
    now: datetime,
    without: frozenset[ItemKind] = frozenset(),
    unit: str = "A1",
    **rules: Any,
) -> Stage:
    """Hold a fixed paper of one item of each type (but `without`) for a unit."""
    bank = fill_bank(session, now=now)
    items = tuple((bank[kind][0], points) for kind, points in POINTS.items() if kind not in without)
    paper = create_paper(session, SYSTEM, PaperPlan("考卷", items=items), now=now)
    sitting: Sitting = plan_sitting(
        session,
        SYSTEM,
        SittingPlan(
            "每月一考",
            paper.id,
            Span(opens, opens + timedelta(hours=hours)),
            cast.units["A"],
            unit_ids=(cast.units[unit],),
            rules=SittingRules(**rules),
        ),
        installation_id="test.local",
        zone=ZONE,
        now=now,
    )
    return Stage(sitting.id, paper.id, sitting.activity_id, {kind: version for kind, (_item, version) in bank.items()})
