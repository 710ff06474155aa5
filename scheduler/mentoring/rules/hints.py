"""Signs of records that are written for the record's sake; for the author alone, and only the latest record can raise one."""

from collections.abc import Sequence

from scheduler.core.periods import next_month
from scheduler.core.text import fold
from scheduler.mentoring.terms.hints import Advice, Hint, Past

ALIKE_FROM = 0.8
"""Share of common pairs of characters from which two texts read alike: a word or a date changed in a sentence or two."""
SHORTEST = 8
"""Shorter texts are alike only if they are the same."""
IN_A_ROW = 4
"""Records about one and the same area before another is suggested."""
LAST_DAYS = 2
"""Days at the end of a month on which filing for several days is a burst; so is all filing after it."""


def advise(records: Sequence[Past]) -> tuple[Advice, ...]:
    """Return what to tell the mentor about the records of one pairing, the latest first as they come in."""
    if not records:
        return ()
    latest, *earlier = records
    found = []
    if any(are_alike(latest.text, one.text) for one in earlier if not _is_joint(latest, one)):
        found.append(Advice(Hint.ALIKE))
    if _is_burst(latest, earlier):
        found.append(Advice(Hint.BURST))
    row = records[:IN_A_ROW]
    if len(row) == IN_A_ROW and len({one.area_ids for one in row}) == 1 and len(latest.area_ids) == 1:
        found.append(Advice(Hint.ONE_AREA, latest.area_ids[0]))
    return tuple(found)


def are_alike(one: str, other: str) -> bool:
    """Tell whether two texts read alike: width, case, blanks and punctuation aside, most pairs of characters are common."""
    first, second = _bare(one), _bare(other)
    if first == second:
        return True
    if min(len(first), len(second)) < SHORTEST:
        return False
    pairs, others = _pairs(first), _pairs(second)
    return len(pairs & others) >= ALIKE_FROM * len(pairs | others)


def _is_burst(latest: Past, earlier: Sequence[Past]) -> bool:
    """Tell whether records of several days were filed on one day that is the end of their month, or later."""
    end = next_month(latest.day)
    same = {
        one.day
        for one in earlier
        if one.filed_on == latest.filed_on and one.day.replace(day=1) == latest.day.replace(day=1)
    }
    return bool(same - {latest.day}) and (end - latest.filed_on).days <= LAST_DAYS


def _is_joint(one: Past, other: Past) -> bool:
    return one.meeting is not None and one.meeting == other.meeting


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
