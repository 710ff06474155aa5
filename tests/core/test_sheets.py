"""Every list can be taken away as a sheet, as filtered, by those who may see it."""

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from scheduler.core.sheets import XLSX, sheet
from tests.cast import Cast, Persona

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LISTS = ("/people", "/units", "/lecturers", "/venues", "/classes", "/lectures")


def rows_of(body: bytes) -> list[tuple[object, ...]]:
    page = load_workbook(io.BytesIO(body)).active
    assert page is not None
    return list(page.iter_rows(values_only=True))


def test_what_looks_like_a_formula_stays_text() -> None:
    assert rows_of(sheet("list", ["A", "B"], [("=1+1", 7), ("@x", None)])) == [
        ("A", "B"),
        ("=1+1", "7"),
        ("@x", ""),
    ]


@pytest.mark.parametrize("address", LISTS)
def test_every_list_is_a_sheet_as_well(client: "FlaskClient", cast: Cast, address: str) -> None:
    cast.sign_in(client, Persona.ADMIN)
    assert f"{address}?as=xlsx" in client.get(address).text
    answer = client.get(f"{address}?as=xlsx")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="list.xlsx"')
    heading, *_rows = rows_of(answer.data)
    assert all(heading)


def test_a_sheet_holds_what_the_list_is_filtered_to(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.ADMIN)
    everybody = rows_of(client.get("/people?as=xlsx").data)
    code, name = next((row[0], row[1]) for row in rows_of(client.get("/units?as=xlsx").data)[1:] if row[0] != "CITY")
    assert len(everybody) > len(rows_of(client.get(f"/people?q={everybody[1][0]}&as=xlsx").data)) == 2
    assert rows_of(client.get(f"/units?q={code}&as=xlsx").data)[1][:2] == (code, name)
    page = client.get(f"/units?q={code}").text
    assert str(name) in page
    assert "xlsx" in page
    assert client.get("/units?q=no-such-unit").status_code == 200


def test_a_sheet_is_for_those_who_may_see_the_list(client: "FlaskClient", cast: Cast) -> None:
    cast.sign_in(client, Persona.TRAINEE)
    assert client.get("/people?as=xlsx").status_code == 404
