"""Whatever somebody writes into an address is answered: with a page, with "no such page", never with a fault."""

from typing import TYPE_CHECKING

from werkzeug.routing import IntegerConverter

from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

HUGE = (2**31, 10**30)


def test_a_number_beyond_every_row_is_no_such_page(app: "Flask", client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.ADMIN)
    astray = []
    for rule in app.url_map.iter_rules():
        numbers = [name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)]  # noqa: SLF001 - werkzeug shows it nowhere else
        if not numbers or "GET" not in (rule.methods or ()):
            continue
        for huge in HUGE:
            values = {name: huge if name in numbers else "x" for name in rule.arguments}
            built = rule.build(values)
            assert built is not None, rule
            status = client.get(built[1]).status_code
            if status != 404:
                astray.append(f"{built[1]}: {status}")
    assert astray == []


_PLACES = (
    ("/people", "page"),
    ("/people", "unit"),
    ("/people/add", "unit"),
    ("/units/add", "parent"),
    ("/lecturers", "page"),
    ("/venues", "page"),
    ("/classes", "page"),
    ("/classes", "year"),
    ("/mentoring/pairings", "page"),
    ("/mentoring/pairings", "programme"),
    ("/mentoring/months", "page"),
    ("/mentoring/months", "unit"),
    ("/notices", "page"),
    ("/office/bots", "page"),
    ("/office/", "year"),
    ("/calendar/update", "year"),
)
_QUESTIONS = (
    *(f"{path}?{name}={number}" for path, name in _PLACES for number in (-1, 0, 10_000, 10**30)),
    *(
        f"/schedule?view={view}&day={day}"
        for view in ("week", "month", "list")
        for day in ("0001-01-01", "9999-12-31", "10000-01-01")
    ),
    *(f"/mentoring/months?month={month}" for month in ("0001-01-01", "9999-12-31", "2026-13", "2026-10", "x")),
    "/export?from=9999-12-31",
    "/export/print?from=9999-12-31&to=9999-12-31",
    "/export/print?from=0001-01-01&to=0001-01-02",
)


def test_an_odd_question_is_answered(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.ADMIN)
    answers = {question: client.get(question).status_code for question in _QUESTIONS}
    assert {question: status for question, status in answers.items() if status >= 500} == {}
