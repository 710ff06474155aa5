"""What a programme of mentoring settles, and what a new one begins with."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from scheduler.core.errors import lazy


class WordsFor(StrEnum):
    """Who may read the words of guidance records; dates, areas and counts are for all who see the pairing."""

    PAIR = "pair"
    PAIR_AND_OFFICER = "pair_and_officer"
    """Also the training officers of the pair's units."""
    PAIR_AND_OFFICE = "pair_and_office"
    """Also the training office."""


WORDS_NAMES = {
    WordsFor.PAIR: lazy("Mentor and mentee only"),
    WordsFor.PAIR_AND_OFFICER: lazy("The pair and the training officers of their units"),
    WordsFor.PAIR_AND_OFFICE: lazy("The pair and the training office"),
}
"""The message id of each rule."""


class Named(NamedTuple):
    """A row of a programme's list: content area, way of guidance, reason for an end."""

    code: str
    name_zh: str
    name_en: str


AREAS = (
    Named("policy", "政策解读", "Policy interpretation"),
    Named("review", "项目评审", "Project review"),
    Named("writing", "公文写作", "Official writing"),
    Named("planning", "项目策划", "Project planning"),
    Named("research", "调查研究", "Field research"),
    Named("coordination", "沟通协调", "Coordination and communication"),
    Named("enterprises", "服务企业", "Service to enterprises"),
    Named("integrity", "廉洁自律", "Discipline and integrity"),
)
"""The eight content areas that a new programme begins with; its rows can be edited."""

MODES = (
    Named("talk", "面谈", "Conversation"),
    Named("practice", "实务带教", "At work together"),
    Named("draft", "批改文稿", "Draft reviewed"),
    Named("visit", "调研走访", "Field visit"),
    Named("online", "电话或线上", "Phone or online"),
    Named("seminar", "集体研讨", "Group discussion"),
)
"""The ways of guidance that a new programme begins with."""

LEFT_CODE = "leave"
"""The reason for an end when somebody leaves the staff."""
END_REASONS = (
    Named("transfer", "岗位调整", "Change of post"),
    Named(LEFT_CODE, "离职或退休", "Left or retired"),
    Named("health", "健康原因", "Health"),
    Named("rematch", "重新结对", "Re-match"),
    Named("withdrawn", "撤回提议", "Proposal withdrawn"),
    Named("other", "其他", "Other"),
)
"""The reasons for an early end that a new programme begins with."""


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """What a programme settles, as typed; `areas` and `modes` are lines of (Chinese, English) in their order."""

    name_zh: str
    name_en: str
    duty: int
    capacity: int
    grace_days: int
    words_for: WordsFor
    starts_on: date | None
    ends_on: date | None
    areas: tuple[tuple[str, str], ...]
    modes: tuple[tuple[str, str], ...]
