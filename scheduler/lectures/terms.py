"""The vocabulary of lecture series."""

from enum import StrEnum


class Reach(StrEnum):
    """How far a change of one evening goes."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class HolidayChoice(StrEnum):
    """What a person decides about an evening that falls on a public holiday."""

    SKIP = "skip"
    MOVE = "move"
    KEEP = "keep"
