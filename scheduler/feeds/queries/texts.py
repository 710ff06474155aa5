"""The kept texts of a calendar's events: joined by the database, or one by one where some must be made first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import LargeBinary, Row, Select, and_, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import expression

from scheduler.agenda.models import Activity
from scheduler.agenda.queries.visibility import Bounds
from scheduler.agenda.terms import LONGEST
from scheduler.core.database import UtcDateTime, plain_rows
from scheduler.core.periods import Span
from scheduler.feeds.models import EventText
from scheduler.feeds.queries.contents import Choice
from scheduler.feeds.queries.prepared import prepared
from scheduler.feeds.terms import Language


class _Joined(expression.FunctionElement[bytes]):
    """Bytes of all rows, one after the other."""

    type = LargeBinary()
    inherit_cache = True


@compiles(_Joined, "sqlite")
def _joined_by_sqlite(element: _Joined, compiler: Any, **options: Any) -> str:
    return f"CAST(group_concat({compiler.process(element.clauses, **options)}, '') AS BLOB)"


@compiles(_Joined, "postgresql")
def _joined_by_postgresql(element: _Joined, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ''::bytea)"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the texts of a calendar lie, in one language and edition.

    With `among`, those of activities that start after its start and before its end.
    """

    choice: Choice
    language: Language
    edition: str
    among: Span | None = None

    def slices(self, session: Session, size: int) -> "list[Shelf]":
        """Return shelves that hold together the same, in the same order; one statement.

        Each holds at most `size` activities, and those more that start at the same instant as its first.
        """
        instant = timedelta(microseconds=1)
        found = plain_rows(session, prepared(session, _every, self.choice, size))
        # what overlaps the window may have begun before it; the rest of the first is what no other holds
        edges = [self.choice.span.start - LONGEST, *(row[0] for row in found[1:]), self.choice.span.end]
        return [
            Shelf(self.choice, self.language, self.edition, Span(since - instant, until))
            for since, until in pairwise(edges)
        ]


def _every(choice: Choice, size: int) -> Select[Any]:
    """Select the instants at which each `size`-th activity of a calendar starts, the first among them; each once."""
    number = func.row_number().over(order_by=Activity.starts_at)
    numbered = select(Activity.starts_at, number.label("number")).where(choice.condition()).subquery()
    return select(numbered.c.starts_at).where(numbered.c.number % size == 1).distinct().order_by(numbered.c.starts_at)


def joined_texts(session: Session, shelf: Shelf) -> bytes | None:
    """Return all texts in the order of the calendar; None if some are not kept. One statement, one row.

    Rows cost more than what they hold: a database driver hands them over one by one, and lets other threads in
    between.
    """
    events, kept, joined = _rows(session, _joined, shelf)[0]
    return (joined or b"") if events == kept else None


def kept_texts(session: Session, shelf: Shelf) -> Sequence[Row[int, bytes | None]]:
    """Return (activity id, kept bytes or None) in the order of the calendar; one statement."""
    return cast("Sequence[Row[int, bytes | None]]", _rows(session, _kept, shelf))


def _rows(session: Session, build: Any, shelf: Shelf) -> Sequence[Row[*tuple[Any, ...]]]:
    among = shelf.among
    statement = prepared(session, build, shelf.choice, shelf.language, shelf.edition, among is not None)
    return plain_rows(session, statement, **({} if among is None else {"since": among.start, "until": among.end}))


def _joined(choice: Choice, language: Language, edition: str, sliced: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 - `prepared` hands over by position
    kept = _kept(choice, language, edition, sliced).subquery()
    return select(
        func.count().label("events"), func.count(kept.c.body).label("kept"), _Joined(kept.c.body).label("joined")
    ).select_from(kept)


def _kept(choice: Choice, language: Language, edition: str, sliced: bool) -> Select[int, bytes | None]:  # noqa: FBT001 - the same
    since, until = (bindparam(name, None, type_=UtcDateTime()) for name in ("since", "until"))
    bounds = Bounds(since, choice.span.start, until) if sliced else None
    return (
        select(Activity.id, EventText.body)
        .outerjoin(
            EventText,
            and_(
                EventText.activity_id == Activity.id,
                EventText.language == language,
                EventText.revised_at == Activity.revised_at,
                EventText.edition == edition,
            ),
        )
        .where(choice.condition(bounds))
        .order_by(Activity.starts_at, Activity.id)
    )
