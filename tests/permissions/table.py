"""The form of a row, and the words in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Relation(StrEnum):
    """How the thing that a route is about stands to who asks."""

    NONE = "none"
    """The route is about no particular thing."""
    OWN = "own"
    """It is the asking person's own."""
    SAME = "same"
    """It belongs to the section A1 (in the bureau A), not to the asking person."""
    OTHER = "other"
    """It belongs to the bureau B."""
    MISSING = "missing"
    """There is no such thing."""


MISSING_ID = 10**9
EVERYBODY = frozenset(Persona)
WITH_ROLE = EVERYBODY - {Persona.CHARLIE}
ADMIN = frozenset({Persona.ADMIN})
OFFICERS = frozenset({Persona.ADMIN, Persona.OFFICER})
READERS = frozenset({Persona.ADMIN, Persona.OFFICER, Persona.LEADER})
NOBODY: frozenset[Persona] = frozenset()

Things = Mapping[str, int | str]
"""Ids of what a slice's `stage` put into the database, by names of its own."""
Where = Callable[[Cast, Things, Persona, Relation], dict[str, Any]]


def nowhere(_cast: Cast, _things: Things, _persona: Persona, _relation: Relation) -> dict[str, Any]:
    """Return the address parts of a route that has none."""
    return {}


def no_stage(_session: "Session", _cast: Cast) -> Things:
    """Add nothing to the cast."""
    return {}


@dataclass(frozen=True)
class Row:
    """One route and method. `allowed`: who is let in, for each relation that makes sense; all others get 404.

    `answer` is the status that those let in get: a POST is sent `form`, empty unless the row says otherwise, so a form
    answers 422; a value `x` for which the stage keeps a thing `x same` or `x other` is sent as its id. Signed out, a protected route leads to the sign-in page and does nothing.
    """

    endpoint: str
    method: str
    allowed: Mapping[Relation, frozenset[Persona]]
    answer: int
    where: Where = nowhere
    form: Mapping[str, str] = field(default_factory=dict)


def get(endpoint: str, who: frozenset[Persona], *, answer: int = 200, where: Where = nowhere) -> Row:
    """Return the row of a page about nothing in particular."""
    return Row(endpoint, "GET", {Relation.NONE: who}, answer, where)


def post(endpoint: str, who: frozenset[Persona], *, answer: int = 302, where: Where = nowhere, **form: str) -> Row:
    """Return the row of an act on nothing in particular."""
    return Row(endpoint, "POST", {Relation.NONE: who}, answer, where, form)


def about(
    endpoint: str,
    method: str,
    where: Where,
    answer: int,
    *,
    same: frozenset[Persona],
    other: frozenset[Persona],
    own: frozenset[Persona] | None = None,
    **form: str,
) -> Row:
    """Return the row of a route about a thing; a thing that is missing is there for nobody."""
    allowed = {Relation.SAME: same, Relation.OTHER: other, Relation.MISSING: NOBODY}
    if own is not None:
        allowed[Relation.OWN] = own
    return Row(endpoint, method, allowed, answer, where, form)
