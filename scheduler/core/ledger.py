"""The form in which each slice shows what was done towards what is owed, and the arithmetic that the database does.

A ledger is one select of all that bears on a period, with what counts for nothing and why. Summed it is a figure;
as it stands it is the proof behind that figure.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import expression

Ledger = Select[int, "date | datetime", int, int, str, str, "str | None"]
"""Rows of subject id, day, amount, excused, label, address and the reason why it is barred."""


def ledger(
    subject: SQLColumnExpression[int],
    day: SQLColumnExpression[date] | SQLColumnExpression[datetime],
    *,
    address: SQLColumnExpression[str],
    label: SQLColumnExpression[str] | str = "",
    barred: SQLColumnExpression[str] | None = None,
    excused: int = 0,
) -> Ledger:
    """Return the select of a ledger, for the caller to complete with joins and conditions; each row is one of the thing.

    `subject` is the id of who is credited (the evaluator adds up units below), `day` a civil day or an instant, `address`
    the page of the row, `label` what it is called, `barred` the message id of why it counts for nothing (null if it
    counts). A row that is `excused` instead lowers what is owed by so many: it is barred and has its reason.
    """
    return select(
        subject.label("subject_id"),
        day.label("day"),
        literal(0 if excused else 1).label("amount"),
        literal(excused).label("excused"),
        (literal(label) if isinstance(label, str) else label).label("label"),
        address.label("address"),
        (cast(null(), String) if barred is None else barred).label("barred"),
    )


def address(before: str, key: SQLColumnExpression[int], after: str = "") -> ColumnElement[str]:
    """Return the path of the page of a row: `before`, the row's id, `after`."""
    path = literal(before) + cast(key, String)
    return path + literal(after) if after else path


def barred_when(*cases: tuple[ColumnElement[bool], str]) -> ColumnElement[str]:
    """Return the message id of the first condition that holds; null where none does."""
    return case(*((condition, literal(reason)) for condition, reason in cases), else_=cast(null(), String))


def summed(rows: Subquery) -> Select[int, int, int]:
    """Return a select of (subject id, counted, excused) for the rows of a ledger that count or excuse."""
    counted = func.sum(case((rows.c.barred.is_(None), rows.c.amount), else_=0))
    return select(rows.c.subject_id, counted.label("counted"), func.sum(rows.c.excused).label("excused")).group_by(
        rows.c.subject_id
    )


def earlier(one: SQLColumnExpression[date], other: SQLColumnExpression[date]) -> ColumnElement[date]:
    """Return the earlier of two days, alike on both engines; neither is null."""
    return _Least(one, other, type_=Date())


def later(one: SQLColumnExpression[date], other: SQLColumnExpression[date]) -> ColumnElement[date]:
    """Return the later of two days, alike on both engines; neither is null."""
    return _Greatest(one, other, type_=Date())


def at_least(least: int, value: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return `value`, or `least` where it is less; it is not null."""
    return _Greatest(value, literal(least), type_=Integer())


class _Greatest(expression.FunctionElement[Any]):
    """The greatest of its clauses, each of which is computed once."""

    inherit_cache = True

    def __init__(self, *clauses: SQLColumnExpression[Any], type_: Date | Integer) -> None:
        super().__init__(*clauses)
        self.type = type_


class _Least(_Greatest):
    """The least of its clauses, each of which is computed once."""

    inherit_cache = True


@compiles(_Greatest)
def _greatest(element: _Greatest, compiler: expression.ClauseElement, **options: object) -> str:
    return f"greatest({_listed(element, compiler, options)})"


@compiles(_Greatest, "sqlite")
def _sqlite_greatest(element: _Greatest, compiler: expression.ClauseElement, **options: object) -> str:
    return f"max({_listed(element, compiler, options)})"


@compiles(_Least)
def _least(element: _Least, compiler: expression.ClauseElement, **options: object) -> str:
    return f"least({_listed(element, compiler, options)})"


@compiles(_Least, "sqlite")
def _sqlite_least(element: _Least, compiler: expression.ClauseElement, **options: object) -> str:
    return f"min({_listed(element, compiler, options)})"


def _listed(element: _Greatest, compiler: expression.ClauseElement, options: Mapping[str, object]) -> str:
    return ", ".join(compiler.process(one, **options) for one in element.clauses)  # type: ignore[attr-defined]  # the compiler of the dialect


class DaysBetween(expression.FunctionElement[int]):
    """The number of days from one day to another; negative where that is earlier."""

    type = Integer()
    inherit_cache = True

    def __init__(self, start: SQLColumnExpression[date], end: SQLColumnExpression[date]) -> None:
        super().__init__(start, end)


@compiles(DaysBetween, "sqlite")
def _sqlite_days(element: DaysBetween, compiler: expression.ClauseElement, **options: object) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)  # type: ignore[attr-defined]  # the compiler of the dialect
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _postgresql_days(element: DaysBetween, compiler: expression.ClauseElement, **options: object) -> str:
    start, end = (compiler.process(one, **options) for one in element.clauses)  # type: ignore[attr-defined]  # as above
    return f"(({end}) - ({start}))"


def day_value(day: date) -> ColumnElement[date]:
    """Return a day as a value of a statement, typed for the database."""
    return literal(day, Date())
