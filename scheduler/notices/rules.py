"""How a notice is put into words."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"%\((\w+)\)s")


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """Return `sentence` with its %(name)s places filled; a fact that is missing shows as an ellipsis, never fails.

    Notices outlive the code that wrote them, so an old one may lack what a new sentence asks for.
    """
    return _PLACE.sub(lambda place: str(facts.get(place[1], "…")), sentence).replace("%%", "%")
