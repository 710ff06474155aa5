"""Items that are nearly the same: by the three-letter parts that their stems share."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil

from scheduler.core.text import fold

LIKENESS = 0.8
"""Of two stems: the parts in both, of the parts in either."""
_LENGTH = 3
_MOST_COMPARED = 300
_MOST_LETTERS = 400


def shingles(stem: str) -> frozenset[str]:
    """Return the parts of three letters of a folded stem, of its first 400 letters; a shorter one is a part of its own."""
    folded = fold(stem)[:_MOST_LETTERS]
    return frozenset(folded[start : start + _LENGTH] for start in range(max(1, len(folded) - _LENGTH + 1)))


def find_alike(new: Sequence[str], known: Iterable[str] = ()) -> dict[int, int]:
    """Return for each of the stems in `new` that is nearly another's the place of that other, one for each.

    Places in `new` itself come back as negative numbers: -1 is its first stem; only earlier ones are named. Not every pair is compared: two stems that are alike share one of their rarest parts, so only those are
    looked up; 5,000 stems take about a second. At most 300 candidates are compared for a stem, the likeliest first.
    """
    parts_known, parts_new = [shingles(stem) for stem in known], [shingles(stem) for stem in new]
    counts = Counter(part for parts in (*parts_known, *parts_new) for part in parts)
    index: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for place, parts in enumerate(parts_known):
        for part in _rarest(parts, counts):
            index.setdefault(part, []).append((place, parts))
    alike: dict[int, int] = {}
    for place, parts in enumerate(parts_new):
        rarest = _rarest(parts, counts)
        found = _first_alike(parts, rarest, index)
        if found is not None:
            alike[place] = found
        for part in rarest:
            index.setdefault(part, []).append((-place - 1, parts))
    return alike


def _rarest(parts: frozenset[str], counts: Counter[str]) -> list[str]:
    """Return as many of the rarest parts as two stems that are alike cannot both be without."""
    return sorted(parts, key=lambda part: (counts[part], part))[: len(parts) - ceil(LIKENESS * len(parts)) + 1]


def _first_alike(
    parts: frozenset[str], rarest: Sequence[str], index: dict[str, list[tuple[int, frozenset[str]]]]
) -> int | None:
    seen: set[int] = set()
    for part in rarest:
        for place, others in index.get(part, ()):
            if place in seen:
                continue
            if len(seen) >= _MOST_COMPARED:
                return None
            seen.add(place)
            common = len(parts & others)
            if common >= LIKENESS * (len(parts) + len(others) - common):
                return place
    return None
