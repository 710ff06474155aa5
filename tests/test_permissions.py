"""The permission table against the product: every route x role x relation, and no route without a row."""

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from tests import permissions
from tests.cast import Cast, Persona
from tests.permissions.table import Row, no_stage

if TYPE_CHECKING:
    from flask import Flask

# Who may do what is decided before the database is asked, so one engine is enough.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_SLICES = [
    import_module(f"tests.permissions.{found.name}")
    for found in pkgutil.iter_modules(permissions.__path__)
    if found.name != "table"
]
_ROWS = [pytest.param(module, row, id=f"{row.method} {row.endpoint}") for module in _SLICES for row in module.ROWS]


def test_each_route_has_a_row_or_is_public_for_a_reason(app: "Flask") -> None:
    listed = {(row.endpoint, row.method) for module in _SLICES for row in module.ROWS}
    public = {endpoint for module in _SLICES for endpoint in getattr(module, "PUBLIC", ())}
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    declared = {endpoint for endpoint, _ in routes if getattr(app.view_functions[endpoint], "public", None)}
    assert sorted(declared ^ public) == []
    assert sorted({route for route in routes if route[0] not in public} ^ listed) == []


@pytest.mark.parametrize(("module", "row"), _ROWS)
def test_row_of_the_table(app: "Flask", cast: Cast, module: ModuleType, row: Row) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with cast.database.write() as session:
        things = getattr(module, "stage", no_stage)(session, cast)
    wrong = []
    for relation, allowed in row.allowed.items():
        for persona in Persona:
            expected = row.answer if persona in allowed else 404
            client = cast.sign_in(app.test_client(), persona)
            with app.test_request_context():
                address = app.url_for(row.endpoint, **row.where(cast, things, persona, relation))
            sent = {name: str(things.get(f"{value} {relation}", value)) for name, value in row.form.items()}
            answer = client.open(address, method=row.method, data=sent if row.method == "POST" else None)
            if answer.status_code != expected:
                wrong.append(f"{persona} {relation} {address}: {answer.status_code}, expected {expected}")
    assert wrong == []
