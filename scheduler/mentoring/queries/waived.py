"""Why a pairing owes nothing in a month. Waivers are kept above this package, which says here how to ask for them."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, null

Asking = Callable[[SQLColumnExpression[int], "date | ColumnElement[date]"], ColumnElement[str]]
"""Returns the reason, as a column beside the pairing (its id) in a month (its first day); null where all is owed."""


def _nobody(_pairing: SQLColumnExpression[int], _month: date | ColumnElement[date]) -> ColumnElement[str]:
    return cast(null(), String)


_known: list[Asking] = [_nobody]


def waivers_are_told_by(asking: Asking) -> None:
    """Let `asking` say from now on which pairings owe nothing, and why."""
    _known[:] = [asking]


def how_to_ask() -> Asking:
    """Return what tells the reason of a waiver."""
    return _known[0]
